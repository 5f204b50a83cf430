import Big from 'big.js';
import type { NamedLiteral } from '../../model/case.ts';
import type { Sop } from '../../model/sop.ts';
import type { Literal } from '../../model/value.ts';

/** All signals of a SOP, in its order. */
export function signalNames({ groups }: Sop): string[] {
  return groups.flatMap(({ signals }) => signals.map(({ name }) => name.value));
}

/** What a case states, as `scripts/decide.mjs` reads it: a signal that it does not state was looked for and is not there. */
export function statedSignals(sop: Sop, values: readonly NamedLiteral[]): Record<string, string | boolean | null> {
  const stated = new Map(values.map(({ name, value }) => [name.value, plain(value)]));
  return Object.fromEntries(signalNames(sop).map((name) => [name, stated.get(name) ?? null]));
}

/** A number as a text that keeps its digits. */
export function plain(value: Literal): string | boolean | null {
  return value instanceof Big ? value.toFixed() : value;
}
