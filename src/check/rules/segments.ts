import { type Diagnostic, diagnose } from '../../diagnostics/diagnostic.ts';
import type { MarketTable } from '../../model/library.ts';
import { segmentJoin, segmentName } from '../../model/segments.ts';
import type { SegmentBy, Sop } from '../../model/sop.ts';
import { nearest, onlyNearest } from '../../text/nearest.ts';
import type { Rule } from '../checked.ts';

/** The column of segments exists, a subject finds its row in that table, and Parameters has its values as headings. */
export const segments: Rule = ({ sop, library }) => {
  const { segmentBy } = sop;
  if (segmentBy === null) return [];
  const table = library.sources.find((entry) => entry.name === segmentBy.table.value);
  const empty =
    sop.segments.length > 0 ? [] : [diagnose('SOP260', segmentBy.column.span, { by: segmentName(segmentBy) })];
  return [
    ...empty,
    ...(table === undefined ? unknownTable(segmentBy, library.sources) : checkTable(sop, segmentBy, table)),
  ];
};

function unknownTable({ table: { value, span } }: SegmentBy, tables: readonly MarketTable[]): Diagnostic[] {
  const known = tables.map((entry) => entry.name);
  return [diagnose('SOP314', span, { name: value, near: nearest(value, known), known })];
}

function checkTable(sop: Sop, segmentBy: SegmentBy, table: MarketTable): Diagnostic[] {
  const { value, span } = segmentBy.column;
  const column = table.columns.find((entry) => entry.name === value);
  if (column === undefined) {
    const known = table.columns.map((entry) => entry.name);
    return [diagnose('SOP315', span, { name: value, table: table.name, near: nearest(value, known), known })];
  }
  const by = segmentName(segmentBy);
  const found: Diagnostic[] = [];
  if (!['VARCHAR', 'BIGINT', 'BOOLEAN'].includes(column.sql))
    found.push(diagnose('SOP262', span, { by, problem: 'its values are measured, and no two need be alike' }));
  // An event says what happened once; only a table of terms says what holds.
  if (table.time !== undefined && !table.columns.some((entry) => entry.name === 'valid_from'))
    found.push(
      diagnose('SOP262', span, { by, problem: `a row of \`${table.name}\` is about one moment, not about what holds` }),
    );
  const join = segmentJoin(sop, table);
  const subject = sop.subject.columns.map((entry) => entry.name);
  if (join.columns.length === 0)
    found.push(diagnose('SOP261', segmentBy.table.span, { by, table: table.name, shared: join.candidates, subject }));
  return [...found, ...compareValues(sop, by, table.values.get(value))];
}

/** Where the table says which values there are, each has a column and each column is one of them. */
function compareValues(sop: Sop, by: string, values: readonly string[] | undefined): Diagnostic[] {
  if (values === undefined || sop.segments.length === 0) return [];
  const unknown = sop.segments
    .filter(({ value }) => !values.includes(value))
    .map(({ value, span }) => {
      const only = onlyNearest(value, values);
      const edits = only === undefined ? [] : [{ span, text: only }];
      return diagnose('SOP330', span, { name: value, by, near: nearest(value, values), known: values }, { edits });
    });
  const named = sop.segments.map(({ value }) => value);
  const missing = values.filter((value) => !named.includes(value));
  const place = sop.segmentBy?.column.span;
  if (unknown.length > 0 || missing.length === 0 || place === undefined) return unknown;
  return [diagnose('SOP265', place, { by, missing })];
}
