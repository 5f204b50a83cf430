import type { CheckedSop } from '../check/checked.ts';
import type { Logic } from '../decision/logic.ts';
import type { Parameter, SqlText } from '../model/sop.ts';

/** One run of a block of SQL: with these parameters, for subjects of these segments. */
export interface SegmentRun {
  readonly parameters: readonly Parameter[];
  /** Null in a SOP without segments: for all subjects. */
  readonly segments: ReadonlySet<string> | null;
}

/**
 * How often a block of SQL runs: once for all segments that give its parameters the same values. What names no parameter
 * that differs runs once.
 */
export function segmentRuns({ sop, segmentation }: CheckedSop, sql: SqlText): SegmentRun[] {
  if (segmentation === null) return [{ parameters: sop.parameters, segments: null }];
  const used = new Set([...sql.text.matchAll(/\$(\w+)/g)].map(([, name = '']) => name.toLowerCase()));
  const runs = new Map<string, { parameters: readonly Parameter[]; segments: Set<string> }>();
  for (const segment of segmentation.segments) {
    const { parameters } = segment;
    const own = parameters.filter(({ name }) => used.has(name.value)).map(({ value }) => value.value);
    const key = JSON.stringify(own);
    const run = runs.get(key) ?? { parameters, segments: new Set<string>() };
    runs.set(key, run);
    run.segments.add(segment.name);
  }
  return [...runs.values()];
}

/**
 * Of these runs those that can find somebody with a segment. For a case, which states all its rows, the others would only find who has none,
 * a second time; where nobody has one, all are needed to find them.
 */
export function runsOfPresent(runs: readonly SegmentRun[], present: ReadonlySet<string>): readonly SegmentRun[] {
  if (present.size === 0) return runs;
  return runs.filter(({ segments }) => segments === null || [...segments].some((segment) => present.has(segment)));
}

/** The tables as they decide in a segment; for a SOP without segments, and where the segment is not known, as written. */
export function logicIn({ logic, segmentation }: CheckedSop, segment: string | undefined): Logic {
  return segmentation?.segments.find(({ name }) => name === segment)?.logic ?? logic;
}
