import type { CheckedSop } from '../../check/checked.ts';
import { type Change, compareLogic } from '../../decision/compare/compare.ts';
import type { Logic } from '../../decision/logic.ts';
import type { Desk } from '../../model/library.ts';
import type { Obligation } from '../obligation.ts';
import { budget, witnessOf } from './judge.ts';
import { type Scope, scopesIn } from './scope.ts';
import { withTable } from './variant.ts';

/** What no rule decides: wherever an `else` would change the answer. No case proves it away; a rule does. */
export function gaps(checked: CheckedSop, desk: Desk): Obligation[] {
  const { sop, logic } = checked;
  const table = sop.tables.at(-1);
  if (table === undefined || logic.tables.at(-1)?.otherwise !== null) return [];
  return scopesIn(checked).flatMap((scope) => {
    const { changes, open } = compareLogic(scope.logic, withElse(scope.logic, desk), desk, budget, 'answers alone');
    const found = changes.filter(({ before }) => before.kind === 'undecided').map((change) => gapOf(change, scope));
    const rest = open.length === 0 ? [] : [{ where: 'more', state: 'undecided', witness: null } as const];
    return [...found, ...rest].map(({ where, state, witness }): Obligation => {
      const inSegment = scope.name === null ? '' : ` in ${scope.name}`;
      return {
        id: `gap/${table.name.value}${inSegment}/${where}`,
        kind: 'gap',
        table: table.name.value,
        rule: null,
        column: null,
        span: table.headerSpan,
        replacement: null,
        says:
          state === 'open'
            ? `no rule decides ${where}${inSegment}`
            : `there may be more that no rule decides${inSegment}`,
        state,
        by: [],
        witness,
        needs: null,
      };
    });
  });
}

function gapOf(change: Change, scope: Scope) {
  const { cells } = change.region;
  const where = cells.length === 0 ? 'anything' : cells.map(({ column, text }) => `${column} ${text}`).join(', ');
  return { where, state: 'open', witness: { ...witnessOf(change, scope), after: 'not known' } } as const;
}

function withElse(logic: Logic, { dispositions, severities }: Desk): Logic {
  const words: Readonly<Record<string, string | undefined>> = { disposition: dispositions[0], severity: severities[0] };
  return withTable(logic, logic.tables.length - 1, (table) => ({
    ...table,
    otherwise: { id: 'else', tests: [], outputs: table.outputs.map(({ name }) => words[name] ?? null) },
  }));
}
