import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { filesIn, makeFolder, put } from '../support/folder.ts';
import { problems } from '../support/output-schemas.ts';
import { expectPlain, once, sop } from '../support/sop.ts';
import { csvOf, makeMoves, moves, rowsOf, trades, writeTrades } from './moves.ts';

let root: string;
beforeAll(async () => {
  root = await makeMoves({
    'header.csv': csvOf([]),
    'no-side.csv': csvOf(trades, ['trade_id', 'symbol', 'ts', 'price', 'notional_usd']),
    'empty-side.csv': csvOf(trades.map((row) => ({ ...row, taker_side: '' }))),
    'accounts.csv': 'account_id,owner_id\na1,o1\n',
    'coverage.csv': 'table_name,symbol,from_ts,to_ts\ntrades,,2026-01-05 00:00:00,2026-01-05 12:00:00\n',
    'hole.csv':
      'table_name,symbol,from_ts,to_ts\ntrades,,2026-01-05 00:00:00,2026-01-05 09:30:00\ntrades,,2026-01-05 09:45:00,2026-01-05 12:00:00\n',
  });
  await writeTrades(root, 'desk.duckdb', 'trades.csv');
});

interface Said {
  readonly from: string;
  readonly as_of: string;
  readonly subjects: number;
  readonly missing: { reason: string; table: string; team: string; detail: string }[];
  readonly unavailable: unknown[];
  readonly undecided: {
    reason: string;
    detail: string;
    team: string | null;
    subjects: number;
    would_be_alerts: number;
  }[];
  readonly alerts: Alert[];
}
interface Alert {
  readonly alert_id: string;
  readonly subject: Record<string, string>;
  readonly rule: string;
  readonly disposition: string;
  readonly decisions: number;
  readonly signals: Record<string, string>;
  readonly evidence: { row_id: string; ts: string; note: string; rows: number; source_table: string }[];
}

const run = once((...more) => sop(root, ['run', 'moves', ...more]));
async function json(...more: string[]): Promise<Said & { readonly status: number | null }> {
  const ran = await run(...more, '--format', 'json');
  expectPlain(ran);
  expect(problems('run', ran.stdout), ran.stderr).toEqual([]);
  const said = JSON.parse(ran.stdout) as { runs: [Said] };
  return { ...said.runs[0], status: ran.status };
}
const whole = ['--table', 'trades=trades.csv'];
const named = ({ alerts }: Said) => alerts.map(({ subject, rule }) => [subject['symbol'], subject['minute'], rule]);
const found = [
  ['C', '2026-01-05T10:15:00Z', 'R1'],
  ['A', '2026-01-05T10:00:00Z', 'R2'],
];

describe('alerts', () => {
  test('with rule, signals and the rows behind them, gravest first', async () => {
    const said = await json(...whole);
    expect(said).toMatchObject({ status: 0, subjects: 9, missing: [], unavailable: [] });
    expect(named(said)).toEqual(found);
    const [, alert] = said.alerts;
    expect(alert).toMatchObject({ disposition: 'investigate', decisions: 2 });
    expect(alert?.signals).toEqual({ buys: '3', worth: '30.6', middle: '1000000.2', spread: '1000000.1' });
    expect(alert?.evidence.map(({ row_id, ts, note, rows }) => [row_id, ts, note, rows])).toEqual([
      ['t3-000', '2026-01-05T10:00:00Z', 'at 0.1', 3],
      ['t3-001', '2026-01-05T10:00:01Z', 'at 1000000.20000003', 3],
      ['t3-002', '2026-01-05T10:00:02Z', 'at 2000000.30000006', 3],
    ]);
  });
  test('lists 200 rows of 250 in the order of time and row, and tells of all', async () => {
    const evidence = (await json(...whole)).alerts[0]?.evidence ?? [];
    expect([evidence.length, new Set(evidence.map(({ rows }) => rows))]).toEqual([200, new Set([250])]);
    const order = trades
      .filter(({ symbol, ts }) => symbol === 'C' && ts.includes('10:15'))
      .map(({ trade_id, ts }) => `${ts} ${trade_id}`)
      .sort();
    expect(evidence.map(({ row_id }) => row_id)).toEqual(order.slice(0, 200).map((text) => text.split(' ')[2]));
  });
  test('on a page: what is open stands before them, and says how much is not shown', async () => {
    const { stdout } = await run(...whole);
    expect(stdout.indexOf('Not decided')).toBeGreaterThan(0);
    expect(stdout.indexOf('Not decided')).toBeLessThan(stdout.indexOf('2 alerts'));
    expect(stdout).toContain('Buys: the first 5 of 250 rows');
    expect((await run(...whole, '--verbose')).stdout).toContain('Buys: the first 200 of 250 rows');
    expect(stdout).toContain('Tell compliance.');
  });
});

describe('what is not decided', () => {
  test('too little history (the symbol’s own), and not settled yet', async () => {
    const { undecided } = await json(...whole);
    expect(
      undecided.map(({ reason, team, subjects, would_be_alerts }) => [reason, team, subjects, would_be_alerts]),
    ).toEqual([
      ['requirement', 'compliance', 4, 1],
      ['not_settled', null, 1, 1],
    ]);
    const settled = await json(...whole, '--as-of', '2026-01-05T10:31:00Z');
    expect(settled.undecided.map(({ reason }) => reason)).toEqual(['requirement']);
    // Within ten minutes of 10:05 it joins; 10:30 is an alert of its own.
    expect(named(settled)).toEqual([...found, ['A', '2026-01-05T10:30:00Z', 'R2']]);
  });
  test('late: the newest row is too old for what happened after it', async () => {
    const { status, missing, alerts } = await json(...whole, '--as-of', '2026-01-05T10:40:03Z');
    expect([status, missing.map(({ reason, team }) => [reason, team])]).toEqual([1, [['late', 'compliance']]]);
    expect(alerts.length).toBe(3);
    expect((await json(...whole, '--as-of', '2026-01-05T10:40:02Z')).missing).toEqual([]);
  });
  test.each([
    ['an absent table', ['--table', 'accounts=accounts.csv'], 'absent'],
    ['a table without rows', ['--table', 'trades=header.csv'], 'empty'],
    ['an absent column', ['--table', 'trades=no-side.csv'], 'column'],
    ['a column without values', ['--table', 'trades=empty-side.csv'], 'column'],
  ])('%s: told first, with the team, and nothing is cleared', async (_, tables, reason) => {
    const said = await json(...tables);
    expect(said.status).toBe(1);
    expect(said.missing.map((entry) => [entry.table, entry.reason, entry.team])).toEqual([
      ['trades', reason, 'compliance'],
    ]);
    expect(said.alerts).toEqual([]);
    expect(said.undecided.reduce((sum, { subjects }) => sum + subjects, 0)).toBe(said.subjects);
    const { stdout } = await run(...tables);
    expect(stdout.split('\n').slice(2, 4).join(' ')).toMatch(/^Not decided ✗ .*`trades`/);
    expect(stdout).toContain('until then nothing is cleared. Tell compliance.');
  });
});

describe('`coverage`', () => {
  const covered = (file: string) => ['--table', `coverage=${file}`];
  test('says that there was nothing before: no warm-up', async () => {
    const said = await json(...whole, ...covered('coverage.csv'));
    expect(said.undecided.map(({ reason }) => reason)).toEqual(['not_settled']);
    expect(named(said)).toEqual([found[0], found[1], ['B', '2026-01-05T10:10:00Z', 'R2']]);
  });
  test('says that there was a hole, whatever the rows look like', async () => {
    const said = await json(...whole, ...covered('hole.csv'));
    expect(said.undecided[0]).toMatchObject({ reason: 'requirement', team: 'compliance' });
    expect(named(said)).toEqual([]);
  });
  test('a covered table without a file had no rows; nobody delivered one that is not covered', async () => {
    const as = ['--as-of', '2026-01-05T11:00:00Z'];
    expect(await json(...covered('coverage.csv'), ...as)).toMatchObject({ status: 0, subjects: 0, missing: [] });
    await put(root, 'other.csv', 'table_name,symbol,from_ts,to_ts\norders,,2026-01-05 00:00:00,2026-01-05 12:00:00\n');
    const { status, missing } = await json(...covered('other.csv'), ...as);
    expect([status, missing.map(({ reason }) => reason)]).toEqual([1, ['absent']]);
  });
});

describe('the window and the symbol', () => {
  test('--from leaves out what happened before', async () => {
    const said = await json(...whole, '--from', '2026-01-05T10:05:00Z');
    expect(said.from).toBe('2026-01-05T10:05:00Z');
    expect(named(said)).toEqual([found[0], ['A', '2026-01-05T10:05:00Z', 'R2']]);
  });
  test('--as-of hides what could not be known', async () => {
    const said = await json(...whole, '--as-of', '2026-01-05T12:06:00+02:00');
    expect([said.as_of, said.subjects]).toEqual(['2026-01-05T10:06:00Z', 5]);
    expect(named(said)).toEqual([found[1]]);
  });
  test('--symbol reports on one only', async () => {
    const said = await json(...whole, '--symbol', 'C');
    expect([said.subjects, named(said)]).toEqual([2, [found[0]]]);
    expect((await run(...whole, '--symbol', 'XX')).stderr).toContain('nothing in the window is about the symbol `XX`');
  });
});

test.each(['trades.jsonl', 'trades.parquet', 'desk.duckdb#trades', 'desk.duckdb'])(
  '%s gives the same bytes',
  async (file) => {
    const [csv, other] = await Promise.all([
      run(...whole, '--format', 'json'),
      run('--table', `trades=${file}`, '--format', 'json'),
    ]);
    expect(csv.stdout).toContain('"t6-000"');
    expect(other.stdout).toBe(csv.stdout);
  },
);

describe('--out', () => {
  test('holds what is printed, as JSON lines and Parquet alike', async () => {
    const out = join(await makeFolder(), 'deep/er');
    const ran = await run(...whole, '--format', 'json', '--out', out);
    const names = ['alerts', 'evidence', 'undecided'];
    const files = await filesIn(out);
    expect([...files.keys()]).toEqual(
      [...names.flatMap((name) => [`${name}.jsonl`, `${name}.parquet`]), 'run.json'].sort(),
    );
    expect(JSON.parse(files.get('run.json') ?? '')).toEqual(withoutEvidence(ran.stdout));
    expect(problems('run', files.get('run.json') ?? '')).toEqual([]);
    const counts: Record<string, number> = {};
    for (const name of names) {
      const lines = (files.get(`${name}.jsonl`) ?? '').trimEnd().split('\n');
      const rows = await rowsOf(join(out, `${name}.parquet`));
      expect(rows.map(flat)).toEqual(lines.map((line) => flat(JSON.parse(line))));
      counts[name] = rows.length;
    }
    expect(counts).toEqual({ alerts: 2, evidence: 203, undecided: 5 });
  });
  test('alerts can be given back', async () => {
    const out = join(await makeFolder(), 'out');
    await run(...whole, '--out', out);
    const again = moves
      .replace('id: moves', 'id: again')
      .replace(/## Requires[\s\S]*?(?=## Signals)/, '')
      .replace(/\n```sql evidence\n[\s\S]*?```\n/, '')
      .replace(/\| `worth`[\s\S]*?(?=\n```sql)/, '')
      .replace(
        /SELECT symbol[\s\S]*?GROUP BY ALL/,
        "SELECT json_extract_string(subject, '$.symbol') AS symbol, happened_at AS minute, 5 AS buys FROM alerts WHERE sop = 'moves'",
      );
    const desk = await makeMoves({ 'sops/again/SOP.md': again });
    for (const file of ['alerts.parquet', 'alerts.jsonl']) {
      const ran = await sop(desk, ['run', 'again', '--table', `alerts=${join(out, file)}`, '--as-of', '2026-01-05T12:00:00Z', '--format', 'json']); // biome-ignore format: one command line
      expect(problems('run', ran.stdout), ran.stdout + ran.stderr).toEqual([]);
      const said = JSON.parse(ran.stdout) as { runs: [Said] };
      expect(said.runs[0].alerts.map(({ subject }) => Object.values(subject))).toEqual([
        ['A', '2026-01-05T10:00:00Z'],
        ['C', '2026-01-05T10:15:00Z'],
      ]);
    }
  });
  test('tells of SQL that failed, and fails', async () => {
    const broken = moves.replace(
      'sum(notional_usd) AS worth',
      'sum(notional_usd) + CAST(max(trade_id) AS INTEGER) AS worth',
    );
    const desk = await makeMoves({ 'sops/moves/SOP.md': broken });
    const ran = await sop(desk, ['run', ...whole, '--format', 'json', '--out', 'out']);
    expect(ran.status).toBe(1);
    expect(problems('run', ran.stdout)).toEqual([]);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      runs: [],
      errors: [{ file: 'sops/moves/SOP.md', severity: 'error' }],
    });
    expect(await readFile(join(desk, 'out/run.json'), 'utf8')).toBe(ran.stdout);
  });
});

/** What was printed, as `run.json` has it. */
function withoutEvidence(printed: string): unknown {
  const report = JSON.parse(printed);
  expect(report.runs[0].alerts[0].evidence.length).toBeGreaterThan(0);
  for (const { alerts } of report.runs) for (const alert of alerts) delete alert.evidence;
  return report;
}

/** A row with objects as Parquet holds them (JSON text), and times as JSON lines do. */
function flat(row: unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row as Record<string, unknown>).map(([name, value]) => {
      if (typeof value === 'object' && value !== null) return [name, JSON.stringify(value)];
      const isTime = typeof value === 'string' && /^\d{4}-\d\d-\d\d \d\d:/.test(value);
      return [name, isTime ? `${value.replace(' ', 'T')}Z` : value];
    }),
  );
}

describe('wrong usage', () => {
  test.each([
    ['no table', [], 'name the data: `--table trades=trades.parquet`'],
    ['no such file', ['--table', 'trades=trads.csv'], 'there is no file trads.csv'],
    ['no such table', ['--table', 'trade=trades.csv'], 'did you mean `trades`?'],
    [
      'from after as-of',
      [...whole, '--from', '2026-01-05T11:00:00Z', '--as-of', '2026-01-05T10:00:00Z'],
      'must lie before',
    ],
    ['from at as-of', [...whole, '--from', '2026-01-05T10:00:00Z', '--as-of', '2026-01-05 10:00'], 'must lie before'],
    [
      'a bad --from',
      [...whole, '--from', 'yesterday'],
      '`--from yesterday` is no time; write it as 2026-11-02T03:00:00Z',
    ],
    ['a bad --as-of', [...whole, '--as-of', '2026-02-30'], '`--as-of 2026-02-30` is no time'],
    ['parameters and a file', [...whole, '--what-if', 'many=4', '--what-if', 'new.md'], 'or one changed SOP file'],
  ])('%s', async (_, args, said) => {
    const ran = await run(...args);
    expectPlain(ran);
    expect([ran.status, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr.replace(/\s+/g, ' ')).toContain(said);
  });
  test('no such SOP', async () => {
    const ran = await sop(root, ['run', 'movs', ...whole]);
    expect([ran.status, ran.stderr.includes('`moves`') || ran.stderr.includes('moves')]).toEqual([2, true]);
  });
});

describe('a SOP with errors is not run', () => {
  test('its own', async () => {
    const desk = await makeMoves({ 'sops/moves/SOP.md': moves.replace('>= many', '>= mamy') });
    const ran = await sop(desk, ['run', ...whole]);
    expect([ran.status, ran.stdout.includes('SOP302')]).toEqual([1, true]);
  });
  test('those of a view that it reads', async () => {
    const desk = await makeMoves({
      'sops/moves/SOP.md': moves.replace('FROM trades GROUP', 'FROM some_trades GROUP'),
      'sops/views/some_trades.sql': '/*\ntitle: Some\ncolumns: {symbol: text}\n*/\nSELECT symbol FROM tradez\n',
    });
    const ran = await sop(desk, ['run', ...whole]);
    expect([ran.status, ran.stdout.includes('sops/views/some_trades.sql')]).toEqual([1, true]);
  });
});
