import { symlink, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeFolder } from '../support/folder.ts';
import { expectPlain, greenFiles, type Ran, sop, today } from '../support/sop.ts';

const head = (name: string) => `case: ${name}\ntitle: t\ntechnique: WT-01\nmarket: spot\nkind: attack\nsource: test\n`;
const expectation = 'expect:\n  - {owner_id: o1, disposition: escalate}\n';
const accounts = '  accounts:\n    - {account_id: a1, owner_id: o1, type: retail}\n';
const withFile = (name: string, file: string) => `${head(name)}given:\n${accounts}  trades: ${file}\n${expectation}`;

/** What is wrong with a case, and where `sop test` or `sop check` says so. */
const wrong: Record<string, [yaml: string, code: string, says: string]> = {
  'c-missing': [withFile('c-missing', 'data/none.csv'), 'SOP316', '`data/none.csv` does not exist'],
  'c-outside': [withFile('c-outside', '../../../../../../../etc/passwd'), 'SOP317', 'lies outside'],
  'c-absolute': [withFile('c-absolute', '/etc/passwd'), 'SOP317', '`/etc/passwd` lies outside'],
  'c-link': [withFile('c-link', 'data/link.csv'), 'SOP317', '`data/link.csv` lies outside'],
  'c-parquet': [withFile('c-parquet', 'data/text.parquet'), 'SOP713', '`data/text.parquet` cannot be used'],
  'c-ragged': [withFile('c-ragged', 'data/ragged.csv'), 'SOP713', 'values where the header has 4 columns'],
  'c-type': [withFile('c-type', 'data/type.csv'), 'SOP713', 'column `notional_usd`'],
  'c-empty': [withFile('c-empty', 'data/empty.csv'), 'SOP713', '`data/empty.csv` cannot be used'],
  'c-binary': [withFile('c-binary', 'data/binary.csv'), 'SOP713', '`data/binary.csv` cannot be used'],
  'c-folder': [withFile('c-folder', 'data'), 'SOP316', '`data` does not exist'],
  'c-columns': [withFile('c-columns', 'data/columns.csv'), 'SOP713', 'x, y'],
  'c-json': [withFile('c-json', 'data/broken.json'), 'SOP713', '`data/broken.json` cannot be used'],
  'c-table': [`${head('c-table')}given:\n  tradse: []\n${expectation}`, 'SOP314', 'did you mean `trades`?'],
  'c-column': [
    `${head('c-column')}given:\n  trades:\n    - {symbl: A}\n${expectation}`,
    'SOP315',
    'did you mean `symbol`?',
  ],
  'c-time': [
    `${head('c-time')}given:\n  trades:\n    - {symbol: A, ts: 2026-02-30}\n${expectation}`,
    'SOP431',
    '`2026-02-30` does not fit',
  ],
  'c-nan': [
    `${head('c-nan')}given:\n  trades:\n    - {symbol: A, ts: 2026-02-01, notional_usd: .nan}\n${expectation}`,
    'SOP431',
    '`.nan` does not fit',
  ],
  'c-rule': [
    `${head('c-rule')}given:\n${accounts}expect:\n  - {owner_id: o1, rule: R9}\n`,
    'SOP313',
    '`R9` is no rule',
  ],
  'c-both': [
    `${head('c-both')}given:\n${accounts}signals: {self_ratio: 1}\n${expectation}`,
    'SOP227',
    'both `given:` and `signals:`',
  ],
  'c-list': ['- a\n- b\n', 'SOP204', 'a case file must be'],
  'c-other-name': [`${head('c-wrong-name')}given:\n${accounts}${expectation}`, 'SOP226', '`c-wrong-name`'],
  'c-bomb': ['a: &a [x]\nb: [*a, *a]\n', 'SOP106', '`&a` is a YAML anchor'],
};

let check: Ran;
let ran: Ran;
let again: Ran;

beforeAll(async () => {
  const cases = Object.fromEntries(
    Object.entries(wrong).map(([name, [text]]) => [`sops/demo/cases/${name}.yaml`, text]),
  );
  const root = await makeFolder({
    ...greenFiles(),
    ...cases,
    'sops/demo/cases/data/text.parquet': 'symbol,ts\nA,2026-01-01\n',
    'sops/demo/cases/data/ragged.csv': 'symbol,ts,notional_usd,buy_account_id\nA,2026-01-01,5,a1,x,y\n',
    'sops/demo/cases/data/type.csv': 'symbol,ts,notional_usd,buy_account_id,sell_account_id\nA,2026-01-01,many,a1,a1\n',
    'sops/demo/cases/data/empty.csv': '',
    'sops/demo/cases/data/binary.csv': Buffer.from([0, 1, 2, 255, 254]),
    'sops/demo/cases/data/columns.csv': 'x,y\n1,2\n',
    'sops/demo/cases/data/broken.json': '[{"symbol": "A", ',
  });
  await truncate(join(root, 'sops/demo/cases/c-list.yaml'), 8);
  await symlink('/etc/passwd', join(root, 'sops/demo/cases/data/link.csv'));
  check = await sop(root, ['check', '--as-of', today]);
  ran = await sop(root, ['test', '--as-of', today]);
  again = await sop(root, ['test', '--as-of', today]);
});

/** The message about a case, whichever of the two commands says it. */
function messages(name: string): string {
  const blocks = `${check.stdout}\n${ran.stdout}`.split(/\n(?=(?:error|warning|note) SOP)/);
  return blocks
    .filter((block) => block.includes(`cases/${name}.yaml:`) || block.includes(`┌─ sops/demo/cases/${name}.yaml`))
    .join('\n');
}

describe('each mistake has its message, at its file', () => {
  test.each(Object.entries(wrong).map(([name, [, code, says]]) => ({ name, code, says })))(
    '$name',
    ({ name, code, says }) => {
      const said = messages(name).replace(/\s+/g, ' ');
      expect(said).toContain(`error ${code}: `);
      expect(said).toContain(says);
    },
  );
});

test('the exit code is 1, nothing leaks, and nothing is said that only a programmer could read', () => {
  for (const each of [check, ran]) {
    expect(each.status).toBe(1);
    expectPlain(each);
    expect(each.stdout).not.toContain('root:');
  }
});

test('cases without a mistake run all the same', () => {
  expect(ran.stdout).toMatch(/caught +demo-self-matched/);
  expect(ran.stdout).toMatch(/left alone +demo-market-maker/);
});

test('a cache that holds everything changes no byte', () => {
  expect(again).toEqual(ran);
});
