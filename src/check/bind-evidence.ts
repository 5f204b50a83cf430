import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import type { BoundQuery, ResultColumn } from '../model/ports.ts';
import type { SignalGroup, Sop, SqlText } from '../model/sop.ts';
import { firstLine } from './sql-problem.ts';

/**
 * What every row of evidence says beside its subject: where it stands, when it happened, and why it is shown. The time is
 * called `ts`, or `row_ts` where the subject has a `ts` of its own.
 */
export function evidenceColumns(sop: Sop): Readonly<Record<string, ResultColumn['kind']>> {
  const time = sop.subject.columns.some((column) => column.name === 'ts') ? 'row_ts' : 'ts';
  return { source_table: 'text', row_id: 'text', [time]: 'timestamp', note: 'text' };
}

const words: Partial<Record<ResultColumn['kind'], string>> = {
  text: 'text: `CAST(… AS VARCHAR)`',
  timestamp: 'a time: `CAST(… AS TIMESTAMP)`',
};

/** Evidence names the subject as the signals of its group do, and adds the columns above. */
export function compareEvidence(
  bound: BoundQuery,
  signals: BoundQuery | null,
  group: SignalGroup,
  sql: SqlText,
  sop: Sop,
): Diagnostic[] {
  const subject = sop.subject.columns.map((column) => column.name);
  const said = (signals ?? bound).columns.map((column) => column.name); // SQL that could not be bound has been reported
  const keys = subject.filter((name) => said.includes(name));
  const returned = new Map(bound.columns.map((column) => [column.name, column]));
  const own = evidenceColumns(sop);
  const wanted = [...keys, ...Object.keys(own)];
  const missing = wanted.filter((name) => !returned.has(name));
  const extra = [...returned.keys()].filter((name) => !wanted.includes(name));
  const wrong = Object.entries(own)
    .filter(([name, kind]) => returned.has(name) && returned.get(name)?.kind !== kind)
    .map(([name, kind]) => `\`${name}\` must be ${words[kind] ?? kind}`);
  const problems = [
    ...missing.map((name) => `\`${name}\` is missing`),
    ...extra.map((name) => `\`${name}\` does not belong there`),
    ...wrong,
  ];
  return problems.length === 0
    ? []
    : [diagnose('SOP440', firstLine(sql), { group: group.name.value, problems, columns: wanted })];
}
