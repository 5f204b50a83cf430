import { beforeAll, expect, test } from 'vitest';
import { makeFolder } from '../support/folder.ts';
import { problems, type SchemaName } from '../support/output-schemas.ts';
import { green, greenFiles, sop, today } from '../support/sop.ts';

let clean: string;
let broken: string;
beforeAll(async () => {
  clean = await makeFolder({
    ...greenFiles(),
    'sops/other/SOP.md': green.sop
      .replace('id: demo', 'id: other')
      .replace(/## Blind spots[\s\S]*?(?=## References)/, ''),
    'trades.csv':
      'symbol,ts,notional_usd,buy_account_id,sell_account_id\nA,2026-01-05 10:00:00,200000,a1,a1\nA,2026-01-07 10:00:00,200000,a1,a1\n',
    'accounts.csv': 'account_id,owner_id,type\na1,o1,retail\n',
    'labels.csv': 'owner_id,ts\no1,2026-01-05\no1,2026-01-06\n',
    'sheet.csv': 'self_ratio,self_notional,verdict\n0.9,200000,escalate\n0.9,1,escalate\nx,1,dismiss\n',
  });
  broken = await makeFolder({
    ...greenFiles(),
    'sops/demo/SOP.md': green.sop
      .replace('markets: [spot]', 'markets: [spo]')
      .replace('FROM trades t', 'FROM tradse t'),
    'sops/demo/cases/broken.yaml': 'a: [',
  });
});

const table = ['--table', 'trades=trades.csv', '--table', 'accounts=accounts.csv', '--labels', 'labels.csv'];
const runs: [SchemaName, string, () => string, string[]][] = [
  ['check', 'a green library', () => clean, ['check']],
  ['check', 'errors', () => broken, ['check']],
  ['test', 'a green library', () => clean, ['test']],
  ['test', 'SOPs with errors', () => broken, ['test']],
  ['coverage', 'a green library', () => clean, ['coverage']],
  ['coverage', 'one SOP, and a layer', () => clean, ['coverage', 'demo', '--layer', 'layer.json']],
  ['coverage', 'SOPs with errors', () => broken, ['coverage']],
  ['build', 'written', () => clean, ['build']],
  ['build', '--check', () => clean, ['build', '--check']],
  ['build', 'errors', () => broken, ['build', '--check']],
  ['backtest', 'labels', () => clean, ['backtest', 'demo', ...table, '--near', '1d', '--from', 'escalate']],
  ['backtest', 'no --near', () => clean, ['backtest', 'demo', ...table]],
  [
    'backtest',
    'data that is not there',
    () => clean,
    ['backtest', 'demo', '--table', 'trades=trades.csv', '--labels', 'labels.csv'],
  ],
  [
    'backtest',
    'a sheet',
    () => clean,
    ['backtest', 'demo', '--signals', 'sheet.csv', '--expect', 'disposition=verdict'],
  ],
  ['all', 'a green library', () => clean, []],
  ['all', 'errors', () => broken, []],
];

test.each(runs)('sop %s, %s: as its schema says', async (name, _, root, args) => {
  const ran = await sop(root(), [...args, '--format', 'json', '--as-of', today]);
  expect([0, 1]).toContain(ran.status);
  expect(problems(name, ran.stdout)).toEqual([]);
  expect(ran.stdout.endsWith('}\n')).toBe(true);
});

test('a back-test of a SOP with errors prints no JSON', async () => {
  const ran = await sop(broken, ['backtest', 'demo', ...table, '--format', 'json']);
  expect(() => JSON.parse(ran.stdout)).not.toThrow();
});
