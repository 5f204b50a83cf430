import { type Diagnostic, diagnose } from '../../diagnostics/diagnostic.ts';
import type { Library } from '../../model/library.ts';
import { coveredSeconds, type Requirement } from '../../model/requirement.ts';
import { parametersIn } from '../../model/segments.ts';
import type { Sop } from '../../model/sop.ts';
import { nearest } from '../../text/nearest.ts';
import { formatDuration } from '../../text/time.ts';
import type { Rule } from '../checked.ts';

/** What a SOP requires must exist, be said once, and be within what its SQL may read. */
export const requires: Rule = ({ sop, library }) => [
  ...sop.requires.flatMap((row) => [...unknownNames(row, library), ...impossibleCover(row, sop)]),
  ...twice(sop.requires),
];

function unknownNames({ table, columns, team }: Requirement, { tables, desk }: Library): Diagnostic[] {
  const names = tables.map((entry) => entry.name);
  const shape = tables.find((entry) => entry.name === table.value);
  const teams = desk.teams.map((entry) => entry.id);
  const found: Diagnostic[] = [];
  if (shape === undefined)
    found.push(diagnose('SOP314', table.span, { name: table.value, near: nearest(table.value, names), known: names }));
  const known = shape?.columns.map((column) => column.name) ?? [];
  for (const { value, span } of shape === undefined ? [] : columns) {
    if (known.includes(value)) continue;
    found.push(diagnose('SOP315', span, { name: value, table: table.value, near: nearest(value, known), known }));
  }
  if (team !== null && !teams.includes(team.value))
    found.push(diagnose('SOP306', team.span, { name: team.value, near: nearest(team.value, teams), known: teams }));
  return found;
}

function impossibleCover({ covers }: Requirement, sop: Sop): Diagnostic[] {
  if (covers === null) return [];
  if (sop.at === null)
    return [
      diagnose('SOP241', covers.span, { what: '`Covers`', columns: sop.subject.columns.map((column) => column.name) }),
    ];
  // In the segment that reaches back furthest.
  const each = [sop.parameters, ...sop.segments.map(({ value }) => parametersIn(sop, value))];
  const needed = each.map((parameters) => coveredSeconds(covers, parameters));
  const seconds = needed.some((length) => length === undefined) ? undefined : Math.max(...needed.map(Number));
  if (seconds === undefined) {
    const name = String(covers.amount);
    const declared = sop.parameters.find((entry) => entry.name.value === name);
    const names = sop.parameters.map((entry) => entry.name.value);
    const near = declared === undefined ? nearest(name, names) : [];
    const related = declared === undefined ? [] : [{ span: declared.name.span, label: 'this parameter' }];
    return [diagnose('SOP243', covers.span, { name, unit: declared?.unit ?? null, near }, { related })];
  }
  if (sop.lookback === null || seconds <= sop.lookback.value) return [];
  return [
    diagnose(
      'SOP244',
      covers.span,
      { covers: formatDuration(seconds), lookback: formatDuration(sop.lookback.value) },
      { related: [{ span: sop.lookback.span, label: 'the SQL may read no further back than this' }] },
    ),
  ];
}

function twice(rows: readonly Requirement[]): Diagnostic[] {
  return rows.flatMap((row, index) => {
    const first = rows.slice(0, index).find((earlier) => earlier.table.value === row.table.value);
    if (first === undefined) return [];
    return [
      diagnose(
        'SOP303',
        row.table.span,
        { name: row.table.value, what: 'two rows of Requires' },
        { related: [{ span: first.table.span, label: 'the first one' }] },
      ),
    ];
  });
}
