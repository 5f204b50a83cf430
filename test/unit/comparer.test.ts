import { describe, expect, test } from 'vitest';
import type { Decision } from '../../src/decision/decide.ts';
import type { RawValue } from '../../src/model/value.ts';
import { compareDecisions, worst } from '../../src/replay/comparer.ts';
import type { DecidedSubject } from '../../src/replay/subjects.ts';
import { caseOf, desk, sopOf } from '../support/sops.ts';

const sop = sopOf(['subject: [owner, ts]', 'at: ts']);
const noon = Date.UTC(2026, 10, 2, 12) * 1000;

/** `escalate/high/R1`, `undecided` or `invalid`. */
function subject(owner: RawValue, said: string, at: RawValue = noon): DecidedSubject {
  const [disposition = '', severity = 'info', rule = 'else'] = said.split('/');
  const decision: Decision =
    said === 'undecided'
      ? { kind: 'undecided', reason: 'no_rule', detail: '', trail: [] }
      : said === 'invalid'
        ? { kind: 'invalid', detail: '', trail: [] }
        : { kind: 'decided', disposition, severity, rule, trail: [] };
  return { key: [owner, at], values: new Map(), decision };
}

function outcome(kind: string, expect: string, decided: readonly DecidedSubject[], others = 'dismiss'): string {
  const entry = caseOf(`kind: ${kind}\ngiven: {trades: []}\nexpect: [${expect}]`);
  const compared = compareDecisions(entry.kind, entry.expect, others, decided, sop, desk);
  return worst(compared, entry.kind)?.outcome ?? 'nothing';
}

describe('one subject against its expectation', () => {
  test.each<[kind: string, expected: string, actual: string, outcome: string]>([
    ['attack', 'disposition: escalate', 'escalate', 'caught'],
    ['attack', 'disposition: escalate, severity: high, rule: R1', 'escalate/high/R1', 'caught'],
    ['attack', 'disposition: escalate, rule: [R2, R1]', 'escalate/high/R1', 'caught'],
    ['attack', 'disposition: escalate', 'investigate', 'missed'],
    ['attack', 'disposition: escalate, severity: high, rule: R1', 'dismiss/info/else', 'missed'],
    ['attack', 'disposition: investigate', 'escalate', 'differs'],
    ['attack', 'disposition: escalate, severity: high', 'escalate/critical', 'differs'],
    ['attack', 'disposition: escalate, severity: high', 'escalate/low', 'differs'],
    ['attack', 'disposition: escalate, rule: R1', 'escalate/high/R2', 'differs'],
    ['attack', 'disposition: dismiss', 'investigate', 'false_alarm'],
    ['attack', 'disposition: dismiss', 'dismiss', 'caught'],
    ['attack', 'rule: R1', 'escalate/high/R1', 'caught'],
    ['attack', 'rule: R1', 'escalate/high/R2', 'differs'],
    ['attack', 'disposition: escalate', 'undecided', 'error'],
    ['attack', 'disposition: escalate', 'invalid', 'error'],
    ['benign', 'disposition: dismiss', 'dismiss', 'left_alone'],
    ['benign', 'disposition: dismiss', 'monitor', 'false_alarm'],
    ['benign', 'disposition: monitor', 'monitor', 'left_alone'],
    ['benign', 'disposition: monitor', 'dismiss', 'differs'],
    ['benign', 'disposition: monitor', 'escalate', 'false_alarm'],
    ['benign', 'disposition: dismiss, severity: low', 'dismiss/info', 'differs'],
    ['benign', 'disposition: dismiss, rule: else', 'dismiss/info/R3', 'differs'],
    ['benign', 'disposition: dismiss', 'undecided', 'error'],
    ['benign', 'disposition: dismiss', 'invalid', 'error'],
    ['incident', 'disposition: investigate', 'investigate', 'caught'],
    ['incident', 'disposition: investigate', 'dismiss', 'missed'],
    ['incident', 'disposition: investigate', 'escalate', 'false_alarm'],
    ['incident', 'disposition: dismiss', 'investigate', 'false_alarm'],
  ])('%s {%s} got %s: %s', (kind, expected, actual, result) => {
    expect(outcome(kind, `{owner: o1, ${expected}}`, [subject('o1', actual)])).toBe(result);
  });
});

describe('a subject that is not there', () => {
  test.each([
    ['attack', 'disposition: escalate', 'missed'],
    ['attack', 'rule: R1', 'missed'],
    ['attack', 'disposition: dismiss', 'caught'],
    ['attack', 'disposition: dismiss, rule: R3', 'differs'],
    ['benign', 'disposition: dismiss', 'left_alone'],
    ['benign', 'disposition: monitor', 'differs'],
    ['incident', 'disposition: investigate', 'missed'],
  ])('%s {%s}: %s', (kind, expected, result) => {
    expect(outcome(kind, `{owner: o1, ${expected}}`, [])).toBe(result);
    expect(outcome(kind, `{owner: o1, ${expected}}`, [subject('o2', 'dismiss')])).toBe(result);
  });
});

describe('others may get so much at most', () => {
  test.each([
    ['attack', 'dismiss', 'monitor', 'false_alarm'],
    ['attack', 'monitor', 'monitor', 'caught'],
    ['attack', 'monitor', 'dismiss', 'caught'],
    ['attack', 'monitor', 'escalate', 'false_alarm'],
    ['attack', 'dismiss', 'undecided', 'error'],
    ['attack', 'dismiss', 'invalid', 'error'],
    ['benign', 'dismiss', 'dismiss', 'left_alone'],
    ['benign', 'dismiss', 'escalate', 'false_alarm'],
  ])('%s, others %s, one got %s: %s', (kind, others, actual, result) => {
    const [expected, got] = kind === 'benign' ? ['dismiss', 'dismiss'] : ['escalate', 'escalate/high/R1'];
    expect(
      outcome(kind, `{owner: o1, disposition: ${expected}}`, [subject('o1', got), subject('o2', actual)], others),
    ).toBe(result);
  });
  test('with no expectation at all, everybody is another', () => {
    expect(outcome('benign', '', [subject('o1', 'dismiss')])).toBe('nothing');
    expect(outcome('benign', '', [subject('o1', 'monitor')])).toBe('false_alarm');
  });
});

test('the worst of several: error, missed, false_alarm, differs', () => {
  const [expected, right] = [
    '{owner: o1, disposition: escalate, severity: high}, {owner: o2, disposition: escalate}',
    subject('o1', 'escalate/high/R1'),
  ];
  const differs = subject('o1', 'escalate/low/R1');
  const missed = subject('o2', 'dismiss');
  const alarm = subject('o3', 'monitor');
  expect(outcome('attack', expected, [right, subject('o2', 'escalate')])).toBe('caught');
  expect(outcome('attack', expected, [differs, subject('o2', 'escalate')])).toBe('differs');
  expect(outcome('attack', expected, [differs, subject('o2', 'escalate'), alarm])).toBe('false_alarm');
  expect(outcome('attack', expected, [differs, missed, alarm])).toBe('missed');
  expect(outcome('attack', expected, [subject('o1', 'invalid'), missed, alarm])).toBe('error');
});

describe('which subjects an expectation names', () => {
  const near = 'ts: {near: 2026-11-02T12:00:00Z, within: 30m}';
  const at = (minutes: number, said: string) => subject('o1', said, noon + minutes * 60e6);
  test('a stretch of time, with both ends', () => {
    for (const minutes of [-30, 0, 30])
      expect(outcome('attack', `{owner: o1, ${near}, disposition: escalate}`, [at(minutes, 'escalate')])).toBe(
        'caught',
      );
    expect(outcome('attack', `{owner: o1, ${near}, disposition: escalate}`, [at(30.0001, 'escalate')])).toBe('missed');
  });
  test('of several in it, the gravest counts', () => {
    expect(
      outcome('attack', `{owner: o1, ${near}, disposition: escalate}`, [
        at(-5, 'dismiss'),
        at(5, 'escalate'),
        at(9, 'monitor'),
      ]),
    ).toBe('caught');
    expect(
      outcome('benign', `{owner: o1, ${near}, disposition: dismiss}`, [at(-5, 'dismiss'), at(5, 'escalate')]),
    ).toBe('false_alarm');
  });
  test('an alert outside the stretch is another subject', () => {
    expect(
      outcome('attack', `{owner: o1, ${near}, disposition: escalate}`, [at(0, 'escalate'), at(90, 'escalate')]),
    ).toBe('false_alarm');
  });
  test('times meet in any zone, numbers in any spelling, null only null', () => {
    const is = (text: string, key: RawValue) =>
      outcome('attack', `{owner: ${text}, disposition: escalate}`, [subject(key, 'escalate')]);
    expect(
      outcome('attack', '{ts: 2026-11-02 14:00:00+02:00, disposition: escalate}', [subject('o1', 'escalate')]),
    ).toBe('caught');
    expect([is('5.0', 5), is('"5"', 5), is('null', null), is('true', true)]).toEqual([
      'caught',
      'caught',
      'caught',
      'caught',
    ]);
    expect([is('null', 'null'), is('o1', null), is('O1', 'o1')]).toEqual(['missed', 'missed', 'missed']);
  });
  test('an undecided subject that a benign case names is no innocent, though another one is decided', () => {
    expect(outcome('benign', '{owner: o1, disposition: dismiss}', [at(0, 'dismiss'), at(5, 'undecided')])).toBe(
      'error',
    );
  });
});
