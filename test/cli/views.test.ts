import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeFolder, put } from '../support/folder.ts';
import { expectPlain, green, greenFiles, type Ran, type Said, sop, today } from '../support/sop.ts';

/** The green library, rewritten to read a view, a view behind it, and a list. */
const view = (columns: string, sql: string, more = '') => `/*\ntitle: A view\n${more}columns: ${columns}\n*/\n${sql}\n`;
const named = view(
  '{symbol: text, ts: timestamp, notional_usd: decimal, buyer: text, seller: text}',
  `SELECT t.symbol, t.ts, t.notional_usd, b.owner_id AS buyer, s.owner_id AS seller
FROM trades t JOIN accounts b ON b.account_id = t.buy_account_id JOIN accounts s ON s.account_id = t.sell_account_id`,
);
const large = view(
  '{symbol: text, ts: timestamp, notional_usd: decimal, buyer: text, seller: text}',
  'SELECT * FROM named_trades WHERE notional_usd >= $least',
  'parameters: {least: {type: decimal, value: 10, range: ">= 0"}}\n',
);
const list = 'key,reason,approver,valid_from,valid_to\no9,house account,compliance,2026-01-01,\n';
const sql = `SELECT v.buyer AS owner_id, v.symbol, date_trunc('day', v.ts) AS day,
       sum(if(v.seller = v.buyer, v.notional_usd, 0)) / sum(v.notional_usd) AS self_ratio,
       sum(if(v.seller = v.buyer, v.notional_usd, 0)) AS self_notional,
       'retail' AS account_type
FROM large_trades v
WHERE NOT EXISTS (
  SELECT 1 FROM house_owners h WHERE h.key = v.buyer AND h.valid_from <= v.ts AND coalesce(v.ts < h.valid_to, true))
GROUP BY ALL
`;
const reading = green.sop
  .replace(/SELECT b\.owner_id[\s\S]*?GROUP BY ALL\n/, () => sql)
  .replace(/\| `min_trade`.*\n/, '');
const viewCase = (name: string, of: string, expected: string) => `case: ${name}
view: ${of}
title: A small trade and a large one
source: desk reasoning
given:
  accounts: [{account_id: a1, owner_id: o1}, {account_id: a2, owner_id: o2}]
  trades:
    - {symbol: A, ts: 2026-11-02 10:00:00, notional_usd: 9, buy_account_id: a1, sell_account_id: a2}
    - {symbol: A, ts: 2026-11-02 10:00:00, notional_usd: 11, buy_account_id: a1, sell_account_id: a2}
expect: ${expected}
`;
const files: Record<string, string> = {
  ...greenFiles(),
  'sops/demo/SOP.md': reading,
  'sops/demo/cases/demo-market-maker.yaml': green.benign.replaceAll('owner_id: o2', 'owner_id: o9'),
  'sops/views/named_trades.sql': named,
  'sops/views/large_trades.sql': large,
  'sops/lists/house_owners.csv': list,
  'sops/views/cases/named-both.yaml': viewCase('named-both', 'named_trades', '[{notional_usd: 9}, {notional_usd: 11}]'),
  'sops/views/cases/large-one.yaml': viewCase(
    'large-one',
    'large_trades',
    '[{notional_usd: 11, buyer: o1, seller: o2}]',
  ),
  'trades.csv': `symbol,ts,notional_usd,buy_account_id,sell_account_id
A,2026-01-05 10:00:00,200000,a1,a1
A,2026-01-05 11:00:00,5,a1,a2
A,2026-01-06 10:00:00,200000,a9,a9
`,
  'accounts.csv':
    'account_id,owner_id,type,created_ts\na1,o1,retail,2026-01-04\na2,o2,retail,2026-01-04\na9,o9,retail,2026-01-05\n',
  'labels.csv': 'owner_id,ts\no1,2026-01-05\n',
};

let root: string;
beforeAll(async () => {
  root = await makeFolder(files);
});

const run = (...args: string[]): Promise<Ran> => sop(root, [...args, '--as-of', today]);
const json = (ran: Ran) => JSON.parse(ran.stdout) as { summary: Record<string, unknown>; diagnostics: Said[] };
const backtest = (...more: string[]) =>
  run('backtest', 'demo', '--table', 'accounts=accounts.csv', '--labels', 'labels.csv', '--match', 'ts', '--within', '1d', ...more); // biome-ignore format: one command line

/** The library with other files, for one look at it. */
async function changed(changes: Record<string, string>, ...args: string[]): Promise<Ran> {
  const folder = await makeFolder({ ...files, ...changes });
  const ran = await sop(folder, [...args, '--as-of', today]);
  expectPlain(ran);
  return ran;
}

describe('a SOP that reads views and a list', () => {
  test('is clean, and its cases and those of the views pass', async () => {
    expect(json(await run('check', '--format', 'json')).diagnostics).toEqual([]);
    const tested = json(await run('test', '--format', 'json'));
    expect(tested.diagnostics).toEqual([]);
    expect(tested.summary).toMatchObject({
      cases: 3,
      caught: 1,
      left_alone: 1,
      views: { total: 2, passed: 2, failed: 0 },
    });
    const { stdout } = await run('test', 'demo');
    expect(stdout).toContain('2 view cases: 2 passed');
  });

  test('gives the list as it is, unless the case names it', async () => {
    const own = green.attack.replace('given:\n', 'given:\n  house_owners: [{key: o1, valid_from: 2026-01-01}]\n');
    const ran = await changed({ 'sops/demo/cases/demo-self-matched.yaml': own }, 'test', '--format', 'json');
    expect(json(ran).diagnostics.map(({ code, file }) => [code, file])).toEqual([
      ['SOP701', 'sops/demo/cases/demo-self-matched.yaml'],
    ]);
  });

  test('decides on history through the views', async () => {
    const ran = await backtest('--table', 'trades=trades.csv', '--format', 'json');
    expect(JSON.parse(ran.stdout)).toMatchObject({ rows: 1, alerts: 1, true_positives: 1, unavailable: [] });
  });

  test('says what the data lacks behind the views', async () => {
    const without = await backtest('--format', 'json');
    expect(JSON.parse(without.stdout)).toMatchObject({ rows: 0 });
    expect(without.stdout).toContain('"trades"');
    await put(root, 'short.csv', 'symbol,ts,buy_account_id,sell_account_id\nA,2026-01-05 10:00:00,a1,a1\n');
    expect((await backtest('--table', 'trades=short.csv')).stdout).toContain('`self_ratio` needs `notional_usd`');
  });

  test('is asked about cases of other SOPs only where they state what its views read', async () => {
    const other = green.sop.replace('id: demo', 'id: other').replace(/## Blind spots[\s\S]*?(?=## References)/, '');
    const foreign = (name: string) => green.attack.replace('demo-self-matched', name);
    const ran = await changed(
      {
        'sops/other/SOP.md': other,
        'sops/other/cases/whole.yaml': foreign('whole'),
        'sops/other/cases/part.yaml': foreign('part').replace(/ {2}trades:[\s\S]*?expect/, 'expect'),
      },
      'test',
      'demo',
      '--format',
      'json',
    );
    const { elsewhere } = JSON.parse(ran.stdout) as { elsewhere: unknown };
    expect(elsewhere).toEqual([{ case: 'whole', sop: 'demo', disposition: 'escalate' }]);
  });

  test('its skill names them, and goes stale when a view changes', async () => {
    const folder = await makeFolder(files);
    expect((await sop(folder, ['build'])).status).toBe(0);
    expect((await sop(folder, ['build', '--check'])).status).toBe(0);
    await put(folder, 'sops/views/named_trades.sql', named.replace('FROM trades t', 'FROM trades AS t'));
    const stale = await sop(folder, ['build', '--check']);
    expect([stale.status, stale.stdout.includes('SOP603')]).toEqual([1, true]);
    const { stdout } = await sop(folder, ['tables', 'large_trades']);
    expect(stdout).toContain('notional_usd             DECIMAL(38,8)');
    const listed = JSON.parse((await sop(folder, ['tables', '--format', 'json'])).stdout) as Record<string, unknown[]>;
    expect([listed['views']?.length, listed['lists']?.length]).toEqual([2, 1]);
  });

  test('a new case holds the tables behind the views', async () => {
    const folder = await makeFolder(files);
    const { stdout } = await sop(folder, ['new', 'case', 'demo', 'demo-new']);
    expect(stdout).toContain('wrote');
    const ran = await sop(folder, ['test', 'demo']);
    expect(ran.stdout).not.toContain('SOP314');
  });
});

test('what the pages show works', async () => {
  const page = async (name: string) =>
    readFile(fileURLToPath(new URL(`../../docs/${name}.md`, import.meta.url)), 'utf8');
  const views = (await page('language')).split('### Views\n')[1] ?? '';
  const [shown = '', clusters = '', exempt = ''] = [...views.matchAll(/```sql\n([\s\S]*?)```/g)].map(
    (block) => block[1] ?? '',
  );
  const [house = ''] = [...views.matchAll(/```text\n(key,[\s\S]*?)```/g)].map((block) => block[1] ?? '');
  const cases = (await page('cases')).split('## Cases of a view\n')[1] ?? '';
  const shownCase = /```yaml\n([\s\S]*?)```/.exec(cases)?.[1] ?? '';
  const links = [['a', 1], ['b', 1], ['b', 2], ['c', 2], ['d', 3], ['e', 3]].map(([account, cluster]) => `{account_id: ${account}, cluster_id: c${cluster}}`); // biome-ignore format: a graph
  const folder = await makeFolder({
    ...greenFiles(),
    'sops/views/owner_trades.sql': shown,
    'sops/views/cases/owner-trades-small.yaml': shownCase,
    'sops/views/clusters.sql': `/*\ntitle: Clusters\ncolumns: {account_id: text, root: text}\nkey: [account_id]\n*/\n${clusters}`,
    'sops/views/cases/clusters-chain.yaml': `case: clusters-chain
view: clusters
title: A chain of three and a pair
source: test
given: {account_links: [${links.join(', ')}]}
expect: [{account_id: a, root: a}, {account_id: b, root: a}, {account_id: c, root: a}, {account_id: d, root: d}, {account_id: e, root: d}]
`,
    'sops/lists/house_accounts.csv': house,
    'sops/views/kept.sql': `/*\ntitle: Trades of customers\ncolumns: {trade_id: text}\n*/\nSELECT t.trade_id FROM trades t ${exempt}`,
  });
  const ran = await sop(folder, ['test', '--as-of', today, '--format', 'json']);
  expect(json(ran).diagnostics).toEqual([]);
  expect(json(ran).summary).toMatchObject({ views: { total: 2, passed: 2 } });
  const { stdout } = await sop(folder, ['check', '--as-of', today, '--format', 'json']);
  expect([...new Set((JSON.parse(stdout) as { diagnostics: Said[] }).diagnostics.map(({ code }) => code))]).toEqual([
    'SOP326',
  ]);
});

test('a view sees what could be known, and $from and $as_of are those of the run', async () => {
  const late = view(
    '{symbol: text, ts: timestamp, notional_usd: decimal, buyer: text, seller: text}',
    'SELECT * FROM named_trades WHERE ts <= $as_of - INTERVAL 1 HOUR AND ts >= $from',
  );
  const timed = (name: string, asOf: string, expected: string) => `case: ${name}
view: large_trades
title: Four trades
source: desk reasoning
given:
  accounts: [{account_id: a1, owner_id: o1}]
  trades:
    - {symbol: A, ts: 2026-11-02 10:00:00, buy_account_id: a1, sell_account_id: a1}
    - {symbol: B, ts: 2026-11-02 11:00:00, buy_account_id: a1, sell_account_id: a1}
    - {symbol: C, ts: 2026-11-02 12:00:00, buy_account_id: a1, sell_account_id: a1}
    - {symbol: D, ts: 2026-11-02 10:30:00, ingested_ts: 2026-11-02 12:30:00, buy_account_id: a1, sell_account_id: a1}
${asOf}expect: ${expected}
`;
  const attack = (asOf: string) => green.attack.replace('expect:', `as_of: ${asOf}\nexpect:`);
  const changes = {
    'sops/views/large_trades.sql': late,
    'sops/views/cases/large-one.yaml': timed('large-one', 'as_of: 2026-11-02 12:00:00\n', '[{symbol: A}, {symbol: B}]'),
    'sops/views/cases/large-end.yaml': timed('large-end', '', '[{symbol: A}, {symbol: B}, {symbol: D}]'),
    'sops/demo/cases/demo-self-matched.yaml': attack('2026-11-04 10:00:00'),
    'sops/demo/cases/demo-too-early.yaml': attack('2026-11-02 10:30:00').replace('demo-self-matched', 'demo-too-early'),
  };
  const ran = json(await changed(changes, 'test', '--format', 'json'));
  expect(ran.summary).toMatchObject({ views: { total: 3, passed: 3 } });
  const told = ran.diagnostics.filter(({ file }) => !file.endsWith('demo-two-owners.yaml'));
  expect(told.map(({ code, file }) => [code, file])).toEqual([['SOP701', 'sops/demo/cases/demo-too-early.yaml']]);
});

describe('an error in a view stops what reads it, and is told once', () => {
  const broken = { 'sops/views/named_trades.sql': named.replace('FROM trades t', 'FROM tradez t') };
  test.each([
    ['SQL that cannot be bound', broken, 'SOP412'],
    ['no header', { 'sops/views/named_trades.sql': 'SELECT 1' }, 'SOP250'],
    ['an invisible character', { 'sops/views/named_trades.sql': named.replace('A view', 'A\u200bview') }, 'SOP115'],
    ['a list that cannot be read', { 'sops/lists/house_owners.csv': 'key\n' }, 'SOP251'],
  ])('%s', async (_, changes, code) => {
    const checked = json(await changed(changes, 'check', '--format', 'json'));
    expect(checked.diagnostics.map((entry) => entry.code)).toEqual([code]);
    const tested = await changed(changes, 'test', 'demo', '--format', 'json');
    expect(json(tested)).toMatchObject({ summary: { error: 3 } });
    expect(json(tested).diagnostics.map((entry) => entry.code)).toEqual([code]);
    const built = await changed(changes, 'build', 'demo');
    expect([built.status, built.stdout.includes(code)]).toEqual([1, true]);
  });

  test('a change of the header is seen by every SOP, whatever was remembered', async () => {
    const folder = await makeFolder(files);
    expect(json(await sop(folder, ['check', '--as-of', today, '--format', 'json'])).diagnostics).toEqual([]);
    await put(folder, 'sops/views/large_trades.sql', large.replace('notional_usd: decimal', 'notional_usd: text'));
    const codes = json(await sop(folder, ['check', '--as-of', today, '--format', 'json'])).diagnostics;
    expect(codes.map(({ code, file }) => [code, file])).toEqual([
      ['SOP421', 'sops/demo/SOP.md'],
      ['SOP434', 'sops/views/large_trades.sql'],
    ]);
  });
});
