import { afterAll, describe, expect, test } from 'vitest';
import { testEngine } from '../engine/support.ts';
import { green } from '../support/sop.ts';
import { answerOf, type Change, changed, demoLibrary } from './demo.ts';

const engine = testEngine();
afterAll(() => engine.close());

const byTier: readonly Change[] = [
  ['settle: 1d\n', 'settle: 1d\nsegment_by: instruments.liquidity_tier\n'],
  ['|  Value | Unit |', '|  Value | liquid | illiquid | Unit |'],
  ['|-------:|------|', '|-------:|-------:|---------:|------|'],
  ['| 100000 | USD  |', '| 100000 |        |     1000 | USD  |'],
  ['|     10 | USD  |', '|     10 |    500 |          | USD  |'],
  [
    '| accounts | owner_id                        | –      | 1d           | –          |\n',
    '| accounts | owner_id                        | –      | 1d           | –          |\n| instruments | liquidity_tier | – | – | compliance |\n',
  ],
];
const sop = changed(green.sop, byTier);

const accounts = `
  accounts:
    - {account_id: a1, owner_id: o1, type: retail}
    - {account_id: a2, owner_id: o1, type: retail}`;
const trade = (symbol: string, usd: number, at = '2026-11-02 10:00:00') =>
  `    - {symbol: ${symbol}, ts: ${at}, notional_usd: ${usd}, buy_account_id: a1, sell_account_id: a2}`;

const caseOf = (
  instruments: string,
  trades: readonly string[],
  rest = 'expect: [{owner_id: o1, disposition: escalate}]',
) => `case: demo-case
title: A case
technique: WT-01
market: spot
kind: attack
source: test
given:${accounts}
${instruments === '' ? '' : `  instruments:\n${instruments}\n`}  trades:
${trades.join('\n')}
${rest}
`;

async function answers(instruments: string, trades: readonly string[], text = sop): Promise<string[]> {
  const library = await demoLibrary(engine, text, { 'demo-case.yaml': caseOf(instruments, trades) });
  expect(library.errors).toEqual([]);
  const { decided } = await library.runCase('demo-case');
  return decided.map(answerOf);
}

describe('each subject is decided by the parameters of its segment', () => {
  test('a bound in a rule', async () => {
    const said = await answers(
      '    - {symbol: A, liquidity_tier: liquid}\n    - {symbol: B, liquidity_tier: illiquid}',
      [trade('A', 5000), trade('B', 5000)],
    );
    expect(said).toEqual(['o1/A: dismiss by else in liquid', 'o1/B: escalate by R1 in illiquid']);
  });
  test('a bound in SQL: rows of a run with another segment are not taken', async () => {
    const said = await answers(
      '    - {symbol: A, liquidity_tier: liquid}\n    - {symbol: B, liquidity_tier: illiquid}',
      [trade('A', 400), trade('A', 200_000), trade('B', 400), trade('B', 700)],
    );
    expect(said).toEqual(['o1/A: escalate by R1 in liquid', 'o1/B: escalate by R1 in illiquid']);
  });
  test('a subject that its own parameters do not find is not there', async () => {
    expect(await answers('    - {symbol: A, liquidity_tier: liquid}', [trade('A', 400)])).toEqual([]);
  });
});

describe('whoever has no segment is undecided, and is told why', () => {
  const unknown = async (instruments: string) => (await answers(instruments, [trade('A', 200_000)])).join('; ');
  test.each<[what: string, instruments: string, detail: string]>([
    [
      'no row',
      '    - {symbol: B, liquidity_tier: liquid}',
      '`instruments` has no row for symbol = "A" then: its segment is not known',
    ],
    [
      'nothing in the column',
      '    - {symbol: A}\n    - {symbol: B, liquidity_tier: liquid}',
      '`instruments.liquidity_tier` of symbol = "A" is empty: its segment is not known',
    ],
    [
      'a segment that nobody thought of',
      '    - {symbol: A, liquidity_tier: micro}',
      '`instruments.liquidity_tier` of symbol = "A" is "micro", a segment for which Parameters has no column',
    ],
    [
      'two at once',
      '    - {symbol: A, venue: x, liquidity_tier: liquid}\n    - {symbol: A, venue: y, liquidity_tier: illiquid}',
      '`instruments.liquidity_tier` of symbol = "A" is "illiquid" and "liquid" at the same time: its segment is not known',
    ],
    [
      'one that has begun later',
      '    - {symbol: A, liquidity_tier: liquid, ingested_ts: 2026-01-01, valid_from: 2026-11-03}',
      '`instruments` has no row for symbol = "A" then: its segment is not known',
    ],
    [
      'one that is over',
      '    - {symbol: A, liquidity_tier: liquid, valid_to: 2026-11-02}',
      '`instruments` has no row for symbol = "A" then: its segment is not known',
    ],
  ])('%s', async (_, instruments, detail) => {
    expect(await unknown(instruments)).toBe(`o1/A: undecided: ${detail}`);
  });
  test('no such table', async () => {
    expect(await unknown('')).toBe('o1/A: undecided: there is no `instruments`');
    const unlisted = changed(sop, [['| instruments | liquidity_tier | – | – | compliance |\n', '']]);
    expect(await answers('', [trade('A', 200_000)], unlisted)).toEqual([
      'o1/A: undecided: there is no `instruments`: its segment is not known',
    ]);
  });
  test('the case is an error that says why, and never a miss', async () => {
    const library = await demoLibrary(engine, sop, {
      'demo-case.yaml': caseOf('    - {symbol: B, liquidity_tier: liquid}', [trade('A', 200_000)]),
    });
    const result = await library.runCase('demo-case');
    expect([result.outcome, result.why]).toEqual([
      'error',
      '`instruments` has no row for symbol = "A" then: its segment is not known',
    ]);
  });
});

test('the row counts that held when it happened', async () => {
  const tiers =
    '    - {symbol: A, liquidity_tier: illiquid, valid_to: 2026-11-02}\n    - {symbol: A, liquidity_tier: liquid, valid_from: 2026-11-02}';
  const said = await answers(tiers, [trade('A', 5000, '2026-11-01 10:00:00'), trade('A', 5000)]);
  expect(said).toEqual(['o1/A: escalate by R1 in illiquid', 'o1/A: dismiss by else in liquid']);
});

test('the same row twice is one', async () => {
  const tiers =
    '    - {symbol: A, venue: x, liquidity_tier: liquid}\n    - {symbol: A, venue: y, liquidity_tier: liquid}';
  expect(await answers(tiers, [trade('A', 200_000)])).toEqual(['o1/A: escalate by R1 in liquid']);
});

test('a group that gives part of the key is read with the parameters of each segment', async () => {
  const partial = changed(sop, [
    [
      '### Tip\n',
      '### Large trades\n\n| Signal | Type | Missing | Meaning |\n|---|---|---|---|\n| `large` | integer | 0 | trades of an owner |\n\n```sql\nSELECT b.owner_id, count(*) AS large FROM trades t JOIN accounts b ON b.account_id = t.buy_account_id WHERE t.notional_usd >= $min_notional GROUP BY ALL\n```\n\n### Tip\n',
    ],
    ['| F    | self_ratio | self_notional   |', '| F    | self_ratio | large |'],
    ['| R1   | >= 0.5     | >= min_notional |', '| R1   | >= 0.5     | >= 2 |'],
  ]);
  const tiers = '    - {symbol: A, liquidity_tier: liquid}\n    - {symbol: B, liquidity_tier: illiquid}';
  expect(await answers(tiers, [trade('A', 5000), trade('B', 5000)], partial)).toEqual([
    'o1/A: dismiss by else in liquid',
    'o1/B: escalate by R1 in illiquid',
  ]);
});

test('segments of empty cells decide as no segments do', async () => {
  const blank = changed(sop, [
    ['|        |     1000 | USD  |', '|  |  | USD  |'],
    ['|    500 |          | USD  |', '|  |  | USD  |'],
  ]);
  const trades = ['A', 'B', 'C', 'D'].map((symbol, index) => trade(symbol, 10 ** (index + 2)));
  const tiers = ['A', 'B', 'C', 'D'].map(
    (symbol, index) => `    - {symbol: ${symbol}, liquidity_tier: ${index % 2 ? 'liquid' : 'illiquid'}}`,
  );
  const split = await answers(tiers.join('\n'), trades, blank);
  const whole = await answers(tiers.join('\n'), trades, green.sop);
  expect(split.map((line) => line.replace(/ in (?:il)?liquid$/, ''))).toEqual(whole);
  expect(whole).toHaveLength(4);
});

describe('a case of signal values states its segment', () => {
  const values = (segment: string) =>
    `case: demo-case\ntitle: A case\ntechnique: WT-01\nmarket: spot\nkind: attack\nsource: test\n${segment}signals: {self_ratio: 0.6, self_notional: 5000, account_type: retail}\nexpect: [{disposition: escalate}]\n`;
  test.each([
    ['segment: illiquid\n', 'caught', ''],
    [
      'segment: liquid\n',
      'missed',
      'no rule matches; R1 comes nearest: `self_notional` is 5000, and R1 needs >= min_notional (100000)',
    ],
  ])('%s', async (segment, outcome, why) => {
    const library = await demoLibrary(engine, sop, { 'demo-case.yaml': values(segment) });
    expect(library.errors).toEqual([]);
    const result = await library.runCase('demo-case');
    expect([result.outcome, result.why]).toEqual([outcome, why]);
  });
  test('without one, and with one that nobody has, it is an error', async () => {
    const without = await demoLibrary(engine, sop, { 'demo-case.yaml': values('') });
    expect(without.errors.map(([code]) => code)).toEqual(['SOP331']);
    const other = await demoLibrary(engine, sop, { 'demo-case.yaml': values('segment: iliquid\n') });
    expect(other.errors.map(([code]) => code)).toEqual(['SOP332']);
  });
});

describe('segments from elsewhere than a market table', () => {
  const view = `/*
title: Tiers by what was traded
columns: {symbol: text, tier: text}
key: [symbol]
*/
SELECT symbol, CASE WHEN sum(notional_usd) >= 1000 THEN 'liquid' ELSE 'illiquid' END AS tier FROM trades GROUP BY symbol
`;
  const front: readonly Change[] = [
    ['segment_by: instruments.liquidity_tier', 'segment_by: tiers.tier'],
    ['| instruments | liquidity_tier | – | – | compliance |\n', ''],
  ];
  const run = async (path: string, text: string) => {
    const cases = { 'demo-case.yaml': caseOf('', [trade('A', 5000), trade('B', 600)]) };
    const library = await demoLibrary(
      engine,
      changed(sop, [...front, ['|     1000 | USD  |', '|      500 | USD  |']]),
      cases,
      {
        [path]: text,
      },
    );
    expect(library.errors).toEqual([]);
    return (await library.runCase('demo-case')).decided.map(answerOf);
  };
  test('a view', async () => {
    expect(await run('sops/views/tiers.sql', view)).toEqual([
      'o1/A: dismiss by else in liquid',
      'o1/B: escalate by R1 in illiquid',
    ]);
  });
});

test('evidence lists the rows that the segment’s own parameters count', async () => {
  const seen = changed(sop, [
    [
      'AND buyer.owner_id = seller.owner_id\n',
      'AND buyer.owner_id = seller.owner_id\nWHERE own.notional_usd >= $min_trade\n',
    ],
  ]);
  const tiers = '    - {symbol: A, liquidity_tier: liquid}\n    - {symbol: B, liquidity_tier: illiquid}';
  const trades = ['A', 'B'].flatMap((symbol) => [400, 200_000].map((usd) => trade(symbol, usd)));
  const library = await demoLibrary(engine, seen, { 'demo-case.yaml': caseOf(tiers, trades) });
  expect(library.errors).toEqual([]);
  const rows = await library.evidenceOf('demo-case');
  expect(rows).toEqual({ A: 1, B: 2 });
});
