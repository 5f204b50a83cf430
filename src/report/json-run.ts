import { createHash } from 'node:crypto';
import type { CheckedSop } from '../check/checked.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Sop } from '../model/sop.ts';
import { showSignals } from '../replay/evaluate.ts';
import type { EvidenceRow, ListedEvidence } from '../replay/list-evidence.ts';
import type { Unmet } from '../replay/readiness.ts';
import type { KeptGroup, RunAlert, SopRun } from '../replay/run-sop.ts';
import { type DecidedSubject, isTimeColumn, keyText, showKeyPart } from '../replay/subjects.ts';
import type { SourceFile } from '../text/source.ts';
import { formatTime } from '../text/time.ts';
import { jsonDiagnostic } from './json-check.ts';

/** What `sop run --format json` prints; `schemas/output/run.json` describes it. Without `evidence` the rows behind alerts are left out. */
export function jsonRuns(
  runs: readonly { readonly run: SopRun; readonly evidence?: ListedEvidence }[],
  failed: readonly Diagnostic[],
  files: ReadonlyMap<string, SourceFile>,
) {
  return {
    version: 1,
    runs: runs.map(({ run, evidence }) => jsonRun(run, evidence)),
    errors: failed.map((diagnostic) => jsonDiagnostic(diagnostic, files)),
  };
}

function jsonRun(run: SopRun, evidence: ListedEvidence | undefined) {
  const { sop } = run.checked;
  return {
    sop: sop.id.value,
    sop_version: sop.version.value,
    from: timeOrNull(run.window.from),
    as_of: timeOrNull(run.window.asOf),
    subjects: run.subjects,
    ...jsonLacks(run),
    undecided: run.undecided.map(({ reason, detail, team, subjects, leaning }) => ({
      reason, detail, team, subjects: subjects.length, would_be_alerts: leaning,
    })), // biome-ignore format: a row
    invalid: run.invalid.length,
    rules: run.rules,
    alerts: run.alerts.map((alert) => ({
      ...jsonRunAlert(alert, run),
      ...(evidence && { evidence: (evidence.rows.get(keyText(alert.subject.key)) ?? []).map(jsonEvidence) }),
    })),
  };
}

/** What the data lacks. */
export function jsonLacks({ unmet, unavailable }: SopRun) {
  return {
    missing: unmet.map(jsonUnmet),
    unavailable: [...unavailable].map(([signal, needs]) => ({ signal, needs })),
  };
}

export function jsonUnmet({ table, reason, detail, team, readyAt }: Unmet) {
  return { table, reason, detail, team, ready_at: timeOrNull(readyAt) };
}

/** An alert with the columns of the market table `alerts` first, so that the next run can read it. */
export function jsonRunAlert(alert: RunAlert, { checked, window }: SopRun) {
  const { sop } = checked;
  const subject = subjectOf(alert.subject, sop);
  return {
    alert_id: alertId(sop.id.value, alert.group === null ? subject : { group: alert.group, at: timeOrNull(alert.at) }),
    sop: sop.id.value,
    version: sop.version.value,
    subject,
    happened_at: timeOrNull(alert.at),
    decided_at: timeOrNull(window.asOf),
    rule: alert.rule,
    disposition: alert.disposition,
    severity: alert.severity,
    decisions: alert.decisions,
    segment: alert.subject.segment ?? null,
    group: alert.group,
    members: alert.subject.members ?? null,
    signals: showSignals(alert.subject, checked),
  };
}

/** A computed group, for the next run to know it again. */
export function jsonGroup({ id, sqlId, members }: KeptGroup, { checked }: SopRun) {
  return { sop: checked.sop.id.value, group: id, called: sqlId, members };
}

/** A decision that is none: whom it is about, why, and what the data that is there would say. */
export function jsonUndecided({ key, values, decision }: DecidedSubject, checked: CheckedSop) {
  if (decision.kind !== 'undecided') throw new Error('a decision');
  return {
    sop: checked.sop.id.value,
    subject: subjectOf({ key, values, decision }, checked.sop),
    reason: decision.reason,
    detail: decision.detail,
    team: decision.team ?? null,
    would_be: decision.leaning ?? null,
  };
}

export function jsonEvidence({ group, sourceTable, rowId, at, note, total }: EvidenceRow) {
  return { group, source_table: sourceTable, row_id: rowId, ts: timeOrNull(at), note, rows: total };
}

/** The columns of the subject as text. */
export function subjectOf({ key }: DecidedSubject, sop: Sop): Record<string, string | null> {
  return Object.fromEntries(
    sop.subject.columns.map((column, index) => {
      const part = key[index] ?? null;
      return [
        column.name,
        part === null ? null : showKeyPart(part, isTimeColumn(column.name, sop)).replace(/^"|"$/g, ''),
      ];
    }),
  );
}

/** The same subject of the same SOP has one id in every run, and so has a group as long as it keeps its id. */
export function alertId(sop: string, subject: Readonly<Record<string, string | null>>): string {
  return createHash('sha256')
    .update(JSON.stringify([sop, subject]))
    .digest('hex')
    .slice(0, 20);
}

function timeOrNull(time: number | null): string | null {
  return time === null ? null : formatTime(time);
}
