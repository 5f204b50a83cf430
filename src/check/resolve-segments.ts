import type { Diagnostic, Outcome } from '../diagnostics/diagnostic.ts';
import type { Library } from '../model/library.ts';
import { parametersIn, segmentJoin, segmentName } from '../model/segments.ts';
import type { Sop } from '../model/sop.ts';
import type { Located } from '../text/source.ts';
import type { CheckedSegment, Segmentation } from './checked.ts';
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

function sayingOf({ code, span, args }: Diagnostic): string {
  return JSON.stringify([code, span, args]);
}

function ofSegment(problem: Diagnostic, { value, span }: Located<string>): Diagnostic {
  return { ...problem, related: [...problem.related, { span, label: `with the values of \`${value}\`` }] };
}
