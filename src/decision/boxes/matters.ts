import type { State } from './box.ts';
import type { Feed } from './feed.ts';
import type { Frame } from './frame.ts';
import { possiblePlaces } from './possible.ts';

const settled = { alive: [], sure: [], unsure: 0 } as const;

/**
 * The states of a box, with nothing left to ask of tables that cannot change what the last one says there: all that they may answer
 * passes every cell that looks at it. A table whose rules may conflict always matters.
 */
export function whatMatters({ layers }: Frame, states: readonly State[]): State[] {
  const matters = layers.map(
    (layer, place) => place === layers.length - 1 || (layer.stops && states[place]?.stop !== 'no'),
  );
  for (let place = layers.length - 1; place >= 0; place--) {
    const [layer, state] = [layers[place], states[place]];
    if (layer === undefined || state === undefined || !matters[place]) continue;
    for (const feed of layer.feeds) {
      if (matters[feed.layer]) continue;
      const given = possiblePlaces(feed, layers[feed.layer], states[feed.layer]);
      matters[feed.layer] = given.length > 1 && tellsApart(feed, state.alive, given);
    }
  }
  return states.map((state, place) => (matters[place] ? state : { ...settled, stop: state.stop }));
}

function tellsApart({ axis, lets }: Feed, alive: readonly number[], given: readonly number[]): boolean {
  return alive.some((rule) => given.some((place) => lets[rule * axis.pieces.length + place] !== 1));
}
