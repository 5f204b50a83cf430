import type { Imported, ImportedTable } from './imported.ts';

/** The sections of a SOP that an import fills: Parameters, Signals and Decision. */
export function importMarkdown({ parameters, signals, tables }: Imported): string {
  const sections: string[] = [];
  if (parameters.length > 0)
    sections.push(
      '## Parameters',
      grid(
        ['Parameter', 'Type', 'Value', 'Unit', 'Range', 'Meaning'],
        parameters.map(({ name, type, value, meaning }) => [`\`${name}\``, type, value, '–', '–', orDash(meaning)]),
      ),
    );
  sections.push('## Signals', '### Inputs');
  sections.push(
    grid(
      ['Signal', 'Type', 'Unit', 'Range', 'Missing', 'Meaning'],
      signals.map(({ name, type, range, meaning }) => [
        `\`${name}\``,
        type ?? '?',
        '–',
        range,
        'null',
        orDash(meaning),
      ]),
    ),
  );
  sections.push('## Decision');
  const taken = new Set<string>();
  for (const table of tables) {
    if (tables.length > 1) sections.push(`### ${headingOf(table.name, taken)}`);
    sections.push(decisionGrid(table));
    if (table.values.length > 0)
      sections.push(
        table.values.map(({ output, values }) => `Values ${output}: ${values.map(quoted).join(', ')}`).join('\n'),
      );
  }
  return `${sections.join('\n\n')}\n`;
}

function decisionGrid({ hitPolicy, inputs, outputs, annotations, rules }: ImportedTable): string {
  return grid(
    [hitPolicy, ...inputs, ...outputs.map((name) => `→ ${name}`), ...annotations],
    rules.map((rule) => [rule.id, ...rule.cells, ...rule.outputs, ...rule.annotations.map(plainText)]),
  );
}

function quoted(value: string): string {
  return `"${value}"`;
}

/** Headings are unique, and one line. */
function headingOf(name: string, taken: Set<string>): string {
  const plain = plainText(name).replaceAll('#', '').trim() || 'Table';
  let heading = plain;
  for (let count = 2; taken.has(heading.toLowerCase()); count++) heading = `${plain} ${count}`;
  taken.add(heading.toLowerCase());
  return heading;
}

/** Prose of a file that anybody may have written: one line, no markup that a page hides, no invisible characters. */
function plainText(text: string): string {
  const line = text
    .replace(/(?:[\p{Cc}\p{Cf}\p{Z}\u115f\u1160\u3164]|\u034f)+/gu, ' ')
    .replaceAll('<', '‹')
    .replaceAll('`', "'")
    .replaceAll('\\', '/')
    .trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}

function orDash(text: string): string {
  return plainText(text) || '–';
}

/** A Markdown table, its columns aligned as far as that stays readable. */
function grid(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [header, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = header.map((_, column) => Math.max(3, ...cells.map((row) => Math.min(40, row[column]?.length ?? 0))));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = cells;
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...body.map(line)].join('\n');
}
