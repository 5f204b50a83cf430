import type { ReadyState } from '../replay/ready.ts';
import { formatTime } from '../text/time.ts';
import { padEnd, printable, wrap } from './layout.ts';
import type { Page } from './paint.ts';

const words: Readonly<Record<ReadyState['state'], string>> = {
  live: 'live', unknown: 'unknown', warm_up: 'warm-up', missing: 'missing', broken: 'broken',
}; // biome-ignore format: a small dictionary

/** A line a SOP, and below it what it waits for and who must know. */
export function prettyReady(states: readonly ReadyState[], symbol: string | null, page: Page): string {
  const { paint, columns } = page;
  const width = Math.max(...states.map(({ checked }) => checked.sop.id.value.length), 0);
  const colour = {
    live: paint.green,
    unknown: paint.yellow,
    warm_up: paint.yellow,
    missing: paint.red,
    broken: paint.red,
  };
  const lines = states.flatMap((entry) => {
    const { checked, state } = entry;
    const head = `${padEnd(checked.sop.id.value, width)}  ${colour[state](words[state])}`;
    return [head, ...reasons(entry).flatMap((text) => wrap(printable(text), columns - 4).map((line) => `    ${line}`))];
  });
  const time = states.map((entry) => entry.asOf).find((moment) => moment !== null) ?? null;
  const asOf = time === null ? '' : `, as of ${formatTime(time)}`;
  const title = symbol === null ? `All symbols together${asOf}` : `${printable(symbol)}${asOf}`;
  return `${[paint.bold(title), '', ...lines].join('\n')}\n`;
}

function reasons({ state, unmet, unlisted, checked }: ReadyState): string[] {
  if (state === 'broken') return ['it has errors; `sop check` shows them'];
  if (state === 'unknown') return ['it requires nothing, so nobody can tell whether its data is there'];
  return [
    ...unmet.map(
      ({ detail, team, readyAt }) =>
        `${detail}${readyAt === null ? '' : `; ready at ${formatTime(readyAt)}`}. Tell ${team}.`,
    ),
    ...unlisted.map((table) => `\`${table}\` is read and not there. Tell ${checked.sop.owner.value}.`),
  ];
}
