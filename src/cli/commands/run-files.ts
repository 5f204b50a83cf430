import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from '../../host/disk-store.ts';
import type { ColumnSql, SqlEngine } from '../../model/ports.ts';
import { parseTime, sqlTime } from '../../model/time.ts';
import type { ListedEvidence } from '../../replay/list-evidence.ts';
import type { SopRun } from '../../replay/run-sop.ts';
import { keyText } from '../../replay/subjects.ts';
import { jsonEvidence, jsonGroup, jsonRunAlert, jsonUndecided } from '../../report/json-run.ts';
import type { Terminal } from '../terminal.ts';

/** One SOP's run with the rows behind its alerts. */
export interface Finished {
  readonly run: SopRun;
  readonly evidence: ListedEvidence;
}

const alertColumns: Readonly<Record<string, ColumnSql>> = {
  alert_id: 'VARCHAR', sop: 'VARCHAR', version: 'VARCHAR', subject: 'VARCHAR', happened_at: 'TIMESTAMP', decided_at: 'TIMESTAMP',
  rule: 'VARCHAR', disposition: 'VARCHAR', severity: 'VARCHAR', decisions: 'BIGINT', segment: 'VARCHAR', group: 'VARCHAR', members: 'VARCHAR', signals: 'VARCHAR',
}; // biome-ignore format: a table

const evidenceColumns: Readonly<Record<string, ColumnSql>> = {
  alert_id: 'VARCHAR', group: 'VARCHAR', source_table: 'VARCHAR', row_id: 'VARCHAR', ts: 'TIMESTAMP', note: 'VARCHAR', rows: 'BIGINT',
}; // biome-ignore format: a table

const undecidedColumns: Readonly<Record<string, ColumnSql>> = {
  sop: 'VARCHAR', subject: 'VARCHAR', reason: 'VARCHAR', detail: 'VARCHAR', team: 'VARCHAR', would_be: 'VARCHAR',
}; // biome-ignore format: a table

/** Writes what a run found (`json`) as it is, and its lists as JSON lines and as Parquet; `alerts` has the columns of the market table of that name. */
export async function writeRuns(
  folder: string,
  finished: readonly Finished[],
  json: string,
  engine: SqlEngine,
  terminal: Terminal,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const lists = {
    alerts: {
      columns: alertColumns,
      rows: finished.flatMap(({ run }) => run.alerts.map((alert) => jsonRunAlert(alert, run))),
    },
    evidence: { columns: evidenceColumns, rows: finished.flatMap(evidenceRows) },
    undecided: {
      columns: undecidedColumns,
      rows: finished.flatMap(({ run }) =>
        run.undecided.flatMap(({ subjects }) => subjects.map((subject) => jsonUndecided(subject, run.checked))),
      ),
    },
  };
  for (const [name, { columns, rows }] of Object.entries(lists)) {
    await writeAtomically(join(folder, `${name}.jsonl`), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const shape = { name, key: [], columns: Object.entries(columns).map(([column, sql]) => ({ name: column, sql })) };
    const cells = rows.map((row) => shape.columns.map(({ name: column, sql }) => cellOf(Object(row)[column], sql)));
    await engine.writeParquet(join(folder, `${name}.parquet`), shape, cells);
  }
  const groups = finished.flatMap(({ run }) => run.groups.map((group) => jsonGroup(group, run)));
  if (finished.some(({ run }) => run.checked.sop.identity !== null))
    await writeAtomically(join(folder, groupsFile), groups.map((row) => `${JSON.stringify(row)}\n`).join(''));
  await writeAtomically(join(folder, 'run.json'), json);
  terminal.say(`wrote ${folder}/run.json, and alerts, evidence and undecided as .jsonl and .parquet\n`);
}

function evidenceRows({ run, evidence }: Finished) {
  return run.alerts.flatMap((alert) => {
    const { alert_id } = jsonRunAlert(alert, run);
    return (evidence.rows.get(keyText(alert.subject.key)) ?? []).map((row) => ({ alert_id, ...jsonEvidence(row) }));
  });
}

/** The computed groups of a run, which the next one continues. */
export const groupsFile = 'groups.jsonl';

/** Objects as JSON text, times as the engine reads them. */
function cellOf(value: unknown, sql: ColumnSql): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'object') return JSON.stringify(value);
  const time = sql === 'TIMESTAMP' ? parseTime(String(value)) : undefined;
  return time === undefined ? String(value) : sqlTime(time);
}
