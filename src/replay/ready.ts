import type { CheckedSop } from '../check/checked.ts';
import type { Limits } from '../model/ports.ts';
import { readinessBySegment, type Unmet } from './readiness.ts';
import type { Source } from './source.ts';
import { survey, tablesOf } from './survey.ts';

/**
 * Whether a SOP can decide on a data set. `live`: all that it requires is there. `warm_up`: it will be, once enough time has
 * passed. `missing`: somebody must act. `broken`: the SOP has errors. `unknown`: it requires nothing, so nobody can tell.
 */
export interface ReadyState {
  readonly checked: CheckedSop;
  readonly state: 'live' | 'unknown' | 'warm_up' | 'missing' | 'broken';
  readonly asOf: number | null;
  readonly unmet: readonly Unmet[];
  /** Tables that it reads, and that neither Requires nor the data has. */
  readonly unlisted: readonly string[];
}

/** Looks at the data only; no SQL of the SOP runs. A text says why the data could not be read. */
export async function readyOf(
  checked: CheckedSop,
  source: Source,
  request: { readonly from: number | null; readonly asOf: number | null; readonly limits: Limits },
  symbol: string | null,
): Promise<ReadyState | string> {
  const surveyed = await survey(checked, source, request);
  if (!surveyed.ok) return surveyed.detail;
  const { window, supply } = surveyed.value;
  const required = new Set(checked.sop.requires.map((row) => row.table.value));
  // What is decided now happened as late as it could and still settle.
  const settle = (checked.sop.settle?.value ?? 0) * 1e6;
  const at = checked.sop.at === null || window.asOf === null ? null : window.asOf - settle;
  const unmet = readinessBySegment(checked, source.shapes, supply)({ at, symbol });
  const market = new Set(source.shapes.map((shape) => shape.name));
  const unlisted = tablesOf(checked).filter(
    (table) => !required.has(table) && !source.given.has(table) && !market.has(table) && !isList(table, checked),
  );
  return { checked, state: stateOf(unmet, unlisted, required.size), asOf: window.asOf, unmet, unlisted };
}

/** A list comes with the library, never with the data. */
function isList(table: string, { lists }: CheckedSop): boolean {
  return lists.includes(table);
}

function stateOf(unmet: readonly Unmet[], unlisted: readonly string[], required: number): ReadyState['state'] {
  if (unlisted.length > 0 || unmet.some((entry) => entry.reason !== 'short')) return 'missing';
  if (unmet.length > 0) return 'warm_up';
  return required === 0 ? 'unknown' : 'live';
}

/** The worst of several, in the order of the type. */
export function worstState(states: readonly ReadyState[]): ReadyState['state'] {
  const order: readonly ReadyState['state'][] = ['live', 'unknown', 'warm_up', 'missing', 'broken'];
  return [...states].map(({ state }) => state).sort((a, b) => order.indexOf(b) - order.indexOf(a))[0] ?? 'unknown';
}
