import type { Logic } from '../decision/logic.ts';
import type { CaseResult } from './run-case.ts';

export interface RuleReach {
  readonly table: string;
  readonly rule: string;
  /** The cases that pass and were decided by it. That proves little: they may pass with another bound, too. */
  readonly by: readonly string[];
}

/** Every rule of a SOP, in the order of its tables. */
export function rulesReached(sop: string, { tables }: Logic, results: readonly CaseResult[]): RuleReach[] {
  const by = new Map<string, Set<string>>();
  for (const { entry, decided } of passed(sop, results))
    for (const { decision } of decided)
      for (const { table, rules } of decision.trail)
        for (const rule of rules) {
          const key = `${table}/${rule}`;
          by.set(key, (by.get(key) ?? new Set<string>()).add(entry.name.value));
        }
  return tables.flatMap((table) =>
    table.rules.map(({ id }) => ({ table: table.name, rule: id, by: [...(by.get(`${table.name}/${id}`) ?? [])] })),
  );
}

/** The results of a SOP's cases that came out as they must. */
export function passed(sop: string, results: readonly CaseResult[]): CaseResult[] {
  return results.filter(
    (result) => result.sop === sop && (result.outcome === 'caught' || result.outcome === 'left_alone'),
  );
}
