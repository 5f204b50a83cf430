import { beforeAll, expect, test } from 'vitest';
import { makeFolder } from '../support/folder.ts';
import { expectPlain, greenFiles, type Ran, sop, today } from '../support/sop.ts';
import { burst } from './burst.ts';

/** Accounts as whole numbers, and a time column with the name that labels have too. */
const numbered = burst
  .replace('id: burst', 'id: numbered')
  .replaceAll('[symbol, minute]', '[account, at]')
  .replace('at: minute', 'at: at')
  .replace('by: [symbol]', 'by: [account]')
  .replace(
    "SELECT symbol, date_trunc('minute', ts) AS minute",
    "SELECT CAST(buy_account_id AS BIGINT) AS account, date_trunc('minute', ts) AS at",
  )
  .replace(/### Known[\s\S]*?(?=## Decision)/, '');

let root: string;
beforeAll(async () => {
  const row = (account: number, time: string) => `A,2026-01-05 ${time},buy,${account},5\n`;
  root = await makeFolder({
    ...greenFiles(),
    'sops/numbered/SOP.md': numbered,
    'trades.csv': `symbol,ts,taker_side,buy_account_id,notional_usd\n${row(7, '10:00').repeat(3)}${row(8, '12:00')}A,2026-01-05 12:02,sell,9,5\n`,
    'labels.csv': 'account,at\n7,2026-01-05 10:01:00\n8,2026-01-05 12:01:00\n',
  });
});

const against = (...more: string[]): Promise<Ran> =>
  sop(root, [
    'backtest',
    'numbered',
    ...['--table', 'trades=trades.csv', '--labels', 'labels.csv', '--match', 'at', '--as-of', today],
    ...more,
  ]);

test('labels meet accounts that are numbers', async () => {
  const ran = await against('--format', 'json');
  expect(JSON.parse(ran.stdout), ran.stderr).toMatchObject({ alerts: 1, labels: 2, true_positives: 1, misses: 1 });
});

test('what was missed of an account that is a number says why', async () => {
  const ran = await against('--format', 'json');
  expect(JSON.parse(ran.stdout)).toMatchObject({ missed: [{ row: 2, closest: { disposition: 'dismiss' } }] });
});

test('--by that names the time of --match is no fault of ours', async () => {
  const ran = await against('--by', 'account,at');
  expect(ran.status).not.toBe(3);
  expectPlain(ran);
});
