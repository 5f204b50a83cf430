import { beforeAll, expect, test } from 'vitest';
import { problems } from '../support/output-schemas.ts';
import { expectPlain, sop } from '../support/sop.ts';
import { accountsOnly, csvOf, makeMoves, moves, trades } from './moves.ts';

let root: string;
beforeAll(async () => {
  root = await makeMoves({
    'sops/holders/SOP.md': accountsOnly,
    'accounts.csv': 'account_id,created_ts\na1,2026-01-05 10:00:00\n',
    'empty.csv': csvOf([]),
    'coverage.csv': 'table_name,symbol,from_ts,to_ts\ntrades,B,2026-01-05 00:00:00,2026-01-05 12:00:00\n',
    'one.csv': csvOf(trades.filter(({ symbol }) => symbol === 'B')),
  });
});

interface State {
  readonly sop: string;
  readonly state: string;
  readonly as_of: string | null;
  readonly missing: { reason: string; team: string; ready_at: string | null }[];
  readonly not_given: string[];
}

async function ready(...args: string[]): Promise<{ status: number | null; states: Record<string, State> }> {
  const ran = await sop(root, ['ready', ...args, '--format', 'json']);
  expectPlain(ran);
  expect(problems('ready', ran.stdout), ran.stderr).toEqual([]);
  const { sops } = JSON.parse(ran.stdout) as { sops: State[] };
  return { status: ran.status, states: Object.fromEntries(sops.map((entry) => [entry.sop, entry])) };
}

const whole = ['--table', 'trades=trades.csv'];

test('live where all that is required is there, unknown where nothing is required', async () => {
  const { status, states } = await ready(...whole, '--table', 'accounts=accounts.csv');
  expect([status, states['moves']?.state, states['holders']?.state]).toEqual([1, 'live', 'unknown']);
});

test('exit 0 where all are live', async () => {
  const desk = await makeMoves();
  expect((await sop(desk, ['ready', ...whole])).status).toBe(0);
  expect((await sop(desk, ['ready', 'B', ...whole])).status).toBe(1);
});

test.each([
  ['A', 'live', []],
  ['C', 'live', []],
  ['B', 'warm_up', [['short', '2026-01-05T10:40:00Z']]],
  ['XX', 'warm_up', [['short', null]]],
])('for the symbol %s: %s', async (symbol, state, missing) => {
  const { moves: found } = (await ready(symbol, ...whole)).states;
  expect(found).toMatchObject({ state, as_of: '2026-01-05T10:30:02Z' });
  expect(found?.missing.map(({ reason, ready_at }) => [reason, ready_at])).toEqual(missing);
});

test('warm-up ends when what has just settled has its hour', async () => {
  const later = trades.map((row) => ({ ...row, ts: row.ts.replace('10:30', '10:39') }));
  const desk = await makeMoves({ 'trades.csv': csvOf(later) });
  const state = async (time: string) => {
    const { stdout } = await sop(desk, ['ready', 'B', ...whole, '--as-of', time, '--format', 'json']);
    return (JSON.parse(stdout) as { sops: State[] }).sops[0]?.state;
  };
  expect([await state('2026-01-05T10:40:59Z'), await state('2026-01-05T10:41:00Z')]).toEqual(['warm_up', 'live']);
});

test('missing: late, without rows, absent, read and not given', async () => {
  const state = async (...args: string[]) => {
    const { moves: found, holders } = (await ready(...args)).states;
    return [found?.state, found?.missing.map(({ reason, team }) => [reason, team]), holders?.state, holders?.not_given];
  };
  const holders = ['missing', ['accounts']];
  expect(await state(...whole, '--as-of', '2026-01-05T11:00:00Z')).toEqual([
    'missing',
    [['late', 'compliance']],
    ...holders,
  ]);
  expect(await state('--table', 'trades=empty.csv')).toEqual(['missing', [['empty', 'compliance']], ...holders]);
  expect(await state('--table', 'accounts=accounts.csv')).toEqual([
    'missing',
    [['absent', 'compliance']],
    'unknown',
    [],
  ]);
});

test('coverage of a symbol counts for that symbol', async () => {
  const state = async (symbol: string) =>
    (await ready(symbol, ...whole, '--table', 'coverage=coverage.csv')).states['moves']?.state;
  expect([await state('B'), await state('A')]).toEqual(['live', 'warm_up']);
});

test('broken: a SOP with errors', async () => {
  const desk = await makeMoves({ 'sops/moves/SOP.md': moves.replace('>= many', '>= mamy') });
  const ran = await sop(desk, ['ready', ...whole, '--format', 'json']);
  expect(problems('ready', ran.stdout), ran.stderr).toEqual([]);
  expect([ran.status, (JSON.parse(ran.stdout) as { sops: State[] }).sops[0]?.state]).toEqual([1, 'broken']);
});

test('on a page: a line a SOP, what it waits for, and who must know', async () => {
  const { stdout } = await sop(root, ['ready', 'B', ...whole]);
  const page = stdout.replace(/\s+/g, ' ');
  expect(page).toContain('B, as of 2026-01-05T10:30:02Z');
  expect(page).toContain('moves warm-up `trades` of B begins 2026-01-05T09:40:00Z; 1h before it is needed; ready at 2026-01-05T10:40:00Z. Tell compliance.'); // biome-ignore format: one text
  expect(page).toContain('holders missing `accounts` is read and not there. Tell trading-risk.');
});

test.each([
  [['--as-of', 'soon', ...whole], '`--as-of soon` is no time'],
  [[], 'name the data'],
])('wrong usage: %j', async (args, said) => {
  const ran = await sop(root, ['ready', ...args]);
  expect([ran.status, ran.stdout]).toEqual([2, '']);
  expect(ran.stderr).toContain(said);
});
