import type { LogicRule } from '../logic.ts';
import { answerKey } from './answer.ts';
import type { Side, SideRule } from './side.ts';
import { type Box, isMet, type TableState } from './table-state.ts';

/** The key of the one answer that a side gives over a whole box; null where there may be several. */
export function onlyAnswer(side: Side, states: readonly TableState[], box: Box): string | null {
  const found = new Set<string>();
  const allowed = box.map((there, axis) => there & (side.allowed[axis] ?? 0n));
  if (allowed.some((there) => there === 0n)) return 'invalid';
  if (allowed.some((there, axis) => there !== box[axis])) found.add('invalid');
  for (const state of states) {
    if (state.conflict === 'surely') return 'invalid';
    if (state.conflict === 'maybe') found.add('invalid');
  }
  const last = states.at(-1);
  if (last === undefined || !addAnswers(last, found)) return null;
  const [only] = found;
  return found.size === 1 && only !== undefined ? only : null;
}

/** False where what the table may say is not known. One answer too many is enough. */
function addAnswers(last: TableState, found: Set<string>): boolean {
  const { policy } = last.table;
  if (policy === 'F' || policy === 'U' || policy === 'A') {
    if (!last.live.some(isMet)) found.add(keyOf(last, []));
    for (const { rule } of last.live) {
      if (found.size > 1) return true;
      found.add(keyOfRule(last, rule));
    }
    return true;
  }
  if (!last.live.every(isMet)) return false;
  found.add(
    keyOf(
      last,
      last.live.map(({ rule }) => rule.rule),
    ),
  );
  return true;
}

const known = new WeakMap<SideRule, string>();

function keyOfRule(state: TableState, rule: SideRule): string {
  const key = known.get(rule) ?? keyOf(state, [rule.rule]);
  known.set(rule, key);
  return key;
}

function keyOf({ table }: TableState, rules: readonly LogicRule[]): string {
  const given = table.hits(rules);
  if (given.kind === 'conflict') return answerKey({ kind: 'invalid' });
  if (given.kind === 'no_rule') return answerKey({ kind: 'undecided' });
  const output = (name: string) => String(given.outputs[table.table.outputs.findIndex((entry) => entry.name === name)]);
  return answerKey({ kind: 'decided', disposition: output('disposition'), severity: output('severity') });
}
