import { nearest } from '../text/nearest.ts';
import type { DmnDecision, DmnModel } from './dmn-model.ts';
import { plainName } from './own-names.ts';
import { type Taken, taken, untaken } from './taken.ts';

/** The decision that is meant: the named one, or the only one that no other needs. */
export function chooseDecision(model: DmnModel, wanted: string | undefined): Taken<DmnDecision> {
  const { decisions } = model;
  const names = decisions.map(({ name }) => name);
  if (decisions.length === 0) return untaken('there is no decision in it');
  if (wanted !== undefined) {
    const found =
      decisions.find(({ name }) => plainName(name) === plainName(wanted)) ?? decisions.find(({ id }) => id === wanted);
    if (found !== undefined) return taken(found);
    const [near] = nearest(wanted, names);
    return untaken(
      `there is no decision \`${wanted}\` in it${near === undefined ? `; there are: ${names.join(', ')}` : `; did you mean \`${near}\`?`}`,
    );
  }
  const needed = new Set(decisions.flatMap((decision) => needsOf(decision, decisions)).map(({ id }) => id));
  const tops = decisions.filter(({ id }) => !needed.has(id));
  const tables = tops.filter(({ logic }) => logic.kind === 'table');
  const [only, second] = tables.length > 0 ? tables : tops;
  if (only === undefined) return untaken('its decisions need each other in a circle');
  if (second === undefined) return taken(only);
  return untaken(
    `several decisions stand at its end: ${tables.map(({ name }) => name).join(', ')}; name one with \`--decision NAME\``,
  );
}

/** A decision after all those that it needs; itself last. */
export function inOrder(last: DmnDecision, model: DmnModel): Taken<DmnDecision[]> {
  const ordered: DmnDecision[] = [];
  const state = new Map<DmnDecision, 'open' | 'done'>();
  const walk = [last];
  for (let at = walk.at(-1); at !== undefined; at = walk.at(-1)) {
    const here = at;
    const next = needsOf(here, model.decisions).find((decision) => state.get(decision) !== 'done');
    state.set(here, 'open');
    if (next === undefined) {
      state.set(here, 'done');
      ordered.push(here);
      walk.pop();
    } else if (state.get(next) === 'open') {
      return untaken(`the decisions ${here.name} and ${next.name} need each other in a circle`);
    } else walk.push(next);
  }
  return taken(ordered);
}

/** What it says that it needs, and whatever its columns name. */
function needsOf(decision: DmnDecision, decisions: readonly DmnDecision[]): DmnDecision[] {
  const columns = decision.logic.kind === 'table' ? decision.logic.table.inputs : [];
  const named = new Set(columns.map(({ expression }) => plainName(expression.text)));
  const roots = new Set([...named].map((name) => plainName(name.split('.')[0] ?? '')));
  return decisions.filter(
    (other) =>
      decision.requires.includes(other.id) ||
      (other !== decision && (named.has(plainName(other.name)) || roots.has(plainName(other.name)))),
  );
}
