import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectPlain, sop } from '../support/sop.ts';
import { makeBurst } from './burst.ts';

let root: string;
beforeAll(async () => {
  root = await makeBurst();
});

describe('what cannot work is said, with exit code 2', () => {
  test.each<[string, string[], string]>([
    ['no labels', ['--table', 'trades=trades.csv'], 'needs `--table NAME=FILE` and `--labels FILE`'],
    [
      'no such file',
      ['--table', 'trades=gone.csv', '--labels', 'labels.csv', '--match', 'happened'],
      'there is no file gone.csv',
    ],
    [
      'no such table',
      ['--table', 'tradse=trades.csv', '--labels', 'labels.csv', '--match', 'happened'],
      'did you mean `trades`?',
    ],
    ['no name', ['--table', 'trades.csv', '--labels', 'labels.csv', '--match', 'happened'], 'write NAME=FILE'],
    [
      'labels without the column',
      ['--table', 'trades=trades.csv', '--labels', 'labels.csv', '--match', 'onset'],
      'has no column `onset`; it has: symbol, event, happened',
    ],
    [
      'labels without a time',
      ['--table', 'trades=trades.csv', '--labels', 'no-time.csv', '--match', 'happened'],
      'happened',
    ],
    [
      'a Parquet that is a text file',
      ['--table', 'trades=fake.parquet', '--labels', 'labels.csv', '--match', 'happened'],
      'fake.parquet',
    ],
    ['a folder', ['--table', 'trades=sops', '--labels', 'labels.csv', '--match', 'happened'], 'sops'],
    [
      'a device without an end',
      ['--table', 'trades=/dev/zero', '--labels', 'labels.csv', '--match', 'happened'],
      '/dev/zero',
    ],
    [
      'a column that is none',
      ['--table', 'trades=trades.csv', '--labels', 'labels.csv', '--match', 'x"; DROP'],
      'no plain column name',
    ],
    [
      '--by',
      ['--table', 'trades=trades.csv', '--labels', 'labels.csv', '--match', 'happened', '--by', 'owner'],
      '`--by owner` is no column of the subject; there are: symbol, minute',
    ],
    [
      '--within',
      ['--table', 'trades=trades.csv', '--labels', 'labels.csv', '--match', 'happened', '--within', 'long'],
      '`--within long` is no duration',
    ],
    [
      '--from',
      ['--table', 'trades=trades.csv', '--labels', 'labels.csv', '--from', 'shout'],
      '`--from shout` is no disposition',
    ],
    [
      '--floor',
      ['--table', 'trades=trades.csv', '--labels', 'labels.csv', '--match', 'happened', '--floor', 'f2=1'],
      'write precision, recall, f1, near_f1',
    ],
    ['--expect alone', ['--signals', 'trades.csv'], 'needs `--expect disposition=COLUMN`'],
    [
      '--out where a file stands',
      ['--table', 'trades=trades.csv', '--labels', 'labels.csv', '--match', 'happened', '--out', 'labels.csv'],
      'a file stands where a folder is needed',
    ],
  ])('%s', async (_, args, says) => {
    const ran = await sop(root, ['backtest', 'burst', ...args]);
    expect(ran.status, ran.stdout + ran.stderr).toBe(2);
    expect(ran.stderr.replace(/\s+/g, ' ')).toContain(says);
    expectPlain(ran);
  });
  test('a pipe that nobody writes to', async () => {
    execFileSync('mkfifo', [join(root, 'pipe.csv')]);
    const ran = await sop(root, [
      'backtest',
      'burst',
      '--table',
      'trades=pipe.csv',
      '--labels',
      'labels.csv',
      '--match',
      'happened',
    ]);
    expect(ran.status).toBe(2);
    expectPlain(ran);
  });
});
