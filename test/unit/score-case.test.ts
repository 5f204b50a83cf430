import Big from 'big.js';
import { describe, expect, test } from 'vitest';
import type { DecisionJson } from '../../src/emit/skill/runtime/decide.ts';
import { defaultDesk } from '../../src/model/build/vocabulary.ts';
import type { Case, CaseKind, Expectation } from '../../src/model/case.ts';
import { signalColumns } from '../../src/replay/evaluate.ts';
import { askedOf } from '../../src/replay/judge-findings.ts';
import type { DecidedSubject } from '../../src/replay/subjects.ts';
import { compareNumbers } from '../../src/review/compare-numbers.ts';
import { type Measure, scoreCase } from '../../src/review/score-case.ts';
import { sumUp } from '../../src/review/sum-up.ts';
import { parseTime } from '../../src/text/time.ts';
import { check, emit } from '../emit/support.ts';
import { green } from '../support/sop.ts';

const checked = check(green.sop);
const skill = emit(green.sop);
const jsonOf = (path: string): unknown => JSON.parse(skill.files.find((file) => file.path === path)?.text ?? '');
const findingSkill = {
  schema: jsonOf('assets/finding.schema.json'),
  decision: jsonOf('assets/decision.json') as DecisionJson, // ours
};
const columns = signalColumns(checked);
const day = '2026-11-02';
const micros = parseTime(day) ?? 0;

function subject(owner: string, disposition: string, severity = 'critical', rule = 'R1'): DecidedSubject {
  return {
    key: [owner, 'BTC-USDT', micros],
    values: new Map<string, number | Big | string | null>([
      ['self_ratio', 1000],
      ['self_notional', new Big(150_000)],
      ['account_type', 'retail'],
      ['tip_credible', null],
    ]),
    decision: { kind: 'decided', disposition, severity, rule, trail: [] },
  };
}

const nowhere = { path: '', start: 0, end: 0 };
const located = <Value>(value: Value) => ({ value, span: nowhere });

function asked(
  kind: CaseKind,
  expect: readonly (readonly [owner: string, disposition: string])[],
  others: string | null = null,
) {
  const entry: Case = {
    name: located('a-case'), title: '', sop: 'demo', path: '', kind, technique: located('WT-01'), market: located('spot'), source: '',
    input: { kind: 'given', tables: [], provided: [] }, segment: null, monotone: null, asOf: null, others: others === null ? null : located(others),
    only: null, also: [], replaces: [], span: nowhere, knownGap: null,
    expect: expect.map(([owner, disposition]): Expectation => ({
      subject: [{ column: located('owner_id'), match: { kind: 'equal', text: owner } }],
      members: [], disposition: located(disposition), severity: null, rules: [], span: nowhere,
    })),
  }; // biome-ignore format: a blank form
  const given = { as_of: null, tables: {}, provided: [] };
  return { entry, checked, given, asked: askedOf(entry, checked.sop, defaultDesk), digest: '' };
}

const said = (owner: unknown, disposition: string, more: Record<string, unknown> = {}) => ({
  subject: { owner_id: owner, symbol: 'BTC-USDT', day: `${day}T00:00:00Z` },
  decision: { outcome: 'decided', disposition, severity: 'critical', rule: 'R1' },
  ...more,
});

function score(question: ReturnType<typeof asked>, own: readonly DecidedSubject[], findings: unknown) {
  const measure: Measure = { own, skill: findingSkill, columns };
  return scoreCase(question, { kind: 'answered', text: JSON.stringify(findings) }, measure);
}

describe('who is who', () => {
  const attack = asked('attack', [['o1', 'escalate']]);
  const own = [subject('o1', 'escalate'), subject('o2', 'dismiss', 'info', 'else')];
  test.each<[string, unknown, string, boolean | null, boolean, boolean]>([
    // answer, outcome, found, disposition right, innocents right
    ['the attacker', [said('o1', 'escalate')], 'caught', true, true, true],
    [
      'the attacker, and the innocent as dismissed',
      [said('o1', 'escalate'), said('o2', 'dismiss')],
      'caught',
      true,
      true,
      true,
    ],
    ['nobody', [], 'missed', false, false, true],
    ['too mildly', [said('o1', 'investigate')], 'missed', false, false, true],
    ['the innocent instead', [said('o2', 'escalate')], 'missed', false, false, false],
    ['both', [said('o1', 'escalate'), said('o2', 'monitor')], 'false_alarm', true, false, false],
    ['the attacker twice', [said('o1', 'escalate'), said('o1', 'dismiss')], 'caught', true, false, true],
    ['somebody unknown', [said('o1', 'escalate'), said('o9', 'escalate')], 'false_alarm', true, false, false],
    ['somebody unknown as dismissed', [said('o1', 'escalate'), said('o9', 'dismiss')], 'caught', true, false, true],
    ['a list for an owner', [said(['o1'], 'escalate')], 'missed', false, false, false],
  ])('reports %s', (_, findings, outcome, found, disposition, innocents) => {
    const scored = score(attack, own, findings);
    expect([scored.outcome, scored.found, scored.right.disposition, scored.right.innocents]).toEqual([
      outcome,
      found,
      disposition,
      innocents,
    ]);
  });

  test('a benign case where nobody is reported: nothing else was scored', () => {
    const { right, outcome, found } = score(
      asked('benign', [['o2', 'dismiss']]),
      [subject('o2', 'dismiss', 'info', 'else')],
      [],
    );
    expect([outcome, found]).toEqual(['left_alone', null]);
    expect(right).toEqual({
      disposition: true,
      severity: null,
      rule: null,
      numbers: null,
      steps: null,
      valid: null,
      innocents: true,
    });
  });

  test('what others may get at most is no false alarm, and yet not what the SOP says', () => {
    const { right } = score(asked('attack', [['o1', 'escalate']], 'monitor'), own, [
      said('o1', 'escalate'),
      said('o2', 'monitor'),
    ]);
    expect([right.disposition, right.innocents]).toEqual([false, true]);
  });

  test('who is not reported has nothing right; figures never count what was not scored', () => {
    const missed = score(attack, own, []);
    expect(missed.right).toEqual({
      disposition: false,
      severity: false,
      rule: false,
      numbers: false,
      steps: false,
      valid: false,
      innocents: true,
    });
    const { criteria, all, recall, matrix } = sumUp([missed, score(asked('benign', []), [], [])]);
    expect([criteria.numbers, criteria.innocents, all]).toEqual([
      { right: 0, of: 1 },
      { right: 2, of: 2 },
      { right: 1, of: 2 },
    ]);
    expect(recall).toEqual([{ technique: 'WT-01', right: 0, of: 1 }]);
    expect(matrix).toEqual({ rows: ['escalate', 'dismiss'], columns: ['no finding'], counts: [[1], [1]] });
  });
});

describe('numbers', () => {
  const own = subject('o1', 'escalate');
  const report = (values: Record<string, unknown>) => ({
    signals: Object.fromEntries(
      Object.entries({
        self_ratio: 1,
        self_notional: 150_000,
        account_type: 'retail',
        tip_credible: null,
        ...values,
      }).map(([name, value]) => [name, { value }]),
    ),
  });
  test.each<[Record<string, unknown>, string[]]>([
    [{}, []],
    [{ self_ratio: '1.000', self_notional: '150000.0000' }, []],
    [{ self_ratio: 0.9996 }, []],
    [{ self_notional: 150_000.00000000003 }, []],
    [{ self_ratio: 0.9994 }, ['`self_ratio` is 0.9994, not 1']],
    [{ self_notional: 150_001 }, ['`self_notional` is 150001, not 150000']],
    [
      { account_type: 'mm', tip_credible: false },
      ['`account_type` is "mm", not "retail"', '`tip_credible` is false, not null'],
    ],
    [{ self_ratio: [1] }, ['`self_ratio` is [1], not 1']],
    [{ self_ratio: undefined }, ['`self_ratio` is not reported']],
    [{ self_ratio: '1e0' }, ['`self_ratio` is "1e0", not 1']],
  ])('%j', (values, expected) => {
    expect(compareNumbers(report(values), own, columns)).toEqual(expected);
  });
});

test.each([
  [{ kind: 'failed', reason: 'too_slow', detail: 'x' } as const, 'gave no answer within the time limit: x'],
  [{ kind: 'answered', text: 'no' } as const, 'the answer is no JSON'],
  [{ kind: 'answered', text: ' ' } as const, 'the answer is empty'],
])('without an answer nothing is right: %j', (reply, failure) => {
  const scored = scoreCase(asked('benign', []), reply, { own: [], skill: findingSkill, columns });
  expect([scored.failure, scored.outcome, Object.values(scored.right).every((one) => one === false)]).toEqual([
    failure,
    'error',
    true,
  ]);
});
