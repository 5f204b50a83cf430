import type { Decide, Decision } from '../decision/decide.ts';
import type { Column, Logic } from '../decision/logic.ts';
import { missingValue, normalise, type Scalar } from '../decision/normalise.ts';
import type { ResultColumn, RowBatch } from '../model/ports.ts';
import type { Sop } from '../model/sop.ts';
import type { Literal, RawValue } from '../model/value.ts';
import { formatTime, parseTime } from '../text/time.ts';

/** One subject: its key, one value a column of `subject`, and its signals. */
export interface SubjectValues {
  readonly key: readonly RawValue[];
  /** Normalised; signals that nobody gave have their `Missing` value. */
  readonly values: ReadonlyMap<string, Scalar>;
}

export interface DecidedSubject extends SubjectValues {
  readonly decision: Decision;
  /** The segment by whose parameters it was decided; absent in a SOP without segments, and where it is not known. */
  readonly segment?: string;
  /** The members of a computed group, by code point; absent in a SOP without `identity`. */
  readonly members?: readonly string[];
}

/** What is known of the columns of a subject, to read and to show one. */
export interface KeyColumns {
  readonly subject: { readonly columns: readonly { readonly name: string }[] };
  readonly at: { readonly value: string } | null;
}

/** What is wrong with the rows of a group. */
export type RowProblem =
  | { readonly kind: 'two_rows'; readonly key: readonly RawValue[] }
  | { readonly kind: 'null_key'; readonly column: string }
  | { readonly kind: 'type'; readonly signal: string; readonly expected: string };

/**
 * Collects the rows that groups return into subjects: the union of the whole keys, joined with NULL equal to NULL. A
 * group that returns part of the key is spread over the subjects that share it and makes none of its own.
 */
export class SubjectTable {
  private readonly whole = new Map<string, { key: readonly RawValue[]; values: Map<string, Scalar> }>();
  private readonly partial: PartialRows[] = [];
  /** How many NaN and infinite values became null, by signal. */
  readonly notFinite = new Map<string, number>();

  constructor(
    private readonly sop: Sop,
    private readonly columns: ReadonlyMap<string, Column>,
  ) {}

  /**
   * Opens the rows of one group; the returned function takes them batch by batch and gives the first problem. Rows that
   * `isOwn` refuses are passed over.
   */
  group(
    result: readonly ResultColumn[] | readonly { readonly name: string }[],
    signals: ReadonlySet<string>,
  ): (batch: RowBatch, isOwn?: (row: number) => boolean) => RowProblem | null {
    const subject = this.sop.subject.columns;
    const places = subject.map((column) => result.findIndex((entry) => entry.name === column.name));
    const present = places.flatMap((place, index) => (place < 0 ? [] : [index]));
    const isWhole = present.length === subject.length;
    const measured = result.flatMap((entry, place) => {
      const column = this.columns.get(entry.name);
      return column !== undefined && signals.has(entry.name) ? [{ place, column }] : [];
    });
    const seen = new Map<string, Map<string, Scalar>>();
    if (!isWhole) this.partial.push({ present, rows: seen });
    const takeRow = (batch: RowBatch, row: number): RowProblem | null => {
      const key = present.map((index) => batch.columns[places[index] ?? 0]?.[row] ?? null);
      const gap = present.find((index, at) => key[at] === null && subject[index]?.nullable === false);
      if (gap !== undefined) return { kind: 'null_key', column: subject[gap]?.name ?? '' };
      const name = keyText(key);
      if (seen.has(name)) return { kind: 'two_rows', key };
      const values = isWhole ? this.valuesOf(name, key) : new Map<string, Scalar>();
      seen.set(name, values);
      return this.measure(batch, row, measured, values);
    };
    return (batch, isOwn) => {
      for (let row = 0; row < batch.length; row++) {
        if (isOwn !== undefined && !isOwn(row)) continue;
        const problem = takeRow(batch, row);
        if (problem !== null) return problem;
      }
      return null;
    };
  }

  private measure(
    batch: RowBatch,
    row: number,
    measured: readonly Measured[],
    values: Map<string, Scalar>,
  ): RowProblem | null {
    for (const { place, column } of measured) {
      const read = normalise(batch.columns[place]?.[row] ?? null, column);
      if (!read.ok) return { kind: 'type', signal: column.name, expected: read.expected };
      if (read.wasNotFinite) this.notFinite.set(column.name, (this.notFinite.get(column.name) ?? 0) + 1);
      if (read.value !== null) values.set(column.name, read.value);
    }
    return null;
  }

  private valuesOf(name: string, key: readonly RawValue[]): Map<string, Scalar> {
    const known = this.whole.get(name);
    if (known !== undefined) return known.values;
    const values = new Map<string, Scalar>();
    this.whole.set(name, { key, values });
    return values;
  }

  /** Some value of a key column that SQL has returned; null where there is none, and for anything that is no key. */
  sampleOf(column: string): RawValue {
    const index = this.sop.subject.columns.findIndex((entry) => entry.name === column);
    for (const { key } of index < 0 ? [] : this.whole.values()) {
      const part = key[index] ?? null;
      if (part !== null) return part;
    }
    return null;
  }

  /** Decides every subject, ordered by key. */
  decide(logic: Logic, decide: Decide, unavailable: ReadonlySet<string>): DecidedSubject[] {
    const missing = missingValues([...logic.inputs, ...this.columns.values()]);
    const decided = [...this.whole.values()].map(({ key, values }) => {
      for (const { present, rows } of this.partial) {
        for (const [name, value] of rows.get(keyText(present.map((index) => key[index] ?? null))) ?? [])
          values.set(name, value);
      }
      for (const [name, value] of missing) if (!values.has(name)) values.set(name, value);
      return { key, values, decision: decide(values, unavailable) };
    });
    return decided.sort((a, b) => compareKeys(a.key, b.key));
  }
}

/** A signal and where the result has it. */
interface Measured {
  readonly place: number;
  readonly column: Column;
}

interface PartialRows {
  /** Which columns of the subject the group returns. */
  readonly present: readonly number[];
  readonly rows: ReadonlyMap<string, ReadonlyMap<string, Scalar>>;
}

/** No row and a NULL in a row both become `Missing`. */
function missingValues(columns: Iterable<Column>): Map<string, Scalar> {
  return new Map(Array.from(columns, (column) => [column.name, missingValue(column)]));
}

/** Values given by hand (a case, a person), with `Missing` for the rest and for null. The first that does not fit is named. */
export function valuesFrom(
  given: readonly { readonly name: string; readonly value: Literal }[],
  columns: ReadonlyMap<string, Column>,
): { readonly values: Map<string, Scalar>; readonly problem: RowProblem | null } {
  const values = missingValues(columns.values());
  for (const { name, value } of given) {
    const column = columns.get(name);
    const read = column === undefined ? undefined : normalise(value, column);
    if (read === undefined) continue;
    if (!read.ok) return { values, problem: { kind: 'type', signal: name, expected: read.expected } };
    if (value !== null) values.set(name, read.value);
  }
  return { values, problem: null };
}

/** Parameters that head a column have the same value for every subject. */
export function withParameters(values: ReadonlyMap<string, Scalar>, { inputs }: Logic): Map<string, Scalar> {
  const rest = inputs.filter((column) => !values.has(column.name));
  return new Map([...values, ...missingValues(rest)]);
}

/** A key as a text that tells NULL, text and numbers apart. */
export function keyText(key: readonly RawValue[]): string {
  return key
    .map((part) => (part === null ? '\u0001' : `${typeof part === 'string' ? '"' : ''}${String(part)}`))
    .join('\u0000');
}

/** By each column in turn: numbers and times by size, text by code point, NULL last. */
export function compareKeys(a: readonly RawValue[], b: readonly RawValue[]): number {
  for (let index = 0; index < a.length; index++) {
    const left = a[index] ?? null;
    const right = b[index] ?? null;
    if (left === right) continue;
    if (left === null) return 1;
    if (right === null) return -1;
    if (left < right) return -1;
    if (left > right) return 1;
  }
  return 0;
}

/** `symbol = "BTC-USDT", ts = 2026-11-02T00:30:00Z`. */
export function showKey(key: readonly RawValue[], sop: KeyColumns): string {
  return sop.subject.columns
    .map((column, index) => `${column.name} = ${showKeyPart(key[index] ?? null, isTimeColumn(column.name, sop))}`)
    .join(', ');
}

/** Times are named as in the market tables: `ts`, `…_ts`; or `at` says so. */
export function isTimeColumn(name: string, { at }: Pick<KeyColumns, 'at'>): boolean {
  return name === at?.value || /(?:^|_)ts$/.test(name);
}

export function showKeyPart(part: RawValue, isTime: boolean): string {
  if (part === null) return 'null';
  if (typeof part === 'number' && isTime) return formatTime(part);
  return typeof part === 'string' ? `"${part}"` : String(part);
}

/** True where a key column, as data gives it, is what a case writes. */
export function matchesText(part: RawValue, text: string | null): boolean {
  if (part === null || text === null) return part === null && text === null;
  if (typeof part === 'number') return parseTime(text) === part || Number(text) === part;
  return String(part) === text;
}
