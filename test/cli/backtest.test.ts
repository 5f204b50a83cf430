import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { filesIn, makeFolder } from '../support/folder.ts';
import { filesOf } from '../support/shipped-skills.ts';
import { once, type Ran, sop, today } from '../support/sop.ts';
import { makeBurst } from './burst.ts';

let root: string;
beforeAll(async () => {
  root = await makeBurst();
});

const call = once((...args) => sop(root, args));
const against = (files: readonly string[], ...more: string[]): Promise<Ran> =>
  call(
    'backtest',
    'burst',
    ...files.flatMap((file) => ['--table', file]),
    '--labels',
    'labels.csv',
    '--match',
    'happened',
    '--within',
    '3m',
    '--as-of',
    today,
    ...more,
  );
const whole = ['trades=trades.csv', 'instruments=instruments.csv'];
const json = (ran: Ran) =>
  JSON.parse(ran.stdout) as Record<string, unknown> & {
    near: Record<string, unknown>;
    missed: { row: number; symbol: string; closest: { why: string } | null }[];
    false_alarms: { subject: Record<string, string> }[];
  };

const expected = {
  sop: 'burst',
  rows: 6,
  alerts: 4,
  labels: 4,
  true_positives: 2,
  false_positives: 2,
  misses: 2,
  precision: 0.5,
  recall: 0.5,
  f1: 0.5,
  invalid: 0,
  undecided: 0,
  unavailable: [],
};

describe('known counts, from any kind of file', () => {
  test.each([
    [['trades=trades.csv']],
    [['trades=trades.parquet']],
    [['trades=trades.json']],
    [['trades=trades.ndjson']],
    [['trades=semicolons.csv']],
    [['trades=first.csv', 'trades=second.csv']],
  ])('%j', async (files) => {
    const ran = await against([...files, 'instruments=instruments.csv'], '--near', '1h', '--format', 'json');
    expect(ran.status, ran.stderr).toBe(0);
    expect(json(ran)).toMatchObject(expected);
    expect(json(ran).near).toMatchObject({
      within: 3600,
      alerts: 3,
      labels: 4,
      true_positives: 2,
      false_positives: 1,
      misses: 2,
      precision: 2 / 3,
      recall: 0.5,
    });
  });
  test('what was missed says why, what was raised says where', async () => {
    const result = json(await against(whole, '--format', 'json'));
    expect(result.missed.map(({ row, symbol, closest }) => [row, symbol, closest?.why ?? null])).toEqual([
      [2, 'A', expect.stringContaining('is 1, and R')],
      [4, 'C', null],
    ]);
    expect(result.false_alarms.map(({ subject }) => subject)).toEqual([
      { symbol: 'A', minute: '2026-01-05T10:11:00Z' },
      { symbol: 'B', minute: '2026-01-05T20:00:00Z' },
    ]);
  });
  test('--from a higher disposition', async () => {
    expect(json(await against(whole, '--from', 'escalate', '--format', 'json'))).toMatchObject({
      alerts: 2,
      true_positives: 2,
      false_positives: 0,
      precision: 1,
      recall: 0.5,
    });
  });
  test('the same seed, the same bytes', async () => {
    expect(await against(whole, '--near', '1h')).toEqual(await against(whole, '--near', '1h', '--seed', '1'));
  });
});

describe('data that is not there', () => {
  test('a column that a signal needs: undecided, named, never dismissed', async () => {
    const ran = await against(['trades=no-side.csv', 'instruments=instruments.csv'], '--format', 'json');
    expect(ran.status).toBe(1);
    expect(json(ran)).toMatchObject({
      rows: 0,
      alerts: 0,
      unavailable: [
        { signal: 'buys', needs: 'taker_side' },
        { signal: 'worth', needs: 'taker_side' },
      ],
    });
    expect((await against(['trades=no-side.csv', 'instruments=instruments.csv'])).stdout).toContain(
      '`buys` needs `taker_side`',
    );
  });
  test('a table that no rule needs', async () => {
    const ran = await against(['trades=trades.csv'], '--format', 'json');
    expect(ran.status).toBe(0);
    expect(json(ran)).toMatchObject({ ...expected, unavailable: [{ signal: 'listed', needs: 'instruments' }] });
  });
});

describe('floors and files', () => {
  test.each([
    [['f1=0.5', 'recall=0.5', 'near_f1=0.57'], 0],
    [['f1=0.51'], 1],
    [['near_f1=0.58'], 1],
    [['f1=0.5', 'precision=1'], 1],
  ])('--floor %j: %i', async (floors, status) => {
    const ran = await against(whole, '--near', '1h', ...floors.flatMap((floor) => ['--floor', floor]));
    expect(ran.status).toBe(status);
    expect(ran.stderr.includes('below the floor')).toBe(status === 1);
  });
  test('--out writes every alert, miss and false alarm', async () => {
    const out = await makeFolder();
    const ran = await against(whole, '--format', 'json', '--out', join(out, 'deep/er'));
    const files = await filesIn(join(out, 'deep/er'));
    expect([...files.keys()]).toEqual(['alerts.csv', 'backtest.json', 'false-alarms.csv', 'missed.csv']);
    expect(files.get('backtest.json')).toBe(ran.stdout);
    const lines = (name: string) => (files.get(name) ?? '').trimEnd().split('\n');
    expect([lines('alerts.csv').length, lines('false-alarms.csv').length, lines('missed.csv').length]).toEqual([
      5, 3, 3,
    ]);
    expect(lines('alerts.csv')[0]).toBe('symbol,minute,at,disposition,severity,rule,decisions,buys,worth,listed');
    expect(lines('alerts.csv')[1]).toBe('A,2026-01-05T10:00:00Z,2026-01-05T10:00:00Z,escalate,high,R1,2,3,31.5,true');
  });
});

const data = process.env['SOPWRIGHT_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
const pumps = existsSync(join(data, 'pump/trades.parquet'));

test.skipIf(!pumps)(
  `real pumps are found (skipped where ${data} is not there)`,
  async () => {
    const ran = await sop(await makeFolder(await filesOf(['pump-and-dump'])), [
      'backtest',
      'pump-and-dump',
      '--table',
      `trades=${join(data, 'pump/trades.parquet')}`,
      '--labels',
      join(data, 'pump/events.csv'),
      '--match',
      'onset_at',
      '--within',
      '2m',
      '--near',
      '24h',
      '--by',
      'symbol',
      '--format',
      'json',
      '--floor',
      'f1=0.60',
      '--floor',
      'near_f1=0.86',
    ]);
    expect(ran.stderr).not.toContain('below the floor');
    expect(ran.status).toBe(0);
    expect(json(ran)).toMatchObject({ labels: 98, invalid: 0 });
  },
  60_000,
);
