import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from '../../host/disk-store.ts';
import type { ColumnSql, SqlEngine } from '../../model/ports.ts';
import type { EvidenceRow, ListedEvidence } from '../../replay/list-evidence.ts';
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

/**
 * Writes what a run found as it is printed for programs, and its lists as JSON lines and as Parquet; `alerts` has the columns of
 * the market table of that name.
 */
export async function writeRuns(
  folder: string,
  finished: readonly Finished[],
  asJson: () => string,
  engine: SqlEngine,
  terminal: Terminal,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const alerts = finished.flatMap(({ run }) => run.alerts.map((alert) => jsonRunAlert(alert, run)));
  const behind = finished.flatMap(({ run, evidence }) =>
    run.alerts.map(({ subject }) => evidence.rows.get(keyText(subject.key)) ?? []),
  );
  const write = (name: string, text: string) => writeAtomically(join(folder, name), text);
  const writeList = async (name: string, columns: Readonly<Record<string, ColumnSql>>, lines: string) => {
    await write(`${name}.jsonl`, lines);
    const shape = Object.entries(columns).map(([column, sql]) => ({ name: column, sql }));
    await engine.writeParquet(join(folder, `${name}.jsonl`), join(folder, `${name}.parquet`), shape);
  };
  // All at once, the longest first: while it is written, the next one is put together, and the SQL process works on a third.
  await Promise.all([
    writeList(
      'evidence',
      evidenceColumns,
      alerts.map(({ alert_id }, at) => evidenceLines(alert_id, behind[at])).join(''),
    ),
    writeList('alerts', alertColumns, asLines(alerts)),
    writeList('undecided', undecidedColumns, asLines(finished.flatMap(({ run }) => undecidedRows(run)))),
    finished.some(({ run }) => run.checked.sop.identity !== null) &&
      write(groupsFile, asLines(finished.flatMap(({ run }) => run.groups.map((group) => jsonGroup(group, run))))),
    write('run.json', asJson()),
  ]);
  terminal.say(`wrote ${folder}/run.json, and alerts, evidence and undecided as .jsonl and .parquet\n`);
}

function evidenceLines(alert: string, rows: readonly EvidenceRow[] = []): string {
  return asLines(rows.map((row) => ({ alert_id: alert, ...jsonEvidence(row) })));
}

function undecidedRows({ undecided, checked }: SopRun): object[] {
  return undecided.flatMap(({ subjects }) => subjects.map((subject) => jsonUndecided(subject, checked)));
}

function asLines(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** The computed groups of a run, which the next one continues. */
export const groupsFile = 'groups.jsonl';
