import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFolder } from '../support/folder.ts';
import { problems } from '../support/output-schemas.ts';
import { greenFiles, sop, today } from '../support/sop.ts';
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
  for (const seed of [2]) expect((await findings({ 'trades.csv': csvOf(cleanRows(seed)) })).found).toEqual([]);
});

test('there are at least twenty faults', () => {
  expect(new Set(faults.map((fault) => fault.name)).size).toBeGreaterThanOrEqual(20);
});

describe('each planted fault is named', () => {
  for (const fault of faults) {
    test(fault.name, async () => {
      const { status, found } = await findings(fault.files(rows), fault.mapping);
      const own = found.filter((finding) => finding.code === fault.code);
      expect(own.map((finding) => finding.message).join('\n')).toMatch(fault.says);
      expect(own.every((finding) => finding.action !== '')).toBe(true);
      expect(status).toBe(1);
    });
  }
});

test('the page fits 80 columns and begins with what is wrong', async () => {
  const fault = faults.find(({ code }) => code === 'gap');
  const ran = await check(fault?.files(rows) ?? {});
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
