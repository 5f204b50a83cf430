import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeFolder } from '../support/folder.ts';
import { green, greenFiles, sop, today } from '../support/sop.ts';

const names = ['check', 'test', 'build', 'backtest', 'all'] as const;
type Name = (typeof names)[number];

const read = (name: Name) => JSON.parse(readFileSync(fileURLToPath(new URL(`../../schemas/output/${name}.json`, import.meta.url)), 'utf8')) as Record<string, unknown>;
const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true });
for (const name of names) ajv.addSchema(read(name));

function schema(name: Name): ValidateFunction {
  const check = ajv.getSchema(`urn:sopwright:output:${name}`);
  if (check === undefined) throw new Error(`no schema ${name}`);
  return check;
}

function problems(name: Name, text: string): unknown[] {
  const check = schema(name);
  return check(JSON.parse(text)) ? [] : (check.errors ?? []).map(({ instancePath, message, params }) => [instancePath, message, params]);
}

let clean: string;
let broken: string;
beforeAll(async () => {
  clean = await makeFolder({
    ...greenFiles(),
    'sops/other/SOP.md': green.sop.replace('id: demo', 'id: other').replace(/## Blind spots[\s\S]*?(?=## References)/, ''),
    'trades.csv': 'symbol,ts,notional_usd,buy_account_id,sell_account_id\nA,2026-01-05 10:00:00,200000,a1,a1\nA,2026-01-07 10:00:00,200000,a1,a1\n',
    'accounts.csv': 'account_id,owner_id,type\na1,o1,retail\n',
    'labels.csv': 'owner_id,ts\no1,2026-01-05\no1,2026-01-06\n',
    'sheet.csv': 'self_ratio,self_notional,verdict\n0.9,200000,escalate\n0.9,1,escalate\nx,1,dismiss\n',
  });
  broken = await makeFolder({
    ...greenFiles(),
    'sops/demo/SOP.md': green.sop.replace('markets: [spot]', 'markets: [spo]').replace('FROM trades t', 'FROM tradse t'),
    'sops/demo/cases/broken.yaml': 'a: [',
  });
});

const table = ['--table', 'trades=trades.csv', '--table', 'accounts=accounts.csv', '--labels', 'labels.csv'];
const runs: [Name, string, () => string, string[]][] = [
  ['check', 'a green library', () => clean, ['check']],
  ['check', 'errors', () => broken, ['check']],
  ['test', 'a green library', () => clean, ['test']],
  ['test', 'SOPs with errors', () => broken, ['test']],
  ['build', 'written', () => clean, ['build']],
  ['build', '--check', () => clean, ['build', '--check']],
  ['build', 'errors', () => broken, ['build', '--check']],
  ['backtest', 'labels', () => clean, ['backtest', 'demo', ...table, '--near', '1d', '--from', 'escalate']],
  ['backtest', 'no --near', () => clean, ['backtest', 'demo', ...table]],
  ['backtest', 'data that is not there', () => clean, ['backtest', 'demo', '--table', 'trades=trades.csv', '--labels', 'labels.csv']],
  ['backtest', 'a sheet', () => clean, ['backtest', 'demo', '--signals', 'sheet.csv', '--expect', 'disposition=verdict']],
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

describe('the keys that scripts rely on', () => {
  const figures = ['alerts', 'labels', 'true_positives', 'false_positives', 'misses', 'precision', 'recall', 'f1', 'intervals'];
  const keys: Record<Name, Record<string, string[]>> = {
    check: { '': ['version', 'summary', 'diagnostics'], summary: ['sops', 'errors', 'warnings'], 'diagnostics.items': ['code', 'severity', 'message', 'file', 'line', 'column', 'end_line', 'end_column', 'why', 'fix', 'witness'] },
    test: { '': ['version', 'summary', 'cases', 'coverage'], summary: ['sops', 'cases', 'caught', 'left_alone', 'missed', 'false_alarm', 'differs', 'known_gap', 'gap_closed', 'gap_expired', 'error'], 'cases.items': ['case', 'sop', 'kind', 'technique', 'market', 'outcome', 'expected', 'actual', 'why'] },
    build: { '': ['version', 'summary', 'diagnostics'] },
    backtest: { '': ['version', 'sop', 'rows', ...figures, 'invalid', 'undecided', 'near', 'missed', 'false_alarms', 'disagreements'], 'disagreements.items': ['row', 'rule', 'expected', 'actual'] },
    all: { '': ['version', 'check', 'build', 'test'] },
  };
  test.each(names)('%s requires them', (name) => {
    const whole = read(name);
    for (const [path, expected] of Object.entries(keys[name])) {
      const at = path === '' ? whole : path.split('.').reduce<Record<string, unknown>>((node, part) => part === 'items' ? resolve(whole, node['items']) : child(node, part), whole);
      expect(at['required'], `${name} ${path}`).toEqual(expect.arrayContaining(expected));
    }
  });
});

const record = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {});

function child(node: Record<string, unknown>, name: string): Record<string, unknown> {
  return record(record(node['properties'])[name]);
}

function resolve(whole: Record<string, unknown>, node: unknown): Record<string, unknown> {
  const found = record(node);
  return found['$ref'] === '#/$defs/diagnostic' ? record(record(whole['$defs'])['diagnostic']) : found;
}

test('every object of a schema is closed and described, but for maps by name', () => {
  const open: string[] = [];
  const visit = (node: unknown, path: string): void => {
    if (Array.isArray(node)) for (const [index, entry] of node.entries()) visit(entry, `${path}/${index}`);
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
    const own = record(node);
    if (own['type'] === 'object' && !('additionalProperties' in own)) open.push(`${path} is open`);
    for (const [name, value] of Object.entries(record(own['properties']))) {
      const { description, $ref } = record(value);
      if (description === undefined && $ref === undefined) open.push(`${path}/${name} has no description`);
    }
    for (const [key, value] of Object.entries(own)) visit(value, `${path}/${key}`);
  };
  for (const name of names) visit(read(name), name);
  expect(open).toEqual([]);
});

test('a schema refuses what it does not know', () => {
  const good = { version: 1, summary: { sops: 1, errors: 0, warnings: 0, notes: 0 }, diagnostics: [] };
  expect(problems('check', JSON.stringify(good))).toEqual([]);
  for (const bad of [{ ...good, version: 2 }, { ...good, extra: 1 }, { ...good, diagnostics: [{}] }, { ...good, summary: { sops: 1 } }]) expect(problems('check', JSON.stringify(bad))).not.toEqual([]);
});
