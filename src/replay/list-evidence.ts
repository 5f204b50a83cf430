import { evidenceColumns } from '../check/bind-evidence.ts';
import { sqlParameters } from '../check/binder.ts';
import type { CheckedGroup, CheckedSop } from '../check/checked.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { DataSet, Limits, RowBatch } from '../model/ports.ts';
import type { Parameter, Sop, SqlText } from '../model/sop.ts';
import type { RawValue } from '../model/value.ts';
import { sqlTime } from '../text/time.ts';
import { describeFailure } from './describe-failure.ts';
import { missingData } from './run-sql.ts';
import { segmentRuns } from './segment-runs.ts';
import type { RunWindow } from './source.ts';
import { type DecidedSubject, keyText } from './subjects.ts';

/** Rows that are listed of each subject and group; the count says how many there are. */
export const mostEvidence = 200;

/** A row behind a signal. */
export interface EvidenceRow {
  /** The group of signals that it stands behind. */
  readonly group: string;
  readonly sourceTable: string;
  readonly rowId: string;
  /** Microseconds since 1970 UTC. */
  readonly at: number | null;
  readonly note: string;
  /** How many rows of this group the subject has, listed or not. */
  readonly total: number;
}

export interface ListedEvidence {
  /** The rows of each subject that was asked for, by its key as text (`keyText`), in the order of groups, times and rows. */
  readonly rows: ReadonlyMap<string, readonly EvidenceRow[]>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Computes the rows behind the signals of some subjects, on the data and the window of the run. */
export async function listEvidence(
  checked: CheckedSop,
  data: DataSet,
  window: RunWindow,
  subjects: readonly DecidedSubject[],
  limits: Limits,
  label: string,
): Promise<ListedEvidence> {
  const rows = new Map<string, EvidenceRow[]>(subjects.map(({ key }) => [keyText(key), []]));
  const diagnostics: Diagnostic[] = [];
  const runs = subjects.length === 0 ? [] : checked.groups.flatMap((entry) => evidenceRuns(checked, entry));
  for (const { entry, sql, parameters, segments } of runs) {
    const own = subjects.filter(({ segment }) => segments === null || segments.has(segment ?? ''));
    if (own.length === 0) continue;
    const found = await listGroup(checked.sop, parameters, entry, sql, data, window, own, limits);
    if ('problem' in found) {
      // What the data lacks has been told of the signals already.
      if (missingData(found.problem) === null)
        diagnostics.push(
          describeFailure(found.problem, entry.group, sql, checked, { case: label, sop: checked.sop.id.value }),
        );
      continue;
    }
    for (const subject of own)
      rows
        .get(keyText(subject.key))
        ?.push(...(found.rows.get(keyText(found.places.map((place) => subject.key[place] ?? null))) ?? []));
  }
  return { rows, diagnostics };
}

/** The SQL of a group's evidence, once for all segments that it does not tell apart. */
function evidenceRuns(checked: CheckedSop, entry: CheckedGroup) {
  const sql = entry.group.evidence;
  if (sql === null || entry.evidence === null) return [];
  return segmentRuns(checked, sql).map((run) => ({ entry, sql, ...run }));
}

async function listGroup(
  sop: Sop,
  parameters: readonly Parameter[],
  { group, evidence }: CheckedGroup,
  sql: SqlText,
  data: DataSet,
  window: RunWindow,
  subjects: readonly DecidedSubject[],
  limits: Limits,
) {
  const returned = new Map((evidence?.columns ?? []).map((column) => [column.name, column.kind]));
  const places = sop.subject.columns.flatMap(({ name }, index) => (returned.has(name) ? [index] : []));
  const keyColumns = places.map((place) => sop.subject.columns[place]?.name ?? '');
  const asText = (value: RawValue, name: string) => {
    if (value === null) return null;
    return returned.get(name) === 'timestamp' ? sqlTime(Number(value)) : String(value);
  };
  const keys = new Map(
    subjects.map(({ key }) => {
      const parts = places.map((place) => key[place] ?? null);
      return [keyText(parts), parts.map((part, index) => asText(part, keyColumns[index] ?? ''))] as const;
    }),
  );
  const timeColumn = Object.entries(evidenceColumns(sop)).find(([, kind]) => kind === 'timestamp')?.[0] ?? 'ts';
  const moment = { from: window.from ?? 0, asOf: window.asOf ?? 0 };
  const rows = new Map<string, EvidenceRow[]>();
  const names = [...keys.keys()];
  const query = {
    sql: sql.text,
    parameters: sqlParameters(parameters, moment),
    keyColumns,
    keys: [...keys.values()],
    timeColumn,
    most: mostEvidence,
  };
  const take = ({ length, columns: [places, totals, lists] }: RowBatch) => {
    for (let row = 0; row < length; row++) {
      const key = names[Number(places?.[row])];
      if (key !== undefined) rows.set(key, readRows(String(lists?.[row]), group.name.value, Number(totals?.[row])));
    }
  };
  const result = await data.run(query, limits, take);
  return result.ok ? { rows, places } : { problem: result.problem };
}

function readRows(list: string, group: string, total: number): EvidenceRow[] {
  // The SQL that gives it is ours.
  const rows = JSON.parse(list) as [string | null, string | null, number | null, string | null][];
  return rows.map(([table, id, at, note]) => ({
    group, sourceTable: table ?? '', rowId: id ?? '', at, note: note ?? '', total,
  })); // biome-ignore format: a row
}
