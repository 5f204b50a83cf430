import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { sop } from '../support/sop.ts';
import { makeBurst } from './burst.ts';

let root: string;
beforeAll(async () => {
  root = await makeBurst();
});

describe('--signals: a sheet of values and answers', () => {
  test('reads spreadsheets as desks write them', async () => {
    const rows = [
      'buys,worth,listed,verdict',
      '3,10,True,escalate',
      '2,,yes,INVESTIGATE',
      '2,NA,,dismiss',
      '0,,no,',
      ',,,dismiss',
      'many,1,,dismiss',
      '-1,1,,dismiss',
    ];
    await writeFile(join(root, 'sheet.csv'), `${rows.join('\n')}\n`);
    const ran = await sop(root, [
      'backtest',
      'burst',
      '--signals',
      'sheet.csv',
      '--expect',
      'disposition=verdict',
      '--format',
      'json',
    ]);
    expect(ran.status, ran.stderr).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      rows: 7,
      agreed: 3,
      alerts: 3,
      labels: 2,
      true_positives: 2,
      false_positives: 1,
      misses: 0,
      invalid: 1,
      undecided: 0,
      unread: [
        { row: 4, why: 'nobody says what is expected' },
        { row: 6, why: 'buys is "many", which is not a number' },
      ],
      disagreements: [
        { row: 7, rule: null, expected: { disposition: 'dismiss' }, actual: { disposition: 'invalid' } },
        { row: 3, rule: 'R2' },
      ],
    });
    const floor = await sop(root, [
      'backtest',
      'burst',
      '--signals',
      'sheet.csv',
      '--expect',
      'disposition=verdict',
      '--floor',
      'precision=0.7',
    ]);
    expect([floor.status, floor.stderr.includes('precision is 0.6667, below the floor 0.7')]).toEqual([1, true]);
  });
});
