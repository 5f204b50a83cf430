import type { Desk } from '../model/library.ts';
import type { Sop } from '../model/sop.ts';
import type { RawValue } from '../model/value.ts';
import { rank } from './comparer.ts';
import { compareKeys, type DecidedSubject, keyText } from './subjects.ts';

/** Decisions that a desk sees as one: opened by the first, joined by later ones within the quiet time of its opening. */
export interface Alert {
  /** The values of the columns that `alert.by` names. */
  readonly by: readonly RawValue[];
  /** Microseconds since 1970 UTC: the time of the decision that opened it. */
  readonly at: number;
  /** The highest of its decisions. */
  readonly disposition: string;
  readonly severity: string;
  readonly rule: string;
  readonly opening: DecidedSubject;
  /** The first of its gravest decisions: the one whose evidence is worth reading. */
  readonly gravest: DecidedSubject;
  readonly decisions: number;
}

/**
 * Alerts at or above a disposition, by group and then by time. A decision without a time opens none; where a SOP has no
 * `at` or no `alert`, see `everyAlert`.
 */
export function openAlerts(decided: readonly DecidedSubject[], sop: Sop, desk: Desk, from: string): Alert[] {
  const columns = sop.subject.columns.map((column) => column.name);
  const by = (sop.alert?.by ?? []).map((place) => columns.indexOf(place.value));
  const at = columns.indexOf(sop.at?.value ?? '');
  const quiet = (sop.alert?.quietSeconds ?? 0) * 1e6;
  const least = rank(desk.dispositions, from);
  const groups = new Map<string, { by: readonly RawValue[]; hits: { subject: DecidedSubject; time: number }[] }>();
  for (const subject of decided) {
    const { decision } = subject;
    const time = subject.key[at];
    if (
      decision.kind !== 'decided' ||
      rank(desk.dispositions, decision.disposition) < least ||
      typeof time !== 'number'
    )
      continue;
    const key = by.map((index) => subject.key[index] ?? null);
    const name = keyText(key);
    const group = groups.get(name) ?? { by: key, hits: [] };
    groups.set(name, group);
    group.hits.push({ subject, time });
  }
  const ordered = [...groups.values()].sort((a, b) => compareKeys(a.by, b.by));
  return ordered.flatMap(({ by: key, hits }) => joinWithin(hits, key, quiet, desk));
}

function joinWithin(
  hits: readonly { subject: DecidedSubject; time: number }[],
  by: readonly RawValue[],
  quiet: number,
  desk: Desk,
): Alert[] {
  const alerts: Alert[] = [];
  const ordered = [...hits].sort((a, b) => a.time - b.time || compareKeys(a.subject.key, b.subject.key));
  for (const { subject, time } of ordered) {
    const { decision } = subject;
    if (decision.kind !== 'decided') continue;
    const open = alerts.at(-1);
    const { disposition, severity, rule } = decision;
    if (open === undefined || time - open.at > quiet) {
      alerts.push({ by, at: time, disposition, severity, rule, opening: subject, gravest: subject, decisions: 1 });
    } else {
      const more = rank(desk.dispositions, disposition) - rank(desk.dispositions, open.disposition);
      const graver = rank(desk.severities, severity) - rank(desk.severities, open.severity);
      alerts[alerts.length - 1] = {
        ...open,
        decisions: open.decisions + 1,
        ...(more > 0 || (more === 0 && graver > 0) ? { disposition, severity, rule, gravest: subject } : {}),
      };
    }
  }
  return alerts;
}
