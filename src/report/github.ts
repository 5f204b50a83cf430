import { createHash } from 'node:crypto';
import { type Diagnostic, type Level, wording } from '../diagnostics/diagnostic.ts';
import { codes } from '../diagnostics/registry.ts';
import { printable } from './layout.ts';
import { everything, placesOf, type Results } from './results.ts';

/** GitHub shows ten annotations of a step, whichever come first. */
const most = 10;

/**
 * Diagnostics as annotations of GitHub Actions (workflow commands, one a line), the worst first; where there are more than ten,
 * the tenth says how many more.
 */
export function githubAnnotations(results: Results): string {
  const ordered = everything(results)
    .map((diagnostic, index) => ({ diagnostic, index, weight: weightOf(diagnostic) }))
    .sort((a, b) => a.weight - b.weight || a.index - b.index)
    .map(({ diagnostic }) => diagnostic);
  const shown = ordered.length > most ? ordered.slice(0, most - 1) : ordered;
  const rest = ordered.slice(shown.length);
  const commands = shown.map((diagnostic) => annotation(diagnostic, results));
  if (rest.length > 0) commands.push(andMore(rest, results));
  return commands.map((command) => `${command}\n`).join('');
}

/**
 * Other output of ours in a log of GitHub Actions: between marks that nobody can write beforehand, because they hold the
 * digest of what stands between them. A line of a SOP that looks like a command is text there.
 */
export function guarded(output: string): string {
  const mark = createHash('sha256').update(output).digest('hex');
  const end = output === '' || output.endsWith('\n') ? '' : '\n';
  return `::stop-commands::${mark}\n${output}${end}::${mark}::\n`;
}

const commandOf: Readonly<Record<Level, string>> = { error: 'error', warning: 'warning', note: 'notice' };

/** A SOP that cannot be read hides what it misses; then attacks, then the accused; what is only out of date comes last. */
function weightOf({ code, level }: Diagnostic): number {
  if (level === 'note') return 9;
  if (level === 'warning') return 8;
  if (code === 'SOP701') return 1;
  if (code === 'SOP702') return 2;
  if (code < 'SOP600') return 0;
  if (code >= 'SOP700' && code < 'SOP900' && code !== 'SOP705') return 3;
  return 4;
}

function annotation(diagnostic: Diagnostic, results: Results): string {
  const { message, label, why, fix } = wording(diagnostic);
  const { from, to } = placesOf(diagnostic.span, results);
  // Columns count only where the place is on one line.
  const columns = from.line === to.line ? { col: from.column, endColumn: to.column } : {};
  const text = [message, label, why === '' ? '' : `why: ${why}`, fix === '' ? '' : `fix: ${fix}`];
  return command(
    commandOf[diagnostic.level],
    {
      file: `${results.prefix}${diagnostic.span.path}`,
      line: from.line,
      endLine: to.line,
      ...columns,
      title: `${diagnostic.code}: ${codes[diagnostic.code].title}`,
    },
    text.filter((line) => line !== '').map(printable),
  );
}

function andMore(rest: readonly Diagnostic[], { command: name }: Results): string {
  const of = (level: Level) => rest.filter((diagnostic) => diagnostic.level === level).length;
  const worst = (['error', 'warning', 'note'] as const).find((level) => of(level) > 0) ?? 'note';
  const counts = (['error', 'warning', 'note'] as const)
    .filter((level) => of(level) > 0)
    .map((level) => `${of(level)} ${level}${of(level) === 1 ? '' : 's'}`);
  return command(commandOf[worst], { title: `${rest.length} more` }, [
    `${rest.length} more: ${counts.join(', ')}. The log of \`${name}\` shows them all.`,
  ]);
}

function command(name: string, properties: Readonly<Record<string, string | number>>, text: readonly string[]): string {
  const listed = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(printable(String(value)))}`);
  return `::${name} ${listed.join(',')}::${escapeData(text.join('\n'))}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
