import type { CheckedTable } from '../replay/data-check/checked-table.ts';
import type { SopFill } from '../replay/data-check/fillable.ts';
import type { Finding } from '../replay/data-check/finding.ts';
import { formatTime } from '../text/time.ts';
import { symbolsOf } from './json-data-check.ts';
import { padEnd, printable, wrap } from './layout.ts';
import type { Page } from './paint.ts';

/** Findings of one kind that are shown one by one; `--verbose` and JSON show all. */
const shownAlike = 3;
const shownSymbols = 8;

/** First what is wrong, then what the files hold, then what they are good for. */
export function prettyDataCheck(
  tables: readonly CheckedTable[],
  fills: readonly SopFill[],
  verbose: boolean,
  page: Page,
): string {
  const lines: string[] = [];
  const findings = tables.flatMap((table) => table.findings);
  lines.push(...findingLines(findings, verbose, page));
  for (const table of tables) lines.push(...tableLines(table, verbose, page), '');
  lines.push(...fillLines(fills, page));
  const errors = findings.filter((finding) => finding.level === 'error').length;
  const warnings = findings.length - errors;
  const rows = tables.reduce((sum, table) => sum + table.facts.rows, 0);
  const counted = `${count(rows, 'row')} in ${count(
    tables.reduce((sum, table) => sum + table.facts.files.length, 0),
    'file',
  )}`;
  const verdict =
    findings.length === 0
      ? page.paint.green(`nothing wrong was found in ${counted}`)
      : `${page.paint.bold(`${count(errors, 'error')}, ${count(warnings, 'warning')}`)} in ${counted}`;
  lines.push('', verdict);
  return `${lines.join('\n')}\n`;
}

function findingLines(findings: readonly Finding[], verbose: boolean, page: Page): string[] {
  const lines: string[] = [];
  const kinds = [...new Set(findings.map((finding) => `${finding.level} ${finding.table} ${finding.code}`))];
  for (const kind of kinds) {
    const alike = findings.filter((finding) => `${finding.level} ${finding.table} ${finding.code}` === kind);
    const shown = verbose ? alike : alike.slice(0, shownAlike);
    for (const finding of shown) {
      const paint = finding.level === 'error' ? page.paint.red : page.paint.yellow;
      const head = `${finding.level} ${finding.code}`;
      const file = finding.file === null ? '' : ` ${page.paint.dim(`(${printable(finding.file)})`)}`;
      lines.push(`${paint(head)} in ${page.paint.bold(finding.table)}${file}`);
      lines.push(...indented(finding.message, page));
      if (finding === shown.at(-1)) {
        if (shown.length < alike.length)
          lines.push(`  … and ${alike.length - shown.length} more like it; --verbose shows them`);
        lines.push(...indented(`→ ${finding.action}`, page));
      }
    }
    lines.push('');
  }
  return lines;
}

function indented(text: string, page: Page): string[] {
  return wrap(printable(text), page.columns - 2).map((line) => `  ${line}`);
}

function tableLines({ facts, notChecked }: CheckedTable, verbose: boolean, page: Page): string[] {
  const lines = [`${page.paint.bold(facts.table)}: ${count(facts.rows, 'row')}`];
  for (const file of facts.files) {
    const how = file.mapping === null ? '' : `, read as ${file.mapping}`;
    lines.push(...indented(`${file.file}: ${count(file.rows, 'row')}${range(file.from, file.to)}${how}`, page));
    if (file.ignored.length > 0) lines.push(...indented(`columns that are not used: ${file.ignored.join(', ')}`, page));
  }
  const symbols = symbolsOf(facts.days);
  const shown = verbose ? symbols : symbols.slice(0, shownSymbols);
  const width = Math.max(0, ...shown.map((entry) => entry.symbol.length + entry.venue.length + 1));
  for (const entry of shown) {
    const name = entry.venue === '' ? entry.symbol : `${entry.venue} ${entry.symbol}`;
    lines.push(`  ${padEnd(printable(name), Math.min(40, width))}  ${entry.rows.toLocaleString('en-US').padStart(12)}`);
  }
  if (shown.length < symbols.length)
    lines.push(`  … ${symbols.length - shown.length} more symbols; --verbose shows them`);
  if (notChecked.length > 0) lines.push(...indented(`not checked: ${notChecked.join('; ')}`, page));
  return lines;
}

function range(from: number | null, to: number | null): string {
  return from === null || to === null ? '' : `, ${formatTime(from)} to ${formatTime(to)}`;
}

function fillLines(fills: readonly SopFill[], page: Page): string[] {
  const lines = [page.paint.bold('Signals that these files can fill')];
  for (const { sop, groups } of fills) {
    for (const { group, signals, missing } of groups) {
      const name = `${sop} / ${group}`;
      if (missing === null) lines.push(...indented(`– ${name}: provided from outside (${signals.join(', ')})`, page));
      else if (missing.length === 0) lines.push(...indented(`✓ ${name}: ${signals.join(', ')}`, page));
      else lines.push(...indented(`✗ ${name}: missing ${missing.join(', ')}`, page));
    }
  }
  return fills.length === 0 ? [...lines, '  no SOP here is without errors'] : lines;
}

function count(number: number, word: string): string {
  return `${number.toLocaleString('en-US')} ${word}${number === 1 ? '' : 's'}`;
}
