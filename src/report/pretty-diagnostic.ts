import { type Diagnostic, type Level, wording } from '../diagnostics/diagnostic.ts';
import { count } from '../diagnostics/words.ts';
import type { SourceFile } from '../text/source.ts';
import { codeFrame } from './code-frame.ts';
import { printable, wrap } from './layout.ts';
import type { Page } from './paint.ts';

/** A diagnostic as a person reads it: what, where, why it matters, what to do. */
export function prettyDiagnostic(diagnostic: Diagnostic, files: ReadonlyMap<string, SourceFile>, page: Page): string {
  const { message, label, why, fix } = wording(diagnostic);
  const { paint } = page;
  const marks = [
    { span: diagnostic.span, label: printable(label), main: true },
    ...diagnostic.related.map(({ span, label: said }) => ({ span, label: printable(said), main: false })),
  ];
  const [first = '', ...rest] = wrap(printable(`${diagnostic.level} ${diagnostic.code}: ${message}`), page.columns);
  const head = `${diagnostic.level} ${diagnostic.code}`;
  const lines = [
    colourOf(diagnostic.level, page)(head) + paint.bold(first.slice(head.length)),
    ...rest.map((line) => paint.bold(line)),
    ...codeFrame(marks, files, page),
    ...remark('why', why, page),
    ...(diagnostic.witness === undefined ? [] : remark('for example', diagnostic.witness, page)),
    ...remark(
      'fix',
      diagnostic.edits.length > 0 && !fix.includes('--fix') ? `${fix}, or run \`sop check --fix\`` : fix,
      page,
    ),
    ...remark('see', `sop explain ${diagnostic.code}`, page),
  ];
  return `${lines.join('\n')}\n`;
}

function remark(name: string, text: string, { columns, paint }: Page): string[] {
  if (text === '') return [];
  const head = `   = ${name}: `;
  const [first = '', ...rest] = wrap(printable(text), columns - head.length);
  return [
    `   ${paint.cyan('=')} ${paint.bold(`${name}:`)} ${first}`,
    ...rest.map((line) => `${' '.repeat(head.length)}${line}`),
  ];
}

function colourOf(level: Level, { paint }: Page): (text: string) => string {
  if (level === 'error') return (text) => paint.bold(paint.red(text));
  return level === 'warning' ? (text) => paint.bold(paint.yellow(text)) : (text) => paint.bold(paint.cyan(text));
}

/** All diagnostics one below the other, and a last line that counts them. */
export function prettyDiagnostics(
  diagnostics: readonly Diagnostic[],
  files: ReadonlyMap<string, SourceFile>,
  sops: number,
  page: Page,
): string {
  const shown = diagnostics.map((diagnostic) => prettyDiagnostic(diagnostic, files, page)).join('\n');
  return `${shown}${shown === '' ? '' : '\n'}${countLine(diagnostics, sops, page)}\n`;
}

function countLine(diagnostics: readonly Diagnostic[], sops: number, { paint }: Page): string {
  const of = (level: Level) => diagnostics.filter((diagnostic) => diagnostic.level === level).length;
  const parts = [
    count(of('error'), 'error'),
    count(of('warning'), 'warning'),
    ...(of('note') > 0 ? [count(of('note'), 'note')] : []),
  ];
  const line = `${parts.join(', ')} in ${count(sops, 'SOP')}`;
  return of('error') > 0 ? paint.bold(paint.red(line)) : of('warning') > 0 ? paint.yellow(line) : paint.green(line);
}
