import { parametersIn } from '../../model/segments.ts';
import type { Parameter, SignalGroup, Sop, SqlText } from '../../model/sop.ts';
import type { SkillReads } from './skill-reads.ts';
import { oneLine, unix } from './words.ts';

/** The SQL of a SOP as one file: its views as temporary tables, then a SELECT a group. Null where it has none. */
export function signalsSql(sop: Sop, reads: SkillReads, dialect: string): string | null {
  if (sop.groups.every(({ sql }) => sql === null)) return null;
  const parts = sop.groups.flatMap(({ name, sql, members }) => [
    ...statement(`signals of "${oneLine(name.value)}"`, sql),
    ...statement(`members of each subject of "${oneLine(name.value)}"`, members),
  ]);
  return file(sop, 'Signals', [...viewParts(reads), ...parts], dialect);
}

/** The rows behind the signals. Null where no group has such SQL. */
export function evidenceSql(sop: Sop, reads: SkillReads, dialect: string): string | null {
  if (sop.groups.every(({ evidence }: SignalGroup) => evidence === null)) return null;
  const parts = sop.groups.flatMap(({ name, evidence }) => statement(`evidence of "${oneLine(name.value)}"`, evidence));
  return file(sop, 'Evidence', [...viewParts(reads), ...parts], dialect);
}

function file(sop: Sop, what: string, parts: readonly string[], dialect: string): string {
  const head = [
    `-- ${what} of ${sop.id.value} ${sop.version.value}, run on ${dialect}. Change the SOP, not this file.`,
    '-- $from and $as_of: the window; rows at or after $as_of must not be there.',
    ...parameterLines(sop),
  ];
  return `${[head.join('\n'), ...parts].join('\n\n')}\n`;
}

function parameterLines(sop: Sop): string[] {
  const line = ({ name, type, value, unit }: Parameter, of: string) =>
    `--   $${name.value} = ${oneLine(value.value)}${unit.trim() === '' ? '' : ` ${oneLine(unit)}`} (${type})${of}`;
  if (sop.parameters.length === 0) return [];
  if (sop.segments.length === 0) return ['-- Parameters:', ...sop.parameters.map((parameter) => line(parameter, ''))];
  return [
    '-- Parameters, by segment:',
    ...sop.segments.flatMap(({ value }) =>
      parametersIn(sop, value).map((parameter) => line(parameter, ` in ${value}`)),
    ),
  ];
}

function viewParts({ views }: SkillReads): string[] {
  return views.map(({ view }) =>
    [
      `-- view "${view.name.value}": ${oneLine(view.title)}`,
      ...view.parameters.map(
        ({ name, value, type }) => `--   $${name.value} = ${oneLine(value.value)} (${type}), of this view`,
      ),
      `CREATE OR REPLACE TEMPORARY TABLE ${view.name.value} AS`,
      ended(view.sql.text),
    ].join('\n'),
  );
}

function statement(what: string, sql: SqlText | null): string[] {
  return sql === null ? [] : [`-- ${what}\n${ended(sql.text)}`];
}

function ended(sql: string): string {
  return `${unix(sql).trimEnd().replace(/;$/, '')}\n;`;
}
