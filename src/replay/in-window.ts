import type { Decision } from '../decision/decide.ts';
import type { Sop } from '../model/sop.ts';
import type { RawValue } from '../model/value.ts';
import { formatTime } from '../text/time.ts';
import type { Need, Readiness, Unmet } from './readiness.ts';
import type { RunWindow } from './source.ts';
import type { DecidedSubject } from './subjects.ts';

/**
 * Of the decisions, those about the window: a subject that happened before its start is not asked for.
 * One that has not settled yet, or whose required data is missing, is undecided whatever the rules say of the rest.
 */
export function inWindow(
  decided: readonly DecidedSubject[],
  sop: Sop,
  { settledBy }: RunWindow,
  from: number | null,
  readiness: Readiness,
): DecidedSubject[] {
  const settle = (sop.settle?.value ?? 0) * 1e6;
  const needOf = needsOf(sop);
  return decided.flatMap((subject) => {
    const need = needOf(subject.key);
    const when = need.at;
    if (when !== null && from !== null && when < from) return [];
    const unmet = readiness({ ...need, segment: subject.segment });
    if (unmet.length > 0) return [{ ...subject, decision: withoutData(unmet, subject.decision) }];
    if (when !== null && settledBy !== null && when + settle > settledBy)
      return [{ ...subject, decision: tooEarly(when + settle, subject.decision) }];
    return [subject];
  });
}

/** For which moment and symbol a subject needs data. */
export function needsOf(sop: Sop): (key: readonly RawValue[]) => Need {
  const columns = sop.subject.columns.map((column) => column.name);
  const at = sop.at === null ? -1 : columns.indexOf(sop.at.value);
  const place = columns.indexOf('symbol');
  return (key) => {
    const time = key[at];
    const symbol = key[place] ?? null;
    return { at: typeof time === 'number' ? time : null, symbol: symbol === null ? null : String(symbol) };
  };
}

/** Undecided for lack of data, with the team that must know. */
export function withoutData(unmet: readonly Unmet[], decision: Decision | null): Decision {
  const [first] = unmet;
  return {
    kind: 'undecided',
    reason: 'requirement',
    detail: unmet.map((entry) => entry.detail).join('; '),
    trail: decision?.trail ?? [],
    cause: unmet.map(({ table, reason }) => `${table} ${reason}`).join(', '),
    ...(first !== undefined && { team: first.team }),
    ...leaning(decision),
  };
}

function tooEarly(settled: number, decision: Decision): Decision {
  const detail = `not settled until ${formatTime(settled)}`;
  return { kind: 'undecided', reason: 'not_settled', detail, trail: decision.trail, ...leaning(decision) };
}

function leaning(decision: Decision | null) {
  if (decision?.kind !== 'decided') return {};
  const { disposition, severity, rule } = decision;
  return { leaning: { disposition, severity, rule } };
}
