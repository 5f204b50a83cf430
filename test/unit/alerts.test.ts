import { describe, expect, test } from 'vitest';
import type { Decision } from '../../src/decision/decide.ts';
import type { RawValue } from '../../src/model/value.ts';
import { openAlerts } from '../../src/replay/alerts.ts';
import type { DecidedSubject } from '../../src/replay/subjects.ts';
import { desk, sopOf } from '../support/sops.ts';

const minute = 60e6;
const sop = sopOf(['subject: [symbol, ts]', 'at: ts', 'alert: {from: investigate, by: [symbol], quiet: 30m}']);

function decided(
  symbol: RawValue,
  minutes: number | null,
  disposition: string,
  severity = 'low',
  rule = 'R1',
): DecidedSubject {
  const decision: Decision = { kind: 'decided', disposition, severity, rule, trail: [] };
  return { key: [symbol, minutes === null ? null : minutes * minute], values: new Map(), decision };
}

function open(subjects: readonly DecidedSubject[], from = 'investigate') {
  return openAlerts(subjects, sop, desk, from).map(
    (alert) =>
      `${String(alert.by[0])} at ${alert.at / minute}: ${alert.disposition} ${alert.severity} ${alert.rule} of ${alert.decisions}`,
  );
}

describe('decisions become alerts', () => {
  test('later ones within the quiet time of the opening join it, and do not prolong it', () => {
    const times = [0, 20, 40, 60, 61].map((at) => decided('A', at, 'investigate'));
    expect(open(times)).toEqual(['A at 0: investigate low R1 of 2', 'A at 40: investigate low R1 of 3']);
  });
  test('the quiet time includes its last microsecond', () => {
    const edge = (extra: number): DecidedSubject => ({
      ...decided('A', 0, 'escalate'),
      key: ['A', 30 * minute + extra],
    });
    expect(open([decided('A', 0, 'escalate'), edge(0)])).toHaveLength(1);
    expect(open([decided('A', 0, 'escalate'), edge(1)])).toHaveLength(2);
  });
  test('an alert has its opening time and its highest disposition, with that one’s severity and rule', () => {
    const rising = [
      decided('A', 0, 'investigate', 'low', 'R2'),
      decided('A', 5, 'escalate', 'high', 'R1'),
      decided('A', 9, 'investigate', 'critical', 'R3'),
    ];
    expect(open(rising)).toEqual(['A at 0: escalate high R1 of 3']);
  });
  test('what is below `from` opens nothing and joins nothing', () => {
    const low = [
      decided('A', 0, 'monitor'),
      decided('A', 10, 'dismiss'),
      decided('A', 20, 'investigate'),
      decided('A', 45, 'monitor'),
    ];
    expect(open(low)).toEqual(['A at 20: investigate low R1 of 1']);
    expect(open(low, 'monitor')).toEqual(['A at 0: investigate low R1 of 2', 'A at 45: monitor low R1 of 1']);
    expect(open(low, 'escalate')).toEqual([]);
  });
  test('undecided, invalid and timeless decisions open nothing', () => {
    const undecided: DecidedSubject = {
      key: ['A', 0],
      values: new Map(),
      decision: { kind: 'undecided', reason: 'no_rule', detail: '', trail: [] },
    };
    const invalid: DecidedSubject = {
      key: ['A', 0],
      values: new Map(),
      decision: { kind: 'invalid', detail: '', trail: [] },
    };
    expect(open([undecided, invalid, decided('A', null, 'escalate')])).toEqual([]);
  });
  test('groups are apart, ordered by name and then by time, whatever order the rows came in', () => {
    const rows = [
      decided('B', 5, 'escalate'),
      decided('A', 90, 'escalate'),
      decided('A', 0, 'escalate'),
      decided('B', 0, 'escalate'),
    ];
    const expected = ['A at 0: escalate low R1 of 1', 'A at 90: escalate low R1 of 1', 'B at 0: escalate low R1 of 2'];
    expect(open(rows)).toEqual(expected);
    expect(open([...rows].reverse())).toEqual(expected);
  });
  test('a NULL name and an account called "null" are two groups', () => {
    expect(open([decided(null, 0, 'escalate'), decided('null', 5, 'escalate')])).toHaveLength(2);
  });
});
