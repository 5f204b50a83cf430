import { type Diagnostic, diagnose } from '../../diagnostics/diagnostic.ts';
import type { Fence, Section } from '../../syntax/markdown.ts';
import type { Parameter, Signal, SignalGroup, SqlText } from '../sop.ts';
import { firstTable, isBlank, readRows, tableOf } from './columns.ts';
import { readName, readType } from './names.ts';
import { readRange } from './ranges.ts';
import { remarksOf } from './remarks.ts';

const parameterColumns = {
  all: ['Parameter', 'Type', 'Value', 'Unit', 'Range', 'Meaning'],
  optional: ['Unit', 'Range', 'Meaning'],
} as const;
const signalColumns = {
  all: ['Signal', 'Type', 'Unit', 'Range', 'Missing', 'Meaning'],
  optional: ['Unit', 'Range', 'Meaning'],
} as const;

export function buildParameters(section: Section, found: Diagnostic[]): Parameter[] {
  const table = tableOf(section, parameterColumns, found);
  if (table === undefined) return [];
  return readRows(table, 'Parameters', parameterColumns, found).map(({ cells }) => ({
    name: readName(cells.Parameter, found),
    type: readType(cells.Type, found),
    value: { value: unquote(cells.Value.text), span: cells.Value.span },
    unit: isBlank(cells.Unit.text) ? '' : cells.Unit.text,
    range: readRange(cells.Range, found),
    meaning: cells.Meaning.text,
  }));
}

/** Every `###` below `## Signals` is a group; a table right below the heading makes a group of that name. */
export function buildSignals(section: Section, found: Diagnostic[]): SignalGroup[] {
  const hasOwn = section.blocks.some((block) => block.kind === 'table' || block.kind === 'fence');
  const parts = hasOwn ? [section, ...section.subsections] : section.subsections;
  if (parts.length === 0)
    found.push(diagnose('SOP211', section.heading.span, { section: 'Signals', columns: signalColumns.all }));
  return parts.map((part) => buildGroup(part, found)).filter((group) => group !== undefined);
}

function buildGroup(section: Section, found: Diagnostic[]): SignalGroup | undefined {
  const fences = section.blocks.filter(
    (block) => block.kind === 'fence' && block.language.toLowerCase() === 'sql',
  ) as Fence[]; // narrowed by `kind`
  const computing = fences.filter((fence) => fence.meta.trim() === '');
  const listing = fences.filter((fence) => fence.meta.trim() === 'evidence');
  const name = section.heading;
  for (const fence of fences) {
    if (fence.meta.trim() !== '' && !listing.includes(fence))
      found.push(diagnose('SOP215', fence.span, { what: `a \`sql ${fence.meta.trim()}\` block` }));
  }
  const table = firstTable(section, (corner) => corner.toLowerCase() === 'signal', found);
  if (table === undefined) {
    const first = computing[0];
    if (first !== undefined) found.push(diagnose('SOP221', first.span, { group: name.value }));
    else tableOf(section, signalColumns, found);
    return undefined;
  }
  for (const kind of [computing, listing]) {
    for (const extra of kind.slice(1))
      found.push(diagnose('SOP220', extra.span, { group: name.value, fences: kind.length }));
  }
  const signals = readRows(table, name.value, signalColumns, found).map(({ cells }): Signal => {
    const missing = cells.Missing.text === 'null' || isBlank(cells.Missing.text) ? null : unquote(cells.Missing.text);
    return {
      name: readName(cells.Signal, found),
      type: readType(cells.Type, found),
      unit: isBlank(cells.Unit.text) ? '' : cells.Unit.text,
      range: readRange(cells.Range, found),
      missing: { value: missing, span: cells.Missing.span },
      meaning: cells.Meaning.text,
    };
  });
  const prose = remarksOf(section, (block) => block === table || fences.some((fence) => fence === block), false);
  return { name, prose, signals, sql: sqlOf(computing[0]), evidence: sqlOf(listing[0]) };
}

function sqlOf(fence: Fence | undefined): SqlText | null {
  return fence === undefined ? null : { text: fence.text, start: fence.contentStart, span: fence.span };
}

function unquote(text: string): string {
  return /^"(.*)"$/s.exec(text)?.[1] ?? text;
}
