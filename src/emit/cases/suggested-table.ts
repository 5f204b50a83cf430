import type { CheckedSop } from '../../check/checked.ts';
import type { Obligation } from '../../coverage/obligation.ts';
import type { Suggestion } from '../../coverage/suggest.ts';
import { signalsOf } from '../../decision/compare/joint-axes.ts';
import { showScalar } from '../../decision/normalise.ts';
import { signalColumns } from '../../replay/evaluate.ts';

/** A suggested case with the name that it gets. */
export interface NamedSuggestion {
  readonly name: string;
  readonly suggestion: Suggestion;
}

/** The file of drafts of a SOP, `cases/suggested.md`. */
export function suggestedPath({ sop }: CheckedSop): string {
  return `${sop.path.slice(0, sop.path.lastIndexOf('/'))}/cases/suggested.md`;
}

/**
 * The file with drafts added: what stands there already stays as it is, to the byte. `before` undefined: there is none yet.
 */
export function suggestedFile(
  checked: CheckedSop,
  named: readonly NamedSuggestion[],
  before: string | undefined,
): string {
  const table = draftTable(checked, named);
  if (before !== undefined) return added(before, table);
  const { sop } = checked;
  return `---
technique: ${JSON.stringify(sop.techniques[0]?.value ?? '')}
market: ${JSON.stringify(sop.markets[0]?.value ?? '')}
source: desk reasoning about a suggested case
---

# Suggested cases

Drafts by \`sop suggest ${sop.id.value}\`: points that no case has tried. They prove nothing until a person has decided. Of each, ask what
*ought* to happen there, whatever the SOP says today; then put \`attack\` or \`benign\`, the disposition and the severity in place of every \`?\`.
Delete a row that cannot happen.

${table}`;
}

/** A blank line parts the table from what stands there; its lines end as the others do. */
function added(before: string, table: string): string {
  const end = before.includes('\r\n') ? '\r\n' : '\n';
  const gap = before.endsWith(`${end}${end}`) ? '' : before.endsWith('\n') ? end : `${end}${end}`;
  return `${before}${gap}${table.replaceAll('\n', end)}`;
}

/** So many are named in the table: a row with twenty is read by nobody. */
const mostNamed = 3;

/** What a row would prove, for whoever reads it; a slip is something that nobody would notice today. */
function closesText(closes: readonly Obligation[]): string {
  const named = closes
    .slice(0, mostNamed)
    .map(({ kind, says }) => (kind === 'mutant' ? `would notice if ${says}` : says));
  const more = closes.length - named.length;
  return [...named, ...(more === 0 ? [] : [`${more} more`])].join('; ');
}

function draftTable(checked: CheckedSop, named: readonly NamedSuggestion[]): string {
  const signals = [...signalsOf(checked.logic).keys()];
  const hasSegments = checked.segmentation !== null;
  const head = ['Case', 'Kind', ...(hasSegments ? ['Segment'] : []), ...signals, 'disposition', 'severity', 'Closes'];
  const columns = signalColumns(checked);
  const rows = named.map(({ name, suggestion: { segment, values, closes } }) => [
    name,
    '?',
    ...(hasSegments ? [segment ?? ''] : []),
    ...signals.map((signal) => showScalar(values.get(signal) ?? null, columns.get(signal) ?? null)),
    '?',
    '?',
    closesText(closes),
  ]);
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('');
}
