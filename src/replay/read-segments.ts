import type { Segmentation } from '../check/checked.ts';
import { quote } from '../diagnostics/words.ts';
import type { DataSet, Limits, SqlResult, TableShape } from '../model/ports.ts';
import type { Sop } from '../model/sop.ts';
import type { RawValue } from '../model/value.ts';
import { missingData } from './run-sql.ts';
import { keyText, showKeyPart } from './subjects.ts';

/** The segment of a subject, or why it has none. `cause` is alike for all that lack the same. */
export type Placement =
  | { readonly kind: 'in'; readonly segment: string }
  | { readonly kind: 'unknown'; readonly detail: string; readonly cause: string };

/** Tells the segment of the subject with this key. */
export interface Placer {
  (key: readonly RawValue[]): Placement;
  /** The segments of which the data has a row at all. */
  readonly present: ReadonlySet<string>;
}

/** The part of a data set's description that is needed here. */
export interface SegmentData {
  readonly data: DataSet;
  readonly shapes: readonly TableShape[];
  readonly given: ReadonlySet<string>;
}

/** From when to when a row holds (the end excluded), in microseconds since 1970 UTC. */
interface Period {
  readonly from: number;
  readonly to: number;
  readonly segment: string | null;
}

/** The rows of the table of segments, by the columns that subject and table share. */
type Periods = ReadonlyMap<string, readonly Period[]>;

/**
 * Reads who is in which segment from the table that `segment_by` names, as it could be known at the window's end. Where
 * its rows are dated, the one counts that held at the subject's time; without such a time, at the window's end (`asOf`).
 * Null for a SOP without segments.
 */
export async function readSegments(
  segmentation: Segmentation | null,
  sop: Sop,
  source: SegmentData,
  asOf: number | null,
  limits: Limits,
): Promise<SqlResult<Placer | null>> {
  if (segmentation === null) return { ok: true, value: null };
  const { table, column, join } = segmentation;
  if (segmentation.isMarket && !source.given.has(table)) return absent(`there is no \`${table}\``, table);
  const present = columnsOf(segmentation, source);
  const missing = [...join, column].find((name) => !present.includes(name));
  if (missing !== undefined) return absent(`\`${table}\` has no \`${missing}\``, `${table}.${missing}`);
  const read = await readPeriods(segmentation, present, source.data, limits);
  if (read.ok) return { ok: true, value: placerOf(segmentation, sop, read.value, asOf) };
  const needs = missingData(read.problem);
  return needs === null
    ? read
    : absent(`\`${table}\` cannot be made without \`${needs}\``, `${table} without ${needs}`);
}

/** The columns that are there: what a file lacks is not. */
function columnsOf({ table, columns }: Segmentation, { data, shapes }: SegmentData): readonly string[] {
  const opened = shapes.find((shape) => shape.name === table)?.columns.map((entry) => entry.name);
  return data.files.find((file) => file.table === table)?.present ?? opened ?? columns;
}

async function readPeriods(
  { table, column, join }: Segmentation,
  present: readonly string[],
  data: DataSet,
  limits: Limits,
): Promise<SqlResult<Periods>> {
  const periods = new Map<string, Period[]>();
  // The names are columns of a table that a check has found: they need no other care than quotes.
  const names = [...join, column].map((name) => `CAST("${name}" AS VARCHAR)`);
  const dates = ['valid_from', 'valid_to'].map((name) => (present.includes(name) ? name : 'CAST(NULL AS TIMESTAMP)'));
  const items = [...names, ...dates].map((item, index) => `${item} AS c${index}`);
  const sql = `SELECT DISTINCT ${items.join(', ')} FROM "${table}"`;
  const read = await data.run({ sql, parameters: [] }, limits, ({ length, columns }) => {
    for (let row = 0; row < length; row++) {
      const key = keyText(join.map((_, index) => columns[index]?.[row] ?? null));
      const [segment, from, to] = [0, 1, 2].map((offset) => columns[join.length + offset]?.[row] ?? null);
      const period = {
        from: typeof from === 'number' ? from : Number.NEGATIVE_INFINITY,
        to: typeof to === 'number' ? to : Number.POSITIVE_INFINITY,
        segment: typeof segment === 'string' ? segment : null,
      };
      const known = periods.get(key);
      if (known === undefined) periods.set(key, [period]);
      else known.push(period);
    }
  });
  return read.ok ? { ok: true, value: periods } : read;
}

function placerOf(segmentation: Segmentation, sop: Sop, periods: Periods, asOf: number | null): Placer {
  const { join } = segmentation;
  const subject = sop.subject.columns.map((entry) => entry.name);
  const places = join.map((name) => subject.indexOf(name));
  const at = subject.indexOf(sop.at?.value ?? '');
  const known = new Set(segmentation.segments.map(({ name }) => name));
  const place = (key: readonly RawValue[]): Placement => {
    const time = key[at];
    const moment = typeof time === 'number' ? time : asOf;
    const parts = places.map((place) => key[place] ?? null);
    const own = periods.get(keyText(parts.map((part) => (part === null ? null : String(part))))) ?? [];
    const held = own.filter((period) => moment === null || (period.from <= moment && moment < period.to));
    const segments = new Set(held.map((period) => period.segment));
    const [only] = segments;
    if (segments.size === 1 && typeof only === 'string' && known.has(only)) return { kind: 'in', segment: only };
    const whom = join.map((name, index) => `${name} = ${quote(showKeyPart(parts[index] ?? null, false), 60)}`);
    return { kind: 'unknown', ...whyUnknown(segmentation, whom.join(', '), segments) };
  };
  const present = [...periods.values()].flatMap((own) => own.flatMap(({ segment }) => segment ?? []));
  return Object.assign(place, { present: new Set(present.filter((segment) => known.has(segment))) });
}

function whyUnknown({ by, table }: Segmentation, whom: string, segments: ReadonlySet<string | null>) {
  const [only] = segments;
  if (segments.size === 0) return unknown(`\`${table}\` has no row for ${whom} then`, `${table} without a row`);
  if (segments.size > 1) {
    const said = [...segments].map((segment) => (segment === null ? 'nothing' : `"${quote(segment, 30)}"`)).sort();
    return unknown(`\`${by}\` of ${whom} is ${said.slice(0, 4).join(' and ')} at the same time`, `${by} twice`);
  }
  if (only === null || only === undefined) return unknown(`\`${by}\` of ${whom} is empty`, `${by} empty`);
  const value = `"${quote(only, 40)}"`;
  return {
    detail: `\`${by}\` of ${whom} is ${value}, a segment for which Parameters has no column`,
    cause: `${by} ${value} without a column`,
  };
}

function unknown(what: string, cause: string) {
  return { detail: `${what}: its segment is not known`, cause };
}

function absent(what: string, name: string): SqlResult<Placer> {
  const placement: Placement = { kind: 'unknown', ...unknown(what, `${name} absent`) };
  return { ok: true, value: Object.assign(() => placement, { present: new Set<string>() }) };
}
