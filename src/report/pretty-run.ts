import { count } from '../diagnostics/words.ts';
import { showSignals } from '../replay/evaluate.ts';
import type { EvidenceRow, ListedEvidence } from '../replay/list-evidence.ts';
import type { RunAlert, SopRun, UndecidedGroup } from '../replay/run-sop.ts';
import { keyText, showKey } from '../replay/subjects.ts';
import { formatTime } from '../text/time.ts';
import { aligned, marked, printable, wrap } from './layout.ts';
import type { Page } from './paint.ts';

/** How much is shown of long lists. */
export interface RunView {
  readonly alerts: number;
  readonly evidence: number;
}

export const shortRun: RunView = { alerts: 12, evidence: 5 };
export const longRun: RunView = { alerts: Number.POSITIVE_INFINITY, evidence: 200 };

/** What one SOP says of the data: first what it could not decide and who must know, then whom it names, then the counts. */
export function prettyRun(run: SopRun, evidence: ListedEvidence, view: RunView, page: Page): string {
  const { paint, columns } = page;
  const { sop } = run.checked;
  const { from, asOf } = run.window;
  const window =
    asOf === null ? 'no row has a time' : `${from === null ? 'until' : `${formatTime(from)} to`} ${formatTime(asOf)}`;
  const lines = [
    ...wrap(`${sop.id.value} ${sop.version.value}: ${count(run.subjects, 'subject')}, ${window}`, columns).map(
      paint.bold,
    ),
    '',
    ...openLines(run, page),
    ...alertLines(run, evidence, view, page),
    '',
    ...ruleLines(run, page),
  ];
  return `${lines.join('\n')}\n`;
}

function openLines(run: SopRun, page: Page): string[] {
  const { paint, columns } = page;
  const lines = lackLines(run, page);
  for (const group of run.undecided) lines.push(...marked(`${paint.yellow('?')} `, undecidedLine(group), columns));
  if (run.invalid.length > 0) {
    const [first] = run.invalid;
    const why = first?.decision.kind === 'invalid' ? `: ${first.decision.detail}` : '';
    lines.push(...marked(`${paint.yellow('?')} `, `${count(run.invalid.length, 'subject')} invalid${why}`, columns));
  }
  return lines.length === 0 ? [] : [paint.bold('Not decided'), ...lines, ''];
}

/** What the data lacks, and who must know. */
export function lackLines({ unmet, unavailable }: SopRun, { paint, columns }: Page): string[] {
  const mark = `${paint.red('✗')} `;
  return [
    ...unmet.map(({ detail, team }) => `${detail}: until then nothing is cleared. Tell ${team}.`),
    ...[...unavailable].map(([signal, needs]) => `\`${signal}\` cannot be computed: the data has no \`${needs}\``),
  ].flatMap((text) => marked(mark, text, columns));
}

function undecidedLine({ subjects, detail, team, leaning, reason }: UndecidedGroup): string {
  const lean =
    leaning === 0
      ? ''
      : `; by the data that is there ${leaning} of them would be ${leaning === 1 ? 'an alert' : 'alerts'}`;
  const tell = team === null ? '' : `. Tell ${team}`;
  const what = reason === 'not_settled' ? 'too early to tell' : detail;
  const example = subjects.length === 1 || reason === 'not_settled' ? '' : 'for example ';
  return `${count(subjects.length, 'subject')} undecided: ${example}${what}${lean}${tell}.`;
}

function alertLines(run: SopRun, evidence: ListedEvidence, view: RunView, page: Page): string[] {
  const { paint } = page;
  const title = run.alerts.length === 0 ? 'No alert' : count(run.alerts.length, 'alert');
  const lines = [paint.bold(`${title}${run.alerts.length === 0 ? ' among what was decided' : ''}`)];
  for (const alert of run.alerts.slice(0, view.alerts)) lines.push(...alertEntry(alert, run, evidence, view, page));
  if (run.alerts.length > view.alerts)
    lines.push(`  and ${run.alerts.length - view.alerts} more (--verbose, or --out DIR)`);
  return lines;
}

function alertEntry(alert: RunAlert, run: SopRun, evidence: ListedEvidence, view: RunView, page: Page): string[] {
  const { paint, columns } = page;
  const colour = alert.severity === 'critical' || alert.severity === 'high' ? paint.red : paint.yellow;
  const known =
    alert.group === null ? '' : ` (group ${alert.group}, ${count(alert.subject.members?.length ?? 0, 'member')})`;
  const joined = alert.decisions === 1 ? '' : `, ${alert.decisions} decisions`;
  const signals = Object.entries(showSignals(alert.subject, run.checked)).map(([name, value]) => `${name} ${value}`);
  const rows = evidence.rows.get(keyText(alert.subject.key)) ?? [];
  return [
    ...marked(
      `  ${colour('●')} `,
      `${alert.disposition}, ${alert.severity}, by ${alert.rule}${joined}: ${printable(`${showKey(alert.subject.key, run.checked.sop)}${known}`)}`,
      columns,
    ),
    ...wrap(signals.join(', '), columns - 6).map((line) => `      ${line}`),
    ...evidenceLines(rows, view.evidence, page),
  ];
}

/** Group by group, the first rows of each, and how many there are. */
function evidenceLines(rows: readonly EvidenceRow[], most: number, { paint, columns }: Page): string[] {
  const groups = new Map<string, EvidenceRow[]>();
  for (const row of rows) groups.set(row.group, [...(groups.get(row.group) ?? []), row]);
  return [...groups].flatMap(([name, own]) => {
    const total = own[0]?.total ?? own.length;
    const shown = own.slice(0, most);
    const head =
      shown.length < total
        ? `${name}: the first ${shown.length} of ${count(total, 'row')}`
        : `${name}: ${count(total, 'row')}`;
    const lines = shown.map((row) => {
      const time = row.at === null ? '' : `${formatTime(row.at)} `;
      return `${time}${row.sourceTable} ${row.rowId}${row.note === '' ? '' : `: ${row.note}`}`;
    });
    return [
      ...wrap(printable(head), columns - 6).map((line) => `      ${paint.dim(line)}`),
      ...lines.flatMap((line) => wrap(printable(line), columns - 8).map((part) => `        ${paint.dim(part)}`)),
    ];
  });
}

function ruleLines(run: SopRun, { paint }: Page): string[] {
  if (run.rules.length === 0) return ['nothing was decided'];
  const isSplit = run.rules.some(({ segment }) => segment !== null);
  const cells = run.rules.map(({ segment, rule, disposition, severity, decisions, alerts }) => [
    isSplit ? `${printable(segment ?? '–')} ${rule}` : rule, `${disposition}, ${severity}`, String(decisions), String(alerts),
  ]); // biome-ignore format: a row
  const table = [[isSplit ? 'segment, rule' : 'rule', 'decision', 'decided', 'alerts'], ...cells];
  return aligned(table, 2).map((line, index) => (index === 0 ? paint.dim(line) : line));
}
