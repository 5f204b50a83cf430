import type { CheckedSop } from '../check/checked.ts';
import type { Extent, TableShape } from '../model/ports.ts';
import { coveredSeconds, type Requirement } from '../model/requirement.ts';
import type { Sop } from '../model/sop.ts';
import { formatDuration, formatTime } from '../text/time.ts';
import { type Coverage, joinStretches, type Stretch } from './coverage.ts';

/** Data that a SOP requires and that is not there. */
export interface Unmet {
  readonly table: string;
  /** `short`: it begins too late (warm-up). `late`: its newest row is too old. */
  readonly reason: 'absent' | 'empty' | 'column' | 'short' | 'late';
  readonly detail: string;
  /** Who must know. */
  readonly team: string;
  /** For `short`: when it will have been there long enough, in microseconds since 1970 UTC; null where nobody can tell. */
  readonly readyAt: number | null;
}

/** For which moment and feed the data must be there. */
export interface Need {
  /** When it happened, in microseconds since 1970 UTC; null: the SOP decides as of the window's end. */
  readonly at: number | null;
  /** The symbol, where the subject has one. */
  readonly symbol: string | null;
  /** Left out where it is not known: then what any segment lacks is missing. */
  readonly segment?: string | undefined;
}

/** Tells for a subject what is missing; an empty list where nothing is. */
export type Readiness = (need: Need) => readonly Unmet[];

/** What a data set has. */
export interface Supply {
  /** Tables that are there, empty or not. */
  readonly given: ReadonlySet<string>;
  /** Rows that were stated are all there are: so it is in a case, and never on a desk. */
  readonly complete: boolean;
  readonly extents: ReadonlyMap<string, Extent>;
  readonly coverage: Coverage;
  /** The end of the window; null where no row has a time. */
  readonly asOf: number | null;
}

/** Compares what a SOP requires with what a data set has. */
export function readinessOf(sop: Sop, shapes: readonly TableShape[], supply: Supply): Readiness {
  const judges = sop.requires.map((row) => judgeOf(row, sop, shapes, supply));
  return (need) => judges.flatMap((judge) => judge(need) ?? []);
}

/** As `readinessOf`, with the parameters of each segment: how far back data must reach may differ by it. */
export function readinessBySegment(
  { sop, segmentation }: CheckedSop,
  shapes: readonly TableShape[],
  supply: Supply,
): Readiness {
  if (segmentation === null) return readinessOf(sop, shapes, supply);
  const each = new Map(
    segmentation.segments.map(({ name, parameters }) => [name, readinessOf({ ...sop, parameters }, shapes, supply)]),
  );
  return (need) => {
    const own = each.get(need.segment ?? '');
    if (own !== undefined) return own(need);
    return [...each.values()].map((readiness) => readiness(need)).find((unmet) => unmet.length > 0) ?? [];
  };
}

type Judge = (need: Need) => Unmet | null;

function judgeOf(row: Requirement, sop: Sop, shapes: readonly TableShape[], supply: Supply): Judge {
  const table = row.table.value;
  const team = row.team?.value ?? sop.owner.value;
  const unmet = (reason: Unmet['reason'], detail: string, readyAt: number | null = null): Unmet => ({
    table, reason, detail, team, readyAt,
  }); // biome-ignore format: one line
  if (!supply.given.has(table)) return always(unmet('absent', `there is no \`${table}\``));
  const extent = supply.extents.get(table);
  const stated = supply.coverage.get(table);
  const rows = extent?.rows ?? 0;
  const isStated = supply.complete || stated !== undefined;
  if (rows === 0 && !isStated) return always(unmet('empty', `\`${table}\` is empty`));
  const columns = shapes.find((shape) => shape.name === table)?.columns.map(({ name }) => name);
  // A column that the data lacks is missing in a table without rows as well: the SQL that reads it cannot run.
  const empty = row.columns.filter(
    ({ value }) => columns?.includes(value) === false || (rows > 0 && extent?.empty.includes(value) !== false),
  );
  if (empty.length > 0) {
    const names = empty.map(({ value }) => `\`${value}\``).join(', ');
    return always(unmet('column', `\`${table}\` has no value in ${names}`));
  }
  const covers = row.covers === null ? null : (coveredSeconds(row.covers, sop.parameters) ?? 0) * 1e6;
  const bounds: Bounds = {
    covers,
    fresh: row.freshSeconds === null ? null : row.freshSeconds * 1e6,
    settle: (sop.settle?.value ?? 0) * 1e6,
  };
  if (stated !== undefined) return stretchJudge(bounds, stated, supply, table, unmet);
  if (supply.complete || extent === undefined) return () => null;
  const feed = shapes.find((shape) => shape.name === table)?.feed;
  return extentJudge(bounds, extent, feed, supply.asOf, table, unmet);
}

const always = (unmet: Unmet) => () => unmet;

/** Microseconds. */
interface Bounds {
  readonly covers: number | null;
  readonly fresh: number | null;
  readonly settle: number;
}

type Say = (reason: Unmet['reason'], detail: string, readyAt?: number | null) => Unmet;

/** From when to when rows must be there; null: no demand. */
function demand({ covers, fresh, settle }: Bounds, at: number | null, asOf: number | null) {
  const moment = at ?? asOf;
  const start = covers === null || moment === null ? null : moment - covers;
  const settled = at === null || asOf === null ? moment : Math.min(asOf, at + settle);
  return { start, end: fresh === null || settled === null ? null : settled - fresh };
}

/** What somebody states about a feed counts more than its rows: a quiet feed is no dead one, and a hole is a hole. */
function stretchJudge(
  bounds: Bounds,
  stated: ReadonlyMap<string | null, readonly Stretch[]>,
  supply: Supply,
  table: string,
  unmet: Say,
): Judge {
  const joined = new Map<string | null, Stretch[]>();
  const of = (symbol: string | null) => {
    const known =
      joined.get(symbol) ??
      joinStretches([...(stated.get(null) ?? []), ...(symbol === null ? [] : (stated.get(symbol) ?? []))]);
    joined.set(symbol, known);
    return known;
  };
  return ({ at, symbol }) => {
    const { start, end } = demand(bounds, at, supply.asOf);
    const from = start ?? end;
    const to = end ?? at ?? start;
    if (from === null || to === null) return null;
    const stretches = of(symbol);
    if (stretches.some((stretch) => stretch.from <= from && stretch.to >= to)) return null;
    const last = stretches.filter((stretch) => stretch.from <= to).at(-1);
    const reach =
      last === undefined
        ? `\`coverage\` says nothing of \`${table}\` then`
        : `\`${table}\` is covered from ${formatTime(last.from)} to ${formatTime(last.to)}`;
    const isShort = last === undefined || last.from > from;
    const readyAt = last === undefined || bounds.covers === null ? null : last.from + bounds.covers;
    return unmet(
      isShort ? 'short' : 'late',
      `${reach}; ${formatTime(from)} to ${formatTime(to)} is needed`,
      isShort ? readyAt : null,
    );
  };
}

/** Without such a statement the rows themselves tell: from the first (of the symbol, where each has its feed) to the newest. */
function extentJudge(
  bounds: Bounds,
  extent: Extent,
  feed: string | undefined,
  asOf: number | null,
  table: string,
  unmet: Say,
): Judge {
  const firsts = new Map(extent.firstBy);
  return ({ at, symbol }) => {
    const { start, end } = demand(bounds, at, asOf);
    const isFeed = feed !== undefined && symbol !== null;
    const first = isFeed ? (firsts.get(symbol) ?? null) : extent.first;
    const whose = isFeed ? `\`${table}\` of ${symbol}` : `\`${table}\``;
    return tooShort(bounds, first, start, whose, unmet) ?? tooLate(bounds, extent, end, table, unmet);
  };
}

function tooShort(
  { covers }: Bounds,
  first: number | null,
  start: number | null,
  whose: string,
  unmet: Say,
): Unmet | null {
  if (start === null || covers === null) return null;
  if (first === null) return unmet('short', `${whose} has no row yet`);
  if (first <= start) return null;
  const needed = `${formatDuration(covers / 1e6)} before it is needed`;
  return unmet('short', `${whose} begins ${formatTime(first)}; ${needed}`, first + covers);
}

function tooLate({ fresh }: Bounds, extent: Extent, end: number | null, table: string, unmet: Say): Unmet | null {
  const newest = extent.last ?? extent.known;
  if (end === null || fresh === null || (newest !== null && newest >= end)) return null;
  const told =
    newest === null
      ? `no row of \`${table}\` says when it was known (\`ingested_ts\` would, or \`coverage\`)`
      : `the newest row of \`${table}\` is of ${formatTime(newest)}`;
  return unmet('late', `${told}; it must be no older than ${formatDuration(fresh / 1e6)}`);
}
