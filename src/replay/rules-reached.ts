import type { Logic } from '../decision/logic.ts';
import type { CaseResult } from './run-case.ts';

export interface RuleReach {
  readonly table: string;
  readonly rule: string;
  /** A case that passed was decided by it. That proves little: the case may pass with another bound, too. */
  readonly reached: boolean;
}

/** Every rule of a SOP, in the order of its tables. */
export function rulesReached(sop: string, { tables }: Logic, results: readonly CaseResult[]): RuleReach[] {
  const passed = results.filter(
    (result) => result.sop === sop && (result.outcome === 'caught' || result.outcome === 'left_alone'),
  );
  const reached = new Set(
    passed.flatMap((result) =>
      result.decided.flatMap(({ decision }) =>
        decision.trail.flatMap((step) => step.rules.map((rule) => `${step.table}/${rule}`)),
      ),
    ),
  );
  return tables.flatMap((table) =>
    table.rules.map(({ id }) => ({ table: table.name, rule: id, reached: reached.has(`${table.name}/${id}`) })),
  );
}
