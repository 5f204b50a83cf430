import type { Diagnostic, Outcome } from '../diagnostics/diagnostic.ts';
import type { Desk, Library } from '../model/library.ts';
import { parametersIn, segmentJoin, segmentName } from '../model/segments.ts';
import type { Parameter, Sop } from '../model/sop.ts';
import type { Located } from '../text/source.ts';
import type { CheckedSegment, CheckedSop, Segmentation } from './checked.ts';
import { resolveTables } from './resolve-tables.ts';

/**
 * The logic of each segment. What is wrong with every value alike is in `told` already; what is wrong with a segment's
 * value alone points at that segment. Null for a SOP without segments, and where the table of segments is unknown.
 */
export function resolveSegments(sop: Sop, library: Library, told: readonly Diagnostic[]): Outcome<Segmentation | null> {
  const { segmentBy } = sop;
  if (segmentBy === null) return [null, []];
  const found: Diagnostic[] = [];
  const known = new Set(told.map(sayingOf));
  const segments = sop.segments.map((segment): CheckedSegment => {
    const parameters = parametersIn(sop, segment.value);
    const [logic, problems] = resolveTables({ ...sop, parameters }, library.desk);
    found.push(
      ...problems.filter((problem) => !known.has(sayingOf(problem))).map((problem) => ofSegment(problem, segment)),
    );
    return { name: segment.value, parameters, logic };
  });
  const table = library.sources.find((entry) => entry.name === segmentBy.table.value);
  if (table === undefined) return [null, found];
  const segmentation: Segmentation = {
    by: segmentName(segmentBy),
    table: table.name,
    column: segmentBy.column.value,
    isMarket: library.tables.some(({ name }) => name === table.name),
    columns: table.columns.map((column) => column.name),
    join: segmentJoin(sop, table).columns,
    segments,
  };
  return [segmentation, found];
}

/** The SOP with other values of its parameters, in every segment; they fit their types and ranges. */
export function withValues(checked: CheckedSop, parameters: readonly Parameter[], desk: Desk): CheckedSop {
  const sop: Sop = { ...checked.sop, parameters };
  const [logic] = resolveTables(sop, desk);
  const { segmentation } = checked;
  if (segmentation === null) return { ...checked, sop, logic };
  const segments = segmentation.segments.map(({ name }): CheckedSegment => {
    const own = parametersIn(sop, name);
    return { name, parameters: own, logic: resolveTables({ ...sop, parameters: own }, desk)[0] };
  });
  return { ...checked, sop, logic, segmentation: { ...segmentation, segments } };
}

function sayingOf({ code, span, args }: Diagnostic): string {
  return JSON.stringify([code, span, args]);
}

function ofSegment(problem: Diagnostic, { value, span }: Located<string>): Diagnostic {
  return { ...problem, related: [...problem.related, { span, label: `with the values of \`${value}\`` }] };
}
