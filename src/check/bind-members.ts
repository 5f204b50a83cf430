import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import type { BoundQuery } from '../model/ports.ts';
import type { SignalGroup, Sop, SqlText } from '../model/sop.ts';
import { firstLine } from './sql-problem.ts';

/** The block `sql members` names the whole subject and one member a row; a member is a text or a whole number. */
export function compareMembers(bound: BoundQuery, group: SignalGroup, sql: SqlText, sop: Sop): Diagnostic[] {
  // Without an identity nobody asks for members, and that has been said.
  if (sop.identity === null) return [];
  const member = sop.identity.members.value;
  const wanted = [...sop.subject.columns.map((column) => column.name), member];
  const returned = new Map(bound.columns.map((column) => [column.name, column]));
  const kind = returned.get(member)?.kind;
  const problems = [
    ...wanted.filter((name) => !returned.has(name)).map((name) => `\`${name}\` is missing`),
    ...[...returned.keys()].filter((name) => !wanted.includes(name)).map((name) => `\`${name}\` does not belong there`),
    ...(kind === undefined || kind === 'text' || kind === 'integer' ? [] : [`\`${member}\` must be text`]),
  ];
  if (problems.length === 0) return [];
  return [diagnose('SOP267', firstLine(sql), { group: group.name.value, problems, columns: wanted })];
}
