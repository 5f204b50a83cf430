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
  const needed = new Set(decisions.flatMap(needsIn(decisions)));
  const tops = decisions.filter((decision) => !needed.has(decision));
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
  const needsOf = needsIn(model.decisions);
  const state = new Map<DmnDecision, 'open' | 'done'>();
  const walk = [last];
  for (let at = walk.at(-1); at !== undefined; at = walk.at(-1)) {
    const here = at;
    const next = needsOf(here).find((decision) => state.get(decision) !== 'done');
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

/** What each decision says that it needs, and whatever its columns name. */
function needsIn(decisions: readonly DmnDecision[]): (decision: DmnDecision) => readonly DmnDecision[] {
  const byId = new Map(decisions.map((decision) => [decision.id, decision]));
  const byName = new Map(decisions.map((decision) => [plainName(decision.name), decision]));
  const known = new Map<DmnDecision, readonly DmnDecision[]>();
  return (decision) => {
    const found = known.get(decision) ?? [...new Set([...stated(decision, byId), ...named(decision, byName)])];
    known.set(decision, found);
    return found;
  };
}

function stated({ requires }: DmnDecision, byId: ReadonlyMap<string, DmnDecision>): DmnDecision[] {
  return requires.flatMap((id) => byId.get(id) ?? []);
}

/** `Risk`, or `Risk.score`; a decision whose column has its own name reads an input of that name. */
function named(decision: DmnDecision, byName: ReadonlyMap<string, DmnDecision>): DmnDecision[] {
  if (decision.logic.kind !== 'table') return [];
  return decision.logic.table.inputs.flatMap(({ expression }) => {
    const other = byName.get(plainName(expression.text)) ?? byName.get(plainName(expression.text.split('.')[0] ?? ''));
    return other === undefined || other === decision ? [] : [other];
  });
}
