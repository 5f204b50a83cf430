import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CheckedLibrary } from '../../src/check/checked.ts';
import { readFileAs } from '../../src/cli/data-tables.ts';
import { compileForData } from '../../src/compile.ts';
import { createDuckDbEngine } from '../../src/engine/engine.ts';
import { noCache } from '../../src/host/disk-cache.ts';
import { createDiskStore } from '../../src/host/disk-store.ts';
import { judgeTable, notChecked } from '../../src/replay/data-check/check-data.ts';
import { fillable } from '../../src/replay/data-check/fillable.ts';
import { jsonDataCheck } from '../../src/report/json-data-check.ts';
import { limits } from '../engine/support.ts';
import { makeFolder } from '../support/folder.ts';
import { problems } from '../support/output-schemas.ts';
import { greenFiles, sop, today } from '../support/sop.ts';
import { sqlChild } from '../support/sql-child.ts';
import { faults } from './faults.ts';
import { cleanRows, csvOf, halves } from './generate.ts';

interface Finding {
  readonly code: string;
  readonly message: string;
  readonly action: string;
}

const rows = cleanRows();
const [first, second] = halves(rows);
const clean = { 'trades-1.csv': csvOf(first), 'trades-2.csv': csvOf(second) };

async function check(files: Readonly<Record<string, string>>, mapping?: string, more: readonly string[] = []) {
  const own = mapping === undefined ? {} : { 'sops/mappings/our-trades.yaml': mapping };
  const folder = await makeFolder({ ...greenFiles(), ...files, ...own });
  const how = mapping === undefined ? 'trades' : 'trades@our-trades';
  const named = Object.keys(files).flatMap((name) => ['--table', `${how}=${name}`]);
  return sop(folder, ['data', 'check', ...named, '--as-of', today, ...more]);
}

const engine = createDuckDbEngine({ command: sqlChild });
let checked: CheckedLibrary;
beforeAll(async () => {
  const store = createDiskStore(await makeFolder(greenFiles()));
  ({ checked } = await compileForData({ store, cache: noCache, engine, today }));
});
afterAll(() => engine.close());

/** What `sop data check --table trades=FILE…` says as JSON, without a process for each call. */
async function told(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await makeFolder(files);
  const { library } = checked;
  const table = library.tables.find(({ name }) => name === 'trades');
  if (table === undefined) throw new Error('no table of trades');
  const { values, description: _, required, ...shape } = table;
  const content = Object.keys(files).map((name) =>
    readFileAs('trades', null, join(folder, name), { map: [] }, library, []),
  );
  const now = Date.parse(today) * 1000;
  const request = { shape, content, values: Object.fromEntries(values), required, now };
  const surveyed = await engine.survey(request, limits);
  if (!surveyed.ok) throw new Error(JSON.stringify(surveyed.problem));
  const facts = surveyed.value;
  const one = { facts, findings: judgeTable(facts), notChecked: notChecked(facts) };
  return JSON.stringify(jsonDataCheck([one], await fillable(checked, [facts], engine)));
}

async function findings(files: Readonly<Record<string, string>>, mapping?: string) {
  const ran = await check(files, mapping, ['--format', 'json']);
  expect(problems('data-check', ran.stdout), ran.stderr).toEqual([]);
  return { status: ran.status, found: JSON.parse(ran.stdout).findings as Finding[] };
}

test('silent on the clean data set', async () => {
  const { status, found } = await findings(clean);
  expect(found).toEqual([]);
  expect(status).toBe(0);
});

test('silent on the clean data set in one file, sorted by symbol, and under other seeds', async () => {
  const bySymbol = [...rows].sort((a, b) => (a.symbol === b.symbol ? a.ts - b.ts : a.symbol < b.symbol ? -1 : 1));
  expect((await findings({ 'trades.csv': csvOf(bySymbol) })).found).toEqual([]);
  for (const seed of [2, 3]) {
    const { findings: found } = JSON.parse(await told({ 'trades.csv': csvOf(cleanRows(seed)) }));
    expect(found).toEqual([]);
  }
});

test('there are at least twenty faults', () => {
  expect(new Set(faults.map((fault) => fault.name)).size).toBeGreaterThanOrEqual(20);
});

describe('each planted fault is named', () => {
  for (const fault of faults) {
    test(fault.name, async () => {
      // A mapping belongs to a library of its own: those, and the tests above and below, ask the command.
      const stdout = fault.mapping === undefined ? await told(fault.files(rows)) : null;
      if (stdout !== null) expect(problems('data-check', stdout)).toEqual([]);
      const found: Finding[] =
        stdout === null ? (await findings(fault.files(rows), fault.mapping)).found : JSON.parse(stdout).findings;
      const own = found.filter((finding) => finding.code === fault.code);
      expect(own.map((finding) => finding.message).join('\n')).toMatch(fault.says);
      expect(own.every((finding) => finding.action !== '')).toBe(true);
    });
  }
});

test('the page fits 80 columns and begins with what is wrong', async () => {
  const fault = faults.find(({ code }) => code === 'gap');
  const ran = await check(fault?.files(rows) ?? {});
  expect(ran.status).toBe(1);
  expect(ran.stdout.startsWith('error gap in trades')).toBe(true);
  expect(ran.stdout).toContain('✗ demo');
});

const pump = resolve(process.env['SOPWRIGHT_DATA'] ?? '../shared/data', 'pump/trades.parquet');
test.skipIf(!existsSync(pump))(`on real trades only holes are told (skipped where ${pump} is absent)`, async () => {
  const folder = await makeFolder(greenFiles());
  const ran = await sop(folder, ['data', 'check', '--table', `trades=${pump}`, '--as-of', today, '--format', 'json']);
  const found = JSON.parse(ran.stdout).findings as Finding[];
  expect([...new Set(found.map((finding) => finding.code))]).toEqual(['gap']);
});
