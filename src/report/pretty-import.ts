import type { Imported, NotTaken } from '../dmn/imported.ts';
import { printable, wrap } from './layout.ts';
import type { Page } from './paint.ts';

/** What an import says beside the Markdown: what it could not take, one by one, and what else a person should know. */
export function prettyImport({ decision, tables, notTaken, notes }: Imported, { columns, paint }: Page): string {
  const rules = tables.reduce((sum, table) => sum + table.rules.length, 0);
  const lines = [
    `${printable(decision)}: ${counted(rules, 'rule')} in ${counted(tables.length, 'table')}; ${notTaken.length === 0 ? paint.green('all was taken') : paint.red(`${counted(notTaken.length, 'thing')} not taken`)}`,
  ];
  for (const item of notTaken) {
    lines.push(`  ${paint.bold(placeOf(item))}${item.text.trim() === '' ? '' : `: ${shown(item.text)}`}`);
    lines.push(...wrap(item.why, columns - 6).map((line) => `      ${line}`));
  }
  if (notTaken.length > 0)
    lines.push('A cell that was not taken begins with `?`: `sop check` refuses it until a person has written it anew.');
  for (const note of notes) lines.push(...wrap(`note: ${note}`, columns).map((line) => paint.dim(line)));
  return `${lines.join('\n')}\n`;
}

function placeOf({ decision, rule, column }: NotTaken): string {
  return [decision, rule === null ? null : `rule ${rule}`, column === null || column === '' ? null : `column ${column}`]
    .flatMap((part) => (part === null ? [] : [printable(part)]))
    .join(', ');
}

function shown(text: string): string {
  const line = printable(text.replace(/\s+/g, ' ').trim());
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
