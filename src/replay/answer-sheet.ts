import type { CheckedSop } from '../check/checked.ts';
import { enumValues } from '../check/resolve-test.ts';
import { compileDecision, type Decision } from '../decision/decide.ts';
import type { Column } from '../decision/logic.ts';
import { exactNumber } from '../model/build/literals.ts';
import type { Desk } from '../model/library.ts';
import type { Literal } from '../model/value.ts';
import { rank } from './comparer.ts';
import { type Counts } from './statistics.ts';
import { valuesFrom } from './subjects.ts';
import { signalColumns } from './evaluate.ts';

/** A desk's own sheet: signal values and the answer that somebody expects, row by row. Text as it stands there. */
export interface SheetRow {
  /** Its place in the file, from 1, the header not counted. */
  readonly row: number;
  readonly signals: ReadonlyMap<string, string | null>;
  readonly expected: ReadonlyMap<string, string | null>;
}

export interface Disagreement {
  readonly row: number;
  readonly rule: string | null;
  readonly expected: Readonly<Record<string, string | null>>;
  readonly actual: Readonly<Record<string, string | null>>;
}

export interface SheetResult extends Counts {
  readonly rows: number;
  readonly agreed: number;
  readonly undecided: number;
  readonly invalid: number;
  readonly alerts: number;
  readonly labels: number;
  readonly disagreements: readonly Disagreement[];
  /** Rows that could not be read, with the reason. */
  readonly unread: readonly { readonly row: number; readonly why: string }[];
}

/** Decides every row of a sheet and compares. Yes and no in a disposition column mean: at least `from`, or below it. */
export function compareSheet(checked: CheckedSop, desk: Desk, rows: readonly SheetRow[], from: string): SheetResult {
  const columns = signalColumns(checked);
  const decide = compileDecision(checked.logic);
  const parameters = valuesFrom([], new Map(checked.logic.inputs.filter((column) => !columns.has(column.name)).map((column) => [column.name, column])));
  const least = rank(desk.dispositions, from);
  const tally = { agreed: 0, undecided: 0, invalid: 0, alerts: 0, labels: 0, truePositives: 0, falsePositives: 0, misses: 0 };
  const disagreements: Disagreement[] = [];
  const unread: { row: number; why: string }[] = [];
  for (const sheet of rows) {
    const read = readSignals(sheet, columns);
    if (typeof read === 'string') {
      unread.push({ row: sheet.row, why: read });
      continue;
    }
    const { values, problem } = valuesFrom(read, columns);
    if (problem?.kind === 'type') {
      unread.push({ row: sheet.row, why: `${problem.signal} is not ${problem.expected}` });
      continue;
    }
    const decision = decide(new Map([...parameters.values, ...values]), new Set());
    if (decision.kind !== 'decided') tally[decision.kind]++;
    const isAlert = decision.kind === 'decided' && rank(desk.dispositions, decision.disposition) >= least;
    const wanted = sheet.expected.get('disposition') ?? null;
    const isLabel = wanted !== null && (yesOrNo(wanted) ?? rank(desk.dispositions, wanted.toLowerCase()) >= least);
    if (isAlert) tally.alerts++;
    if (isLabel) tally.labels++;
    if (isAlert && isLabel) tally.truePositives++;
    else if (isAlert) tally.falsePositives++;
    else if (isLabel) tally.misses++;
    const actual = outputsOf(decision, [...sheet.expected.keys()]);
    const agrees = [...sheet.expected].every(([name, text]) => text === null || sameAnswer(name, text, actual[name] ?? null, isAlert));
    if (agrees) tally.agreed++;
    else disagreements.push({ row: sheet.row, rule: decision.kind === 'decided' ? decision.rule : null, expected: Object.fromEntries(sheet.expected), actual });
  }
  disagreements.sort((a, b) => compareText(a.rule ?? '', b.rule ?? '') || a.row - b.row);
  return { ...tally, rows: rows.length, disagreements, unread };
}

function readSignals(sheet: SheetRow, columns: ReadonlyMap<string, Column>): { name: string; value: Literal }[] | string {
  const values: { name: string; value: Literal }[] = [];
  for (const [name, text] of sheet.signals) {
    const column = columns.get(name);
    if (column === undefined || text === null || isEmpty(text)) continue;
    const value = readValue(text.trim(), column);
    if (value === undefined) return `${name} is "${text}", which is not ${wordsFor(column)}`;
    values.push({ name, value });
  }
  return values;
}

/** An empty cell, and what spreadsheets write for one. */
function isEmpty(text: string): boolean {
  return /^(?:|null|none|na|n\/a|nan|#n\/a|-)$/i.test(text.trim());
}

function readValue(text: string, column: Column): Literal | undefined {
  if (column.type === 'boolean') return yesOrNo(text);
  if (column.type === 'enum') {
    const known = enumValues(column);
    return known.find((value) => value === text) ?? known.find((value) => value.toLowerCase() === text.toLowerCase()) ?? text;
  }
  return exactNumber(text);
}

function yesOrNo(text: string): boolean | undefined {
  if (/^(?:true|t|yes|y|1)$/i.test(text.trim())) return true;
  return /^(?:false|f|no|n|0)$/i.test(text.trim()) ? false : undefined;
}

function wordsFor(column: Column): string {
  return column.type === 'boolean' ? 'yes or no' : 'a number';
}

function outputsOf(decision: Decision, names: readonly string[]): Record<string, string | null> {
  const outputs = decision.kind === 'decided' ? (decision.trail.at(-1)?.outputs ?? {}) : {};
  const text = (name: string) => {
    if (name === 'rule') return decision.kind === 'decided' ? decision.rule : null;
    const value = outputs[name] ?? null;
    return value === null ? null : String(value);
  };
  return Object.fromEntries(names.map((name) => [name, decision.kind === 'decided' ? text(name) : decision.kind]));
}

function sameAnswer(name: string, expected: string, actual: string | null, isAlert: boolean): boolean {
  const yes = name === 'disposition' ? yesOrNo(expected) : undefined;
  if (yes !== undefined) return yes === isAlert;
  return actual !== null && expected.trim().toLowerCase() === actual.toLowerCase();
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
