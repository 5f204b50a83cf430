import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { makeFolder } from '../support/folder.ts';
import { expectPlain, green, greenFiles, type Ran, sop } from '../support/sop.ts';

const members = `\`\`\`sql members
SELECT own.owner_id, t.symbol, date_trunc('day', t.ts) AS day, own.account_id
FROM trades AS t JOIN accounts AS own ON own.account_id = t.buy_account_id
GROUP BY ALL
\`\`\`

### Tip
`;

/** The green SOP with limits for thin markets, about the cluster of accounts that its owner has. */
const segmented = [
  ['settle: 1d\n', 'segment_by: instruments.liquidity_tier\nidentity: {members: account_id, match: 0.5}\n'],
  ['|  Value | Unit |', '|  Value | liquid | illiquid | Unit |'],
  ['|-------:|------|', '|-------:|-------:|---------:|------|'],
  ['| 100000 | USD  |', '| 100000 |        |     1000 | USD  |'],
  ['|     10 | USD  |', '|     10 |        |          | USD  |'],
  ['### Tip\n', members],
  [/## Blind spots[\s\S]*?(?=## References)/, ''],
  [/## Requires[\s\S]*?(?=## Signals)/, ''],
].reduce((text, [from, to]) => {
  const after = text.replace(from ?? '', () => String(to));
  if (after === text) throw new Error(`${String(from)} is not in the SOP`);
  return after;
}, green.sop);

const trade = (symbol: string, pair: string, usd: number) =>
  `${symbol},2026-11-02 10:00:00,${usd},${pair}1,${pair}2,2026-11-02 10:00:00\n`;

let root: string;
beforeAll(async () => {
  root = await makeFolder({
    ...greenFiles(),
    'sops/demo/SOP.md': segmented,
    'trades.csv': `symbol,ts,notional_usd,buy_account_id,sell_account_id,ingested_ts\n${trade('DEEP', 'c', 5000)}${trade('THIN', 'a', 5000)}${trade('THIN', 'b', 500)}${trade('NEW', 'b', 5000)}`,
    'accounts.csv':
      'account_id,owner_id,type\na1,o1,retail\na2,o1,retail\nb1,o2,retail\nb2,o2,retail\nc1,o3,retail\nc2,o3,retail\n',
    'instruments.csv': 'symbol,liquidity_tier\nDEEP,liquid\nTHIN,illiquid\nNEW,micro\n',
    'sheet.csv':
      'self_ratio,self_notional,account_type,liquidity_tier,verdict\n0.6,5000,retail,illiquid,escalate\n0.6,5000,retail,liquid,dismiss\n0.6,5000,retail,micro,dismiss\n',
  });
});

const run = (...more: string[]): Promise<Ran> =>
  sop(root, [
    'run',
    'demo',
    ...['trades', 'accounts', 'instruments'].flatMap((name) => ['--table', `${name}=${name}.csv`]),
    ...more,
  ]);

test('each symbol is decided by the limits of its tier, and one that nobody classed stays open', async () => {
  const ran = await run();
  expectPlain(ran);
  expect(ran.stdout).toContain('`instruments.liquidity_tier` of symbol = "NEW" is "micro"');
  expect(ran.stdout).toContain('1 alert');
  expect(ran.stdout).toMatch(/illiquid +R1 +escalate, critical +1 +1\n/);
  expect(ran.stdout).toMatch(/illiquid +else +dismiss, info +1 +0\n/);
  expect(ran.stdout).toMatch(/liquid +else +dismiss, info +1 +0\n/);
});

test('without the table of tiers nobody is decided about', async () => {
  const ran = await sop(root, ['run', 'demo', '--table', 'trades=trades.csv', '--table', 'accounts=accounts.csv']);
  expectPlain(ran);
  expect(ran.stdout).toContain('there is no `instruments`: its segment is not known');
  expect(ran.stdout).not.toMatch(/dismiss/);
});

test('what if a value were another one in every segment, or in one', async () => {
  const lost = async (change: string) =>
    /(\d+) gained, (\d+) lost/.exec((await run('--what-if', change)).stdout)?.slice(1);
  expect(await lost('min_notional=100')).toEqual(['2', '0']);
  expect(await lost('min_notional.illiquid=100')).toEqual(['1', '0']);
  expect(await lost('min_notional.liquid=100')).toEqual(['1', '0']);
  expect(await lost('min_notional=1000000')).toEqual(['0', '1']);
  const wrong = await run('--what-if', 'min_notional.iliquid=1');
  expect([wrong.status, wrong.stderr]).toEqual([
    2,
    expect.stringContaining('no SOP of this run has a segment `iliquid`; there are: liquid, illiquid'),
  ]);
});

test('a sheet says the segment in the column of that name', async () => {
  const ran = await sop(root, ['backtest', 'demo', '--signals', 'sheet.csv', '--expect', 'disposition=verdict']);
  expectPlain(ran);
  expect(ran.stdout).toContain('3 rows, 2 agree, 0 disagree, 1 unread');
  expect(ran.stdout).toContain('row 3 not read: "micro" is no segment of this SOP');
});

test('a group keeps its id from run to run', async () => {
  const groups = (folder: string) => readFileSync(join(root, folder, 'groups.jsonl'), 'utf8');
  expectPlain(await run('--out', 'one'));
  expectPlain(await run('--out', 'two', '--previous', 'one'));
  expect(groups('two')).toBe(groups('one'));
  expect(groups('one').trim().split('\n').length).toBeGreaterThan(0);
});
