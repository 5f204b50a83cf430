import type { CheckedSop } from '../check/checked.ts';
import { literalAs } from '../check/resolve-columns.ts';
import { enumValues, typeWords } from '../check/resolve-test.ts';
import { compileDecision, type Decision } from '../decision/decide.ts';
import type { Column, Logic } from '../decision/logic.ts';
import type { Scalar } from '../decision/normalise.ts';
import { exactNumber } from '../model/build/literals.ts';
import type { Desk } from '../model/library.ts';
import { isTimeType, type Literal } from '../model/value.ts';
import { rank } from './comparer.ts';
import { signalColumns } from './evaluate.ts';
import type { Counts } from './statistics.ts';
import { valuesFrom, withParameters } from './subjects.ts';

/** A desk's own sheet: signal values and the answer that somebody expects, row by row. Text as it stands there. */
export interface SheetRow {
  /** Its place in the file, from 1, the header not counted. */
  readonly row: number;
  readonly signals: ReadonlyMap<string, string | null>;
  /** The segment whose parameters decide; null in a SOP without segments, and where the sheet does not say. */
  readonly segment: string | null;
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
  const decideWith = (logic: Logic): SheetDecide => {
    const decide = compileDecision(logic);
    return (values) => decide(withParameters(values, logic), new Set());
  };
  const sheetOf: Sheet = {
    columns,
    desk,
    from,
    decide: decideWith(checked.logic),
    segments:
      checked.segmentation &&
      new Map(checked.segmentation.segments.map(({ name, logic }) => [name, decideWith(logic)])),
  };
  const answers = rows.map((row) => answerRow(row, sheetOf));
  const read = answers.filter((answer) => answer.kind === 'answer');
  const many = (is: (answer: (typeof read)[number]) => boolean) => read.filter(is).length;
  const disagreements = read.flatMap((answer) => (answer.disagreement === null ? [] : [answer.disagreement]));
  return {
    rows: rows.length,
    agreed: read.length - disagreements.length,
    undecided: many((answer) => answer.state === 'undecided'),
    invalid: many((answer) => answer.state === 'invalid'),
    alerts: many((answer) => answer.isAlert),
    labels: many((answer) => answer.isLabel),
    truePositives: many((answer) => answer.isAlert && answer.isLabel),
    falsePositives: many((answer) => answer.isAlert && !answer.isLabel),
    misses: many((answer) => !answer.isAlert && answer.isLabel),
    disagreements: disagreements.sort((a, b) => compareText(a.rule ?? '', b.rule ?? '') || a.row - b.row),
    unread: answers.flatMap((answer) => (answer.kind === 'unread' ? [{ row: answer.row, why: answer.why }] : [])),
  };
}

type RowAnswer =
  | { readonly kind: 'unread'; readonly row: number; readonly why: string }
  | {
      readonly kind: 'answer';
      readonly state: Decision['kind'];
      readonly isAlert: boolean;
      readonly isLabel: boolean;
      readonly disagreement: Disagreement | null;
    };

interface Sheet {
  readonly columns: ReadonlyMap<string, Column>;
  readonly desk: Desk;
  readonly from: string;
  readonly decide: SheetDecide;
  /** Null in a SOP without segments. */
  readonly segments: ReadonlyMap<string, SheetDecide> | null;
}

type SheetDecide = (values: ReadonlyMap<string, Scalar>) => Decision;

function answerRow(sheet: SheetRow, { columns, desk, from, decide: decideAll, segments }: Sheet): RowAnswer {
  const decide = segments === null ? decideAll : segments.get(sheet.segment?.trim() ?? '');
  if (decide === undefined) {
    const why = isEmpty(sheet.segment ?? '') ? 'it says no segment' : `"${sheet.segment}" is no segment of this SOP`;
    return { kind: 'unread', row: sheet.row, why };
  }
  const read = readSignals(sheet, columns);
  if (typeof read === 'string') return { kind: 'unread', row: sheet.row, why: read };
  const { values, problem } = valuesFrom(read, columns);
  if (problem?.kind === 'type') {
    return { kind: 'unread', row: sheet.row, why: `${problem.signal} is not ${problem.expected}` };
  }
  const unjudged = whyUnjudged(sheet.expected, desk);
  if (unjudged !== null) return { kind: 'unread', row: sheet.row, why: unjudged };
  const wanted = sheet.expected.get('disposition') ?? '';
  const decision = decide(values);
  const atLeast = (disposition: string) => rank(desk.dispositions, disposition) >= rank(desk.dispositions, from);
  const isAlert = decision.kind === 'decided' && atLeast(decision.disposition);
  const isLabel = !isEmpty(wanted) && (yesOrNo(wanted) ?? atLeast(word(wanted)));
  const actual = outputsOf(decision, [...sheet.expected.keys()]);
  const agrees = [...sheet.expected].every(
    ([name, text]) =>
      text === null ||
      isEmpty(text) ||
      (decision.kind === 'decided' && sameAnswer(name, text, actual[name] ?? null, isAlert)),
  );
  const rule = decision.kind === 'decided' ? decision.rule : null;
  const disagreement = agrees ? null : { row: sheet.row, rule, expected: Object.fromEntries(sheet.expected), actual };
  return { kind: 'answer', state: decision.kind, isAlert, isLabel, disagreement };
}

/** A row that nobody has judged neither agrees nor disagrees, and a word that means nothing is no judgement. */
function whyUnjudged(expected: SheetRow['expected'], { dispositions }: Desk): string | null {
  if ([...expected.values()].every((text) => text === null || isEmpty(text))) return 'nobody says what is expected';
  const wanted = expected.get('disposition') ?? '';
  if (isEmpty(wanted) || yesOrNo(wanted) !== undefined || dispositions.includes(word(wanted))) return null;
  return `"${wanted}" is no disposition, and neither yes nor no`;
}

function word(text: string): string {
  return text.trim().toLowerCase();
}

function readSignals(
  sheet: SheetRow,
  columns: ReadonlyMap<string, Column>,
): { name: string; value: Literal }[] | string {
  const values: { name: string; value: Literal }[] = [];
  for (const [name, text] of sheet.signals) {
    const column = columns.get(name);
    if (column === undefined || text === null) continue;
    // An enum may have a value `none` or `na` of its own.
    if (isEmpty(text) && !enumValues(column).includes(text.trim())) continue;
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
    return (
      known.find((value) => value === text) ?? known.find((value) => value.toLowerCase() === text.toLowerCase()) ?? text
    );
  }
  return isTimeType(column.type) ? literalAs(text, column.type) : exactNumber(text);
}

function yesOrNo(text: string): boolean | undefined {
  if (/^(?:true|t|yes|y|1)$/i.test(text.trim())) return true;
  return /^(?:false|f|no|n|0)$/i.test(text.trim()) ? false : undefined;
}

function wordsFor(column: Column): string {
  if (column.type === 'boolean') return 'yes or no';
  return isTimeType(column.type) ? typeWords(column) : 'a number';
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
