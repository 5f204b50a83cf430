import { type Diagnostic, diagnose, type Outcome } from '../diagnostics/diagnostic.ts';
import type { Library } from '../model/library.ts';
import type { BoundQuery, ResultColumn, SqlProblem } from '../model/ports.ts';
import type { Signal, SignalGroup, Sop, SqlText } from '../model/sop.ts';
import type { ValueType } from '../model/value.ts';
import { nearest } from '../text/nearest.ts';
import { compareEvidence } from './bind-evidence.ts';
import { compareMembers } from './bind-members.ts';
import type { Binder } from './binder.ts';
import type { CheckedGroup } from './checked.ts';
import { describeSqlProblem, firstLine } from './sql-problem.ts';

/** Binds the SQL of each group and compares what it returns with what the SOP declares. */
export async function bindSignals(
  sop: Sop,
  library: Library,
  binder: Binder,
): Promise<Outcome<readonly CheckedGroup[]>> {
  const found: Diagnostic[] = [];
  const groups: CheckedGroup[] = [];
  for (const group of sop.groups) {
    const bind = async (sql: SqlText | null): Promise<BoundQuery | null> => {
      if (sql === null) return null;
      const result = await binder.bind(sop, sql, library.sources);
      const problems = result.ok ? result.value.warnings : [result.problem];
      for (const problem of problems.filter((entry) => !isAboutUnread(entry, library)))
        found.push(describeSqlProblem(problem, { group: group.name.value }, sql, library.sources));
      return result.ok ? result.value : null;
    };
    const bound = await bind(group.sql);
    if (bound !== null && group.sql !== null) found.push(...compareColumns(bound, group, group.sql, sop));
    const evidence = await bind(group.evidence);
    if (evidence !== null && group.evidence !== null)
      found.push(...compareEvidence(evidence, bound, group, group.evidence, sop));
    const members = await bind(group.members);
    if (members !== null && group.members !== null) found.push(...compareMembers(members, group, group.members, sop));
    groups.push({ group, bound, evidence, members });
  }
  found.push(...compareGroups(groups, sop));
  return [groups, found];
}

/** A view or list that could not be built has been reported itself; it is not misspelt here. */
export function isAboutUnread({ reason, name }: SqlProblem, { unreadSources }: Library): boolean {
  if (reason !== 'unknown_table' || name === undefined) return false;
  return unreadSources.some((source) => source.toLowerCase() === name.toLowerCase());
}

function compareColumns(bound: BoundQuery, group: SignalGroup, sql: SqlText, sop: Sop): Diagnostic[] {
  const found: Diagnostic[] = [];
  const returned = new Map(bound.columns.map((column) => [column.name, column]));
  const subject = sop.subject.columns.map((column) => column.name);
  const declared = new Set([...subject, ...group.signals.map((signal) => signal.name.value)]);
  const extra = [...returned.keys()].filter((name) => !declared.has(name));
  for (const signal of group.signals) {
    const column = returned.get(signal.name.value);
    if (column === undefined) {
      found.push(
        diagnose(
          'SOP424',
          signal.name.span,
          { group: group.name.value, name: signal.name.value, near: nearest(signal.name.value, extra, 1) },
          { related: [{ span: firstLine(sql), label: 'this SQL' }] },
        ),
      );
    } else if (!fits(signal, column)) {
      found.push(
        diagnose(
          'SOP426',
          signal.name.span,
          { name: signal.name.value, declared: signal.type, found: sqlWords(column), cast: castFor[signal.type] },
          { related: [{ span: firstLine(sql), label: 'this SQL' }] },
        ),
      );
    }
  }
  if (!subject.some((name) => returned.has(name)))
    found.push(diagnose('SOP425', firstLine(sql), { group: group.name.value, subject }));
  // A column that is only a signal under another name has been named beside that signal.
  const renamed = found.flatMap((diagnostic) => (diagnostic.code === 'SOP424' ? diagnostic.args['near'] : []));
  for (const name of extra.filter((column) => !renamed.includes(column)))
    found.push(diagnose('SOP427', firstLine(sql), { group: group.name.value, name, near: nearest(name, declared, 1) }));
  const at = sop.at === null ? undefined : returned.get(sop.at.value);
  if (at !== undefined && at.kind !== 'timestamp')
    found.push(diagnose('SOP429', sop.at?.span ?? firstLine(sql), { column: at.name, found: sqlWords(at) }));
  return found;
}

/** Somebody has to find the subjects, and all groups have to call them alike. */
function compareGroups(groups: readonly CheckedGroup[], sop: Sop): Diagnostic[] {
  const bound = groups.map((entry) => entry.bound).filter((query) => query !== null);
  const subject = sop.subject.columns.map((column) => column.name);
  const hasSql = groups.filter((entry) => entry.group.sql !== null);
  if (bound.length < hasSql.length || hasSql.length === 0) return [];
  const found: Diagnostic[] = [];
  // A group that returns nothing of the subject has been told so.
  const isTold = bound.some((query) => !query.columns.some((column) => subject.includes(column.name)));
  if (
    !isTold &&
    !bound.some((query) => subject.every((name) => query.columns.some((column) => column.name === name)))
  ) {
    found.push(diagnose('SOP430', sop.subject.span, { subject }));
  }
  for (const { name, span } of sop.subject.columns) {
    const kinds = new Set(
      bound.flatMap((query) =>
        query.columns
          .filter((column) => column.name === name)
          .map((column) => (column.kind === 'integer' ? 'number' : column.kind)),
      ),
    );
    if (kinds.size > 1) found.push(diagnose('SOP432', span, { column: name, problem: [...kinds].sort().join(', ') }));
  }
  return found;
}

const accepts: Record<ValueType, readonly ResultColumn['kind'][]> = {
  number: ['number', 'integer', 'decimal'],
  integer: ['integer'],
  decimal: ['decimal', 'integer'],
  boolean: ['boolean'],
  enum: ['text'],
  'date and time': ['timestamp'],
  duration: ['interval'],
};

const castFor: Record<ValueType, string> = {
  number: 'DOUBLE',
  integer: 'BIGINT',
  decimal: 'DECIMAL(38,8)',
  boolean: 'BOOLEAN',
  enum: 'VARCHAR',
  'date and time': 'TIMESTAMP',
  duration: 'INTERVAL',
};

function fits(signal: Signal, column: ResultColumn): boolean {
  return accepts[signal.type].includes(column.kind);
}

export function sqlWords(column: ResultColumn): string {
  const words = {
    number: 'a number',
    integer: 'a whole number',
    decimal: 'a decimal number',
    boolean: 'true or false',
    text: 'text',
    timestamp: 'a time',
    interval: 'a duration',
    other: column.sql === 'DATE' ? 'a date without a time' : 'another type',
  };
  return `${words[column.kind]} (${column.sql})`;
}
