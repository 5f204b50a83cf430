import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { makeFolder, put } from '../support/folder.ts';
import { expectPlain, green, greenFiles, sop, today } from '../support/sop.ts';

let root: string;
beforeAll(async () => {
  root = await makeFolder(greenFiles());
});

interface Printed {
  readonly sql: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

test('what is printed runs, and decides a row', async () => {
  const ran = await sop(root, ['export', 'sql', 'demo', '--as-of', today, '--format', 'json']);
  expect(ran.status, ran.stderr).toBe(0);
  expectPlain(ran);
  const { sql, columns } = JSON.parse(ran.stdout) as Printed;
  const plain = await sop(root, ['export', 'sql', 'demo', '--as-of', today]);
  expect(plain.stdout).toBe(`${sql}\n`);
  for (const { name, type } of columns) expect(plain.stderr).toContain(`${name} ${type}`);
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const kept = [...sql.matchAll(/s\."(\w+)" AS "\(kept\)/g)].map(([, name]) => `'a' AS "${name}"`);
  const values = columns.map(({ name, type }) => `CAST(NULL AS ${type}) AS "${name}"`);
  await connection.run(`CREATE TABLE signals AS SELECT ${[...kept, ...values].join(', ')}`);
  const read = await connection.runAndReadAll(sql);
  expect(read.getRowObjects()).toHaveLength(1);
  expect(read.columnNames()).toEqual(expect.arrayContaining(['kind', 'disposition', 'severity', 'rule']));
  connection.closeSync();
});

test.each(['duckdb', 'postgres', 'clickhouse', 'trino', 'spark'])('%s, from a table in a schema', async (dialect) => {
  const ran = await sop(root, ['export', 'sql', 'demo', '--dialect', dialect, '--from', 'risk.rows', '--as-of', today]);
  expect(ran.status, ran.stderr).toBe(0);
  expect(ran.stdout).toMatch(/FROM ["`]risk["`]\.["`]rows["`] AS s/);
});

test.each([
  [['export', 'sql', 'dmo'], 'did you mean `demo`?'],
  [['export', 'sql', 'demo', '--dialect', 'oracle'], 'Allowed choices are'],
  [['export', 'sql', 'demo', '--from', 'a..b'], 'names no table'],
  [['export', 'sql'], "missing required argument 'id'"],
])('%j is called wrongly', async (args, says) => {
  const ran = await sop(root, [...args, '--as-of', today]);
  expect([ran.status, ran.stdout]).toEqual([2, '']);
  expect(ran.stderr).toContain(says);
});

test('a SOP with errors has no SQL', async () => {
  const broken = await makeFolder(greenFiles());
  await put(broken, 'sops/demo/SOP.md', green.sop.replace(/\| severity|→ severity/, '→ gravity'));
  const ran = await sop(broken, ['export', 'sql', 'demo', '--as-of', today]);
  expect(ran.status).toBe(1);
  expect(ran.stdout).not.toContain('SELECT');
});
