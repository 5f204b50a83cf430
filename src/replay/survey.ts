import type { CheckedSop } from '../check/checked.ts';
import type { Extent, Limits } from '../model/ports.ts';
import { readCoverage } from './coverage.ts';
import type { Source } from './evaluate.ts';
import type { Supply } from './readiness.ts';

/** The window of a run, in microseconds since 1970 UTC; null where no row has a time and nobody stated one. */
export interface RunWindow {
  readonly from: number | null;
  readonly asOf: number | null;
  /** What settles later than this is undecided; null: a case that states no end, in which nothing more happens. */
  readonly settledBy: number | null;
}

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
export async function survey(
  checked: CheckedSop,
  { data, given, complete, shapes }: Source,
  { from, asOf, limits }: { readonly from: number | null; readonly asOf: number | null; readonly limits: Limits },
): Promise<SurveyResult> {
  const { sop } = checked;
  await data.cut({ since: null, asOf });
  const requests = tablesOf(checked)
    .filter((table) => given.has(table))
    .map((table) => ({
      table,
      columns: sop.requires.find((row) => row.table.value === table)?.columns.map((column) => column.value) ?? [],
      by: complete ? null : (shapes.find((shape) => shape.name === table)?.feed ?? null),
    }));
  const read = await data.extents(requests, limits);
  if (!read.ok) return { ok: false, detail: read.problem.detail ?? 'the data cannot be read' };
  const extents = new Map(read.value.map((extent) => [extent.table, extent]));
  const coverage = given.has('coverage') ? await readCoverage(data, limits) : new Map();
  const end = asOf ?? newestOf(read.value, complete ? (sop.settle?.value ?? 0) : 0);
  const start = from ?? earliestOf(read.value) ?? end;
  const lookback = sop.lookback === null ? null : sop.lookback.value * 1e6;
  const since = from === null || lookback === null ? null : from - lookback;
  if (since !== null || end !== asOf) await data.cut({ since, asOf: end });
  return {
    ok: true,
    value: {
      window: { from: start, asOf: end, settledBy: asOf ?? (complete ? null : end) },
      supply: { given, complete, extents, coverage, asOf: end },
    },
  };
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
