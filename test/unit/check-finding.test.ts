import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkFinding } from '../../src/review/check-finding.ts';
import { type DemoFinding, demoSkill, rightFinding } from '../support/findings.ts';

function problemsOf(change: (finding: DemoFinding) => void): string[] {
  const finding = rightFinding();
  change(finding);
  return checkFinding(finding, demoSkill).map(
    ({ kind, pointer, message, breaksSchema }) => `${kind}${breaksSchema ? '!' : ''} ${pointer}: ${message}`,
  );
}

test('nothing is wrong with a right finding', () => {
  expect(checkFinding(rightFinding(), demoSkill)).toEqual([]);
  expect(checkFinding(JSON.parse(JSON.stringify(rightFinding())), demoSkill)).toEqual([]);
});

describe('each mistake is named where it is', () => {
  test.each<[string, (finding: DemoFinding) => void, string[]]>([
    [
      'another skill',
      (one) => Object.assign(one, { skill_digest: 'abc' }),
      [`skill! /skill_digest: this must be "${demoSkill.decision.skill_digest}", not "abc"`],
    ],
    [
      'a milder disposition than the tables give',
      (one) => Object.assign(one.decision, { disposition: 'investigate' }),
      ['decision /decision/disposition: the tables give "escalate" for the reported signals, not "investigate"'],
    ],
    [
      'a disposition that there is not',
      (one) => Object.assign(one.decision, { disposition: 'ban' }),
      [
        'decision! /decision/disposition: this must be one of ["dismiss","monitor","investigate","escalate",null], not "ban"',
        'decision /decision/disposition: the tables give "escalate" for the reported signals, not "ban"',
      ],
    ],
    [
      'an invented signal',
      (one) => Object.assign(one.signals, { feeling: { value: 1, source: 'sql', reference: 'x' } }),
      [
        'signals! /signals/feeling: `feeling` is not asked for: the schema knows no such name here',
        'decision /decision/outcome: the tables give "invalid" for the reported signals, not "decided"',
        'decision /decision/disposition: the tables give null for the reported signals, not "escalate"',
        'decision /decision/severity: the tables give null for the reported signals, not "critical"',
        'decision /decision/rule: the tables give null for the reported signals, not "R1"',
        expect.stringMatching(/^decision \/decision\/reason: /) as unknown as string,
      ],
    ],
    [
      'a value that nothing computed',
      (one) => Object.assign(one.signals['self_ratio'] ?? {}, { source: 'estimate', reference: ' ' }),
      [
        'signals! /signals/self_ratio/source: this must be one of ["sql"], not "estimate"',
        'signals /signals/self_ratio/reference: say where the value comes from: the run, the tool or the person',
      ],
    ],
    [
      'a value that is none',
      (one) => {
        Object.assign(one.signals['self_ratio'] ?? {}, { value: 'a lot' });
        one.decision = {
          outcome: 'invalid',
          disposition: null,
          severity: null,
          rule: null,
          reason: '`self_ratio` must be a number',
        };
      },
      ['signals /signals/self_ratio/value: `self_ratio` must be a number'],
    ],
    [
      'a step left out, one without a word, one that is a person’s',
      (one) => {
        delete one.steps['1'];
        one.steps['2'] = { done: false, note: ' \u200b ' };
        one.steps['4'] = { done: true, note: 'Confirmed.' };
      },
      [
        'steps! /steps/1: `1` is not there',
        'steps! /steps/4/done: this step is a person’s: an agent must leave it undone',
        'steps /steps/2/note: say what was done, or why it was not',
      ],
    ],
    [
      'a benign explanation that nobody looked at',
      (one) => {
        one.benign_explanations = { '1': { result: 'ruled_out', looked_for: '\t', found: '' } };
      },
      [
        'benign! /benign_explanations/1/found: nothing is written here: What was found',
        'benign /benign_explanations/1/looked_for: say what was looked for, and where',
      ],
    ],
    [
      'no rows behind an accusation',
      (one) => {
        one.evidence = [];
      },
      ['evidence /evidence: name the rows behind the signals: there are none, and somebody is accused'],
    ],
    [
      'a row without an id',
      (one) => {
        one.evidence = [{ source_table: 'trades', row_id: null, note: '' }];
      },
      ['evidence /evidence/0/row_id: name the row: its table and its id'],
    ],
  ])('%s', (_, change, expected) => {
    expect(problemsOf(change)).toEqual(expected);
  });
});

test('a day of review that is past must be stated, and only then', () => {
  const finding = rightFinding();
  const [found] = checkFinding(finding, { ...demoSkill, reviewOverdue: true });
  expect(found).toMatchObject({ kind: 'skill', pointer: '/review_overdue' });
  expect(checkFinding(finding, { ...demoSkill, reviewOverdue: false })).toEqual([]);
});

describe('hostile findings', () => {
  function nested(depth: number): unknown {
    let value: unknown = 1;
    for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
    return value;
  }
  const loop: Record<string, unknown> = {};
  loop['loop'] = loop;

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'finding'],
    ['a list', []],
    ['a number that JSON does not have', { sop: Number.NaN }],
    ['a bigint', { sop: 1n }],
    ['a function', { sop: () => 1 }],
    ['a loop', loop],
    ['depth', nested(100_000)],
    ['many values', { evidence: Array.from({ length: 100_000 }, () => 1) }],
    ['a list of a length that nobody stores', { evidence: new Array(4_000_000_000) }],
    ['many keys', Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`k${at}`, at]))],
    ['long texts', { sop: 'x'.repeat(5_000_000) }],
    ['a class', new Map([['sop', 1]])],
    [
      'a getter that throws',
      Object.defineProperty({}, 'sop', {
        enumerable: true,
        get: () => {
          throw new Error('gotcha');
        },
      }),
    ],
    [
      'a proxy that throws',
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('gotcha');
          },
        },
      ),
    ],
    ['__proto__', JSON.parse('{"__proto__": {"sop": "demo", "signals": {}}, "constructor": 1, "toString": null}')],
    [
      '__proto__ as a signal',
      { ...rightFinding(), signals: JSON.parse('{"__proto__": {"value": 1}, "constructor": {"value": 2}}') },
    ],
    [
      'odd records where records are expected',
      { signals: [], decision: 3, steps: null, benign_explanations: 'x', evidence: {} },
    ],
    ['records of what is no record', { signals: { self_ratio: 3 }, steps: { '1': [] }, evidence: [null, 1, []] }],
    [
      'huge numbers',
      {
        ...rightFinding(),
        signals: {
          self_notional: { value: '9'.repeat(401), source: 'sql', reference: 'x' },
          self_ratio: { value: 1e308, source: 'sql', reference: 'x' },
        },
      },
    ],
  ])('%s', (_, finding) => {
    const started = performance.now();
    const found = checkFinding(finding, demoSkill);
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThanOrEqual(101);
    for (const { message, pointer } of found) expect(message.length + pointer.length).toBeLessThan(2_000);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test('any value at any place is judged without an exception', () => {
    const places = ['sop', 'subject', 'signals', 'decision', 'evidence', 'steps', 'benign_explanations', 'confidence'];
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), (place, value) => {
        checkFinding({ ...rightFinding(), [place]: value }, demoSkill);
      }),
      { numRuns: 100 },
    );
    fc.assert(
      fc.property(
        fc.constantFrom('self_ratio', 'self_notional', 'account_type', 'tip_credible'),
        fc.jsonValue(),
        (name, value) => {
          const finding = rightFinding();
          finding.signals[name] = { value, source: 'sql', reference: 'x' };
          checkFinding(finding, demoSkill);
        },
      ),
      { numRuns: 100 },
    );
  });
});
