import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeFolder } from '../support/folder.ts';
import { sop } from '../support/sop.ts';
import { csvOf, makeMoves, type Trade, trades, writeTrades } from './moves.ts';

/** The same rows in another order, the same in every run of the test. */
function shuffled(seed: string): Trade[] {
  const place = ({ trade_id }: Trade) => createHash('sha256').update(`${seed} ${trade_id}`).digest('hex');
  return trades.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
}

let root: string;
beforeAll(async () => {
  const parts = shuffled('parts');
  root = await makeMoves({
    'shuffled.csv': csvOf(shuffled('one')),
    'turned.csv': csvOf(trades.toReversed()),
    'part-1.csv': csvOf(parts.slice(0, 100)),
    'part-2.csv': csvOf(parts.slice(100, 101)),
    'part-3.csv': csvOf(parts.slice(101)),
  });
  for (const name of ['shuffled', 'part-1', 'part-2', 'part-3'])
    await writeTrades(root, `${name}.parquet`, `${name}.csv`);
  first = await printed(['trades.csv']);
});

interface Printed {
  readonly status: number | null;
  readonly stdout: string;
  /** Files of `--out` as hex, by name. */
  readonly files: ReadonlyMap<string, string>;
}
let first: Printed;

async function printed(files: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Printed> {
  const out = join(await makeFolder(), 'out');
  const tables = files.flatMap((file) => ['--table', `trades=${file}`]);
  const { status, stdout } = await sop(root, ['run', ...tables, '--format', 'json', '--out', out], env);
  const names = (await readdir(out)).sort();
  const contents = names.map(async (name) => [name, (await readFile(join(out, name))).toString('hex')] as const);
  return { status, stdout, files: new Map(await Promise.all(contents)) };
}

test('there is something to compare: alerts, evidence, what is undecided, and values that are floating-point numbers', () => {
  const said = JSON.parse(first.stdout) as { runs: [{ alerts: { evidence: unknown[] }[]; undecided: unknown[] }] };
  expect(first.status).toBe(0);
  expect(said.runs[0].alerts.map(({ evidence }) => evidence.length)).toEqual([200, 3]);
  expect(said.runs[0].undecided.length).toBe(2);
  expect([...first.files.keys()].length).toBe(7);
  // The sum of these prices is another number in another order.
  const sum = (rows: readonly Trade[]) => rows.reduce((total, { price }) => total + Number(price), 0);
  expect(sum(shuffled('one'))).not.toBe(sum(trades));
});

describe('the same bytes, printed and in files', () => {
  test.each([
    ['another order', ['shuffled.csv']],
    ['the reverse order', ['turned.csv']],
    ['three files', ['part-1.csv', 'part-2.csv', 'part-3.csv']],
    ['three files in another order', ['part-3.csv', 'part-1.csv', 'part-2.csv']],
    ['prices as DOUBLE', ['trades.parquet']],
    ['prices as DOUBLE in another order', ['shuffled.parquet']],
    ['prices as DOUBLE in three files', ['part-2.parquet', 'part-3.parquet', 'part-1.parquet']],
  ])('%s', async (_, files) => {
    expect(await printed(files)).toEqual(first);
  });
  test.each<[string, NodeJS.ProcessEnv]>([
    [
      'half an hour off, another language, a narrow page',
      { TZ: 'Asia/Kolkata', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', COLUMNS: '40' },
    ],
    [
      'a clock that is set back at night, a wide page, colours',
      { TZ: 'America/New_York', COLUMNS: '300', FORCE_COLOR: '1' },
    ],
  ])('%s', async (_, env) => {
    expect(await printed(['shuffled.csv'], env)).toEqual(first);
  });
});

test('on a page and with --what-if, too', async () => {
  for (const more of [['--verbose'], ['--what-if', 'many=4'], ['--what-if', 'many=4', '--format', 'json']]) {
    const [one, other] = await Promise.all([
      sop(root, ['run', '--table', 'trades=trades.csv', ...more]),
      sop(root, ['run', '--table', 'trades=shuffled.csv', ...more], { TZ: 'Asia/Kolkata', LC_ALL: 'tr_TR.UTF-8' }),
    ]);
    expect(one.stdout).toContain('moves');
    expect(other.stdout).toBe(one.stdout);
  }
});
