import type { CheckedSop } from '../check/checked.ts';
import type { Extent } from '../model/ports.ts';
import { type Coverage, readCoverage } from './coverage.ts';
import type { Supply } from './readiness.ts';
import type { RunWindow, Source, Stretched } from './source.ts';

export interface Surveyed {
  readonly window: RunWindow;
  readonly supply: Supply;
}

export type SurveyResult =
  | { readonly ok: true; readonly value: Surveyed }
  | { readonly ok: false; readonly detail: string };

/**
 * Cuts the data to the window, and looks how far it reaches. There is no clock: without a stated end the window ends with
 * the newest row that could be known, and in a case with the time to settle after it.
 */
export async function survey(checked: CheckedSop, source: Source, request: Stretched): Promise<SurveyResult> {
  const { sop } = checked;
  const { from, asOf, brokenOff, feed } = request;
  const found = request.supply ?? (await readSupply(checked, source, request));
  if (typeof found === 'string') return { ok: false, detail: found };
  const extents = [...found.extents.values()];
  const settleSeconds = source.complete ? (sop.settle?.value ?? 0) : 0;
  const end = asOf ?? newestOf(extents, settleSeconds);
  const lookback = sop.lookback === null ? null : sop.lookback.value * 1e6;
  const since = from === null || lookback === null ? null : from - lookback;
  await source.data.cut({
    since,
    asOf: end,
    ...(brokenOff !== undefined && { brokenOff }),
    ...(feed !== undefined && { feed }),
  });
  const window = {
    from: from ?? earliestOf(extents) ?? end,
    asOf: end,
    settledBy: asOf ?? (source.complete ? null : end),
  };
  return { ok: true, value: { window, supply: { ...found, asOf: end } } };
}

/** Looks at all that could be known at the end of the window. A text says why it could not be read. */
async function readSupply(
  checked: CheckedSop,
  { data, given, complete, shapes }: Source,
  { asOf, limits }: Stretched,
): Promise<Supply | string> {
  const { requires } = checked.sop;
  await data.cut({ since: null, asOf });
  const requests = tablesOf(checked)
    .filter((table) => given.has(table))
    .map((table) => ({
      table,
      columns: requires.find((row) => row.table.value === table)?.columns.map((column) => column.value) ?? [],
      by: complete ? null : (shapes.find((shape) => shape.name === table)?.feed ?? null),
    }));
  const read = await data.extents(requests, limits);
  if (!read.ok) return read.problem.detail ?? 'the data cannot be read';
  const extents = new Map(read.value.map((extent) => [extent.table, extent]));
  const coverage: Coverage | string = given.has('coverage') ? await readCoverage(data, limits) : new Map();
  if (typeof coverage === 'string') return coverage;
  return { given, complete, extents, coverage, asOf };
}

/** The tables that a SOP reads, through views too, or requires, sorted. */
export function tablesOf({ reads, sop }: CheckedSop): string[] {
  return [...new Set([...reads.tables, ...sop.requires.map((row) => row.table.value)])].sort();
}

export function newestOf(extents: readonly Extent[], settleSeconds: number): number | null {
  const times = extents.flatMap(({ last, known }) => [last, known]).filter((time) => time !== null);
  return times.length === 0 ? null : Math.max(...times) + settleSeconds * 1e6;
}

export function earliestOf(extents: readonly Extent[]): number | null {
  const times = extents.map(({ first }) => first).filter((time) => time !== null);
  return times.length === 0 ? null : Math.min(...times);
}
