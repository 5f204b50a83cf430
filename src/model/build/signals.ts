import { type Diagnostic, diagnose } from '../../diagnostics/diagnostic.ts';
import type { Cell, Fence, Section } from '../../syntax/markdown.ts';
import type { Located } from '../../text/source.ts';
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

/** Where the SOP has segments, a column that is not of the table's own is headed by one. */
export function buildParameters(section: Section, segmented: boolean, found: Diagnostic[]): Parameters {
  const table = tableOf(section, parameterColumns, found);
  if (table === undefined) return { parameters: [], segments: [] };
  const rows = readRows(table, 'Parameters', { ...parameterColumns, open: segmented }, found);
  const parameters = rows.map(
    ({ cells, others }): Parameter => ({
      name: readName(cells.Parameter, found),
      type: readType(cells.Type, found),
      value: writtenIn(cells.Value),
      bySegment: others
        .filter(({ cell }) => !isBlank(cell.text))
        .map(({ heading, cell }) => ({ segment: heading.text, value: writtenIn(cell) })),
      unit: isBlank(cells.Unit.text) ? '' : cells.Unit.text,
      range: readRange(cells.Range, found),
      meaning: cells.Meaning.text,
    }),
  );
  return {
    parameters,
    segments: (rows[0]?.others ?? []).map(({ heading }) => ({ value: heading.text, span: heading.span })),
  };
}

export interface Parameters {
  readonly parameters: readonly Parameter[];
  readonly segments: readonly Located<string>[];
}

function writtenIn({ text, span }: Cell): Located<string> {
  return { value: unquote(text), span };
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
  const [computing = [], listing = [], naming = []] = ['', 'evidence', 'members'].map((meta) =>
    fences.filter((fence) => fence.meta.trim() === meta),
  );
  const name = section.heading;
  for (const fence of fences) {
    if (![computing, listing, naming].some((kind) => kind.includes(fence)))
      found.push(diagnose('SOP215', fence.span, { what: `a \`sql ${fence.meta.trim()}\` block` }));
  }
  const table = firstTable(section, (corner) => corner.toLowerCase() === 'signal', found);
  if (table === undefined) {
    const first = computing[0];
    if (first !== undefined) found.push(diagnose('SOP221', first.span, { group: name.value }));
    else tableOf(section, signalColumns, found);
    return undefined;
  }
  for (const kind of [computing, listing, naming]) {
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
  return {
    name,
    prose,
    signals,
    sql: sqlOf(computing[0]),
    evidence: sqlOf(listing[0]),
    members: sqlOf(naming[0]),
  };
}

function sqlOf(fence: Fence | undefined): SqlText | null {
  return fence === undefined ? null : { text: fence.text, start: fence.contentStart, span: fence.span };
}

function unquote(text: string): string {
  return /^"(.*)"$/s.exec(text)?.[1] ?? text;
}
