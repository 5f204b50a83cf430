import { describe, expect, test } from 'vitest';
import type { Decision } from '../../src/decision/decide.ts';
import type { RawValue } from '../../src/model/value.ts';
import { inWindow, withoutData } from '../../src/replay/in-window.ts';
import type { Need, Readiness, Unmet } from '../../src/replay/readiness.ts';
import { sopOf } from '../support/sops.ts';

const noon = Date.UTC(2026, 10, 2, 12) * 1000;
const hour = 3_600_000_000;

const escalated: Decision = { kind: 'decided', disposition: 'escalate', severity: 'high', rule: 'R1', trail: [] };
const open: Decision = { kind: 'undecided', reason: 'no_rule', detail: 'no rule matches', trail: [] };
const gone: Unmet = { table: 'trades', reason: 'absent', detail: 'there is no `trades`', team: 'feeds', readyAt: null };

const sop = sopOf(['subject: [owner, symbol, ts]', 'at: ts', 'settle: 1h']);
const ready: Readiness = () => [];

function decide(
  key: readonly RawValue[],
  {
    settledBy = null,
    from = null,
    readiness = ready,
    decision = escalated,
  }: Partial<{
    settledBy: number | null;
    from: number | null;
    readiness: Readiness;
    decision: Decision;
  }> = {},
  of = sop,
) {
  const window = { from, asOf: settledBy, settledBy };
  return inWindow([{ key, values: new Map(), decision }], of, window, from, readiness).map(
    (subject) => subject.decision,
  );
}

describe('a subject before the window is not asked for', () => {
  test('its first moment belongs to the window', () => {
    expect(decide(['o1', 'A', noon], { from: noon })).toEqual([escalated]);
    expect(decide(['o1', 'A', noon - 1], { from: noon })).toEqual([]);
  });
  test('a subject without a time, and a SOP without `at`, are always asked for', () => {
    expect(decide(['o1', 'A', null], { from: noon })).toEqual([escalated]);
    expect(decide(['o1', noon - 1], { from: noon }, sopOf(['subject: [owner, ts]']))).toEqual([escalated]);
  });
});

describe('what has not settled is undecided', () => {
  test('until `settle` after it is over', () => {
    expect(decide(['o1', 'A', noon], { settledBy: noon + hour })).toEqual([escalated]);
    expect(decide(['o1', 'A', noon], { settledBy: noon + hour - 1 })).toEqual([
      {
        kind: 'undecided',
        reason: 'not_settled',
        detail: 'not settled until 2026-11-02T13:00:00Z',
        trail: [],
        leaning: { disposition: 'escalate', severity: 'high', rule: 'R1' },
      },
    ]);
  });
  test('a case that states no end lets everything settle', () => {
    expect(decide(['o1', 'A', noon], { settledBy: null })).toEqual([escalated]);
  });
  test('a SOP without `settle` decides at once', () => {
    const atOnce = sopOf(['subject: [owner, symbol, ts]', 'at: ts']);
    expect(decide(['o1', 'A', noon], { settledBy: noon }, atOnce)).toEqual([escalated]);
    expect(decide(['o1', 'A', noon], { settledBy: noon - 1 }, atOnce)).toHaveLength(1);
    expect(decide(['o1', 'A', noon], { settledBy: noon - 1 }, atOnce)).not.toEqual([escalated]);
  });
});

describe('what lacks required data is undecided, whatever the rules say of the rest', () => {
  test('with the reason, the team, and where the rules lean', () => {
    expect(decide(['o1', 'A', noon], { readiness: () => [gone] })).toEqual([
      {
        kind: 'undecided',
        reason: 'requirement',
        detail: 'there is no `trades`',
        cause: 'trades absent',
        team: 'feeds',
        trail: [],
        leaning: { disposition: 'escalate', severity: 'high', rule: 'R1' },
      },
    ]);
  });
  test('undecided by the rules: there is nothing to lean to', () => {
    const [decision] = decide(['o1', 'A', noon], { readiness: () => [gone], decision: open });
    expect(decision).not.toHaveProperty('leaning');
    expect(decision).toMatchObject({ reason: 'requirement' });
  });
  test('missing data is said before that it is too early', () => {
    expect(decide(['o1', 'A', noon], { settledBy: noon, readiness: () => [gone] })[0]).toMatchObject({
      reason: 'requirement',
    });
  });
  test('it is asked for the time and the symbol of the subject', () => {
    const asked: Need[] = [];
    const readiness: Readiness = (need) => {
      asked.push(need);
      return [];
    };
    decide(['o1', 'A', noon], { readiness });
    decide(['o1', null, null], { readiness });
    decide(['o1', 5], { readiness }, sopOf(['subject: [owner, symbol]']));
    expect(asked).toEqual([
      { at: noon, symbol: 'A' },
      { at: null, symbol: null },
      { at: null, symbol: '5' },
    ]);
  });
  test('several reasons, in the order of Requires; the team of the first', () => {
    const late: Unmet = { table: 'accounts', reason: 'late', detail: 'too old', team: 'kyc', readyAt: null };
    expect(withoutData([gone, late], null)).toEqual({
      kind: 'undecided',
      reason: 'requirement',
      detail: 'there is no `trades`; too old',
      cause: 'trades absent, accounts late',
      team: 'feeds',
      trail: [],
    });
  });
});
