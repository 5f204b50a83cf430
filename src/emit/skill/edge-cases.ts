import { decideSignals } from '../../decision/decide-signals.ts';
import type { Logic } from '../../decision/logic.ts';
import type { Case, Expectation, GivenTable, NamedLiteral } from '../../model/case.ts';
import type { Sop } from '../../model/sop.ts';
import { signalNames, statedSignals } from './signal-values.ts';
import type { Tracer } from './traced.ts';
import { inert, oneLine } from './words.ts';

const mostPairs = 3;
const mostRows = 8;

/**
 * Attacks and the innocents that resemble them, worked through: of each technique the first attack and the first benign case of the same
 * technique, those of signal values first, because the answer to them is made here. Noted gaps are none: they teach what is wrong.
 */
export function edgeCases(
  sop: Sop,
  cases: readonly Case[],
  logicIn: (segment: string | null) => Logic | null,
  tracer: Tracer,
) {
  const own = cases.filter((entry) => entry.sop === sop.id.value && entry.knownGap === null && isSmall(entry));
  const shown = own.map((entry) => ({ entry, said: workedOut(entry, sop, logicIn) }));
  const fit = shown.filter(({ entry, said }) => said === null || meets(entry.expect[0], said));
  const firstOf = (technique: string, benign: boolean) =>
    [...fit]
      .sort((a, b) => Number(a.said === null) - Number(b.said === null))
      .find(({ entry }) => entry.technique.value === technique && (entry.kind === 'benign') === benign);
  const techniques = [...new Set(own.map(({ technique }) => technique.value))].sort();
  const pairs = techniques
    .map((technique) => [firstOf(technique, false), firstOf(technique, true)])
    .map((pair) => pair.filter((one) => one !== undefined))
    .sort((a, b) => b.length - a.length)
    .slice(0, mostPairs);
  return pairs.map((pair) => ({
    cases: pair.map(({ entry, said }) => caseData(entry, signalNames(sop), said?.reason ?? '', tracer)),
  }));
}

function isSmall({ input }: Case): boolean {
  if (input.kind === 'signals') return true;
  const counts = input.tables.map(({ data }) => (data.kind === 'rows' ? data.rows.length : Number.POSITIVE_INFINITY));
  return input.tables.length > 0 && input.provided.length === 0 && counts.reduce((sum, n) => sum + n, 0) <= mostRows;
}

/** What the tables say of a case of signal values; null for a case of market data, which only SQL can tell. */
function workedOut({ input, segment }: Case, sop: Sop, logicIn: (segment: string | null) => Logic | null) {
  const logic = logicIn(segment?.value ?? null);
  if (input.kind !== 'signals' || logic === null) return null;
  return decideSignals(logic, statedSignals(sop, input.values), new Set(signalNames(sop)));
}

function meets(
  expected: Expectation | undefined,
  { disposition, severity, rule }: ReturnType<typeof decideSignals>,
): boolean {
  if (expected === undefined) return false;
  const { disposition: wanted, severity: grave, rules } = expected;
  const agrees = (want: string | undefined, is: string | null) => want === undefined || want === is;
  return (
    agrees(wanted?.value, disposition) &&
    agrees(grave?.value, severity) &&
    (rules.length === 0 || rules.some(({ value }) => value === rule))
  );
}

function caseData(
  { name, title, kind, technique, source, segment, input, expect, others, span, path }: Case,
  signals: readonly string[],
  why: string,
  tracer: Tracer,
) {
  const at = { path, start: span.start, end: span.end };
  const near = (text: string, as = inert) => tracer.mark(as(text), at);
  return {
    title: near(title === '' ? name.value : title),
    kind,
    technique: near(technique.value),
    source: near(source),
    segment: segment === null ? '' : near(segment.value),
    tables:
      input.kind === 'signals'
        ? [{ name: 'signals', markdown: near(signalRows(input.values, signals), (text) => text) }]
        : input.tables
            .filter(({ data }) => data.kind === 'rows' && data.rows.length > 0)
            .map((table) => ({
              name: near(table.name.value, oneLine),
              markdown: near(dataRows(table), (text) => text),
            })),
    expected: near(expectedWords(expect, others?.value ?? null)),
    why: near(why.replaceAll('`', '')),
  };
}

/** A signal that the case does not state was looked for and is not there. */
function signalRows(values: readonly NamedLiteral[], signals: readonly string[]): string {
  const given = new Map(values.map(({ name, text }) => [name.value, text]));
  return markdown(
    ['Signal', 'Value'],
    signals.map((name) => [name, given.get(name) ?? 'null']),
  );
}

function dataRows({ data }: GivenTable): string {
  if (data.kind === 'file') return '';
  const columns = [...new Set(data.rows.flatMap(({ cells }) => cells.map(({ column }) => column.value)))];
  const rows = data.rows.map(({ cells }) =>
    columns.map((column) => cells.find((one) => one.column.value === column)?.text ?? ''),
  );
  return markdown(columns, rows);
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(inert).join(' | ')} |`;
  return [line(head), `| ${head.map(() => '---').join(' | ')} |`, ...rows.map(line)].join('\n');
}

/** `escalate, high, by R1 for owner_id O-1; everybody else at most dismiss`. */
export function expectedWords(expect: readonly Expectation[], others: string | null): string {
  const parts = expect.map(({ subject, members, disposition, severity, rules }) => {
    const who = [
      ...subject.map(({ column, match }) => `${column.value} ${match.text ?? 'null'}`),
      ...(members.length === 0 ? [] : [`the group with ${members.map(({ value }) => value).join(', ')}`]),
    ];
    const what = [
      disposition?.value,
      severity?.value,
      rules.length === 0 ? undefined : `by ${rules.map(({ value }) => value).join(' or ')}`,
    ].filter((text) => text !== undefined);
    return `${what.join(', ')}${who.length === 0 ? '' : ` for ${who.join(', ')}`}`;
  });
  const rest = others === null ? 'nobody else is accused' : `everybody else at most ${others}`;
  return [...parts, rest].join('; ');
}
