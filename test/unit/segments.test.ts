import { describe, expect, test } from 'vitest';
import type { CheckedSop } from '../../src/check/checked.ts';
import { resolveSegments } from '../../src/check/resolve-segments.ts';
import { resolveTables } from '../../src/check/resolve-tables.ts';
import { parameters } from '../../src/check/rules/parameters.ts';
import { requires } from '../../src/check/rules/requires.ts';
import { segments } from '../../src/check/rules/segments.ts';
import type { Library, MarketTable } from '../../src/model/library.ts';
import { canonicalTables } from '../../src/model/market-tables.ts';
import { parametersIn, segmentJoin } from '../../src/model/segments.ts';
import type { Sop, SqlText } from '../../src/model/sop.ts';
import { compareSheet } from '../../src/replay/answer-sheet.ts';
import { segmentRuns } from '../../src/replay/segment-runs.ts';
import { desk, sopOf } from '../support/sops.ts';

const own: MarketTable = {
  name: 'client_tiers',
  description: '',
  key: [],
  required: [],
  values: new Map(),
  columns: ['owner_id', 'symbol', 'tier'].map((name) => ({ name, sql: 'VARCHAR' as const })),
};
const sources = [...canonicalTables(), own];
const library = { desk, tables: sources, sources } as unknown as Library; // the parts that the rules below look at
const table = (name: string) => sources.find((entry) => entry.name === name) ?? own;

const sop = (front: readonly string[], cells = ['', ''], rest = '') =>
  sopOf(
    ['subject: [owner_id, symbol, ts]', 'at: ts', 'segment_by: instruments.liquidity_tier', ...front],
    `## Parameters

| Parameter | Type    | Value | liquid | illiquid | Unit | Range |
|-----------|---------|------:|-------:|---------:|------|-------|
| \`window\` | integer |    60 |        | ${cells[0]} | minute | [5..1440] |
| \`least\`  | number  |   0.5 | ${cells[1]} |  | ratio | [0..1] |

## Requires

| Table  | Covers             |
|--------|--------------------|
| trades | \`window\` before at |

## Signals

### All

| Signal  | Type   | Range            | Missing |
|---------|--------|------------------|---------|
| \`share\` | number | [0..1] step 0.01 | 0       |

## Decision

| F    | share    | → disposition | → severity |
|------|----------|---------------|------------|
| R1   | >= least | escalate      | high       |
| else | -        | dismiss       | info       |
${rest}`,
  );

const context = (entry: Sop) => ({ library, sop: entry, logic: resolveTables(entry, desk)[0], today: '2026-11-01' });
const codes = (found: readonly { readonly code: string }[]) => found.map(({ code }) => code);

describe('the columns by which a subject finds its segment', () => {
  const join = (subject: string, name: string) => segmentJoin(sopOf([`subject: ${subject}`, 'at: ts']), table(name));
  test.each<[subject: string, table: string, columns: string[], candidates: string[]]>([
    ['[owner_id, symbol, ts]', 'instruments', ['symbol'], ['symbol']],
    ['[venue, symbol, ts]', 'instruments', ['venue', 'symbol'], ['venue', 'symbol']],
    ['[symbol, type, ts]', 'instruments', ['symbol'], ['symbol']],
    ['[owner_id, ts]', 'accounts', ['owner_id'], ['owner_id']],
    ['[account_id, owner_id, ts]', 'accounts', ['account_id'], ['account_id']],
    ['[cluster_id, ts]', 'accounts', [], []],
    ['[owner_id, symbol, ts]', 'client_tiers', [], ['owner_id', 'symbol']],
    ['[owner_id, ts]', 'client_tiers', ['owner_id'], ['owner_id']],
  ])('%s in %s', (subject, name, columns, candidates) => {
    expect(join(subject, name)).toEqual({ columns, candidates });
  });
  test('what is not clear is told', () => {
    const unclear = { ...sop([]), segmentBy: sopOf(['subject: [x]', 'segment_by: client_tiers.tier']).segmentBy };
    expect(codes(segments(context(unclear)))).toEqual(['SOP261']);
  });
});

test('a segment has its own values, and `Value` where its cell is empty', () => {
  const entry = sop([], ['240', '0.2']);
  const values = (segment: string) => parametersIn(entry, segment).map(({ value }) => value.value);
  expect([values('liquid'), values('illiquid'), values('other')]).toEqual([
    ['60', '0.2'],
    ['240', '0.5'],
    ['60', '0.5'],
  ]);
  expect(entry.segments.map(({ value }) => value)).toEqual(['liquid', 'illiquid']);
});

test('the values of each segment fit the type and the range of the parameter', () => {
  expect(codes(parameters(context(sop([], ['240', '0.2']))))).toEqual([]);
  const found = parameters(context(sop([], ['2000', 'half'])));
  expect(found.map(({ code, args }) => [code, args['value']])).toEqual([
    ['SOP403', '2000'],
    ['SOP403', 'half'],
  ]);
});

test('what is wrong in one segment alone is told with that segment', () => {
  const entry = sop([], ['', '0.505']);
  const [logic, told] = resolveTables(entry, desk);
  const [segmentation, found] = resolveSegments(entry, library, told);
  expect(told).toEqual([]);
  expect(found.map(({ code, related }) => [code, related.map(({ label }) => label)])).toEqual([
    ['SOP405', ['with the values of `liquid`']],
  ]);
  expect(segmentation?.segments.map(({ name }) => name)).toEqual(['liquid', 'illiquid']);
  expect(logic).not.toEqual(segmentation?.segments[0]?.logic);
  expect(logic).toEqual(segmentation?.segments[1]?.logic);
});

test('the lookback holds for the segment that reaches back furthest', () => {
  expect(codes(requires(context(sop(['lookback: 2h'], ['120']))))).toEqual([]);
  expect(codes(requires(context(sop(['lookback: 2h'], ['180']))))).toEqual(['SOP244']);
});

test('a heading that looks like a slip is one', () => {
  const headed = (heading: string) =>
    sopOf(
      ['subject: [symbol]', 'segment_by: instruments.liquidity_tier'],
      `## Parameters\n\n| Parameter | Type | Value | ${heading} |\n|---|---|---|---|\n| \`x\` | number | 1 | 2 |\n`,
    ).segments.map(({ value }) => value);
  expect([headed('deep'), headed('Units'), headed('Range'), headed('`tier 1`')]).toEqual([
    ['deep'],
    [],
    [],
    ['tier 1'],
  ]);
});

describe('SQL runs once for all segments that give its parameters the same values', () => {
  const runs = (text: string) => {
    const entry = sop([], ['240', '0.2']);
    const [segmentation] = resolveSegments(entry, library, []);
    const checked = { sop: entry, segmentation } as CheckedSop; // the parts that say how often SQL runs
    const sql: SqlText = { text, start: 0, span: { path: '', start: 0, end: 0 } };
    return segmentRuns(checked, sql).map((run) => [...(run.segments ?? [])].join('+'));
  };
  test.each<[sql: string, runs: string[]]>([
    ['SELECT 1', ['liquid+illiquid']],
    ['SELECT $as_of, $from', ['liquid+illiquid']],
    ['SELECT $window', ['liquid', 'illiquid']],
    ['SELECT $WINDOW', ['liquid', 'illiquid']],
    ['SELECT $least, $window', ['liquid', 'illiquid']],
  ])('%s', (sql, expected) => expect(runs(sql)).toEqual(expected));
});

test('each row of a sheet is decided in the segment that it says', () => {
  const entry = sop([], ['', '0.2']);
  const [logic] = resolveTables(entry, desk);
  const [segmentation] = resolveSegments(entry, library, []);
  const reads = { tables: [], views: [], sound: true };
  const checked: CheckedSop = { sop: entry, logic, segmentation, groups: [], reads, lists: [], sound: true };
  const rows = ['liquid', ' illiquid ', 'micro', null].map((segment, index) => ({
    row: index + 1,
    segment,
    signals: new Map([['share', '0.3']]),
    expected: new Map([['disposition', segment === 'liquid' ? 'escalate' : 'dismiss']]),
  }));
  const { agreed, unread } = compareSheet(checked, desk, rows, 'escalate');
  expect([agreed, unread]).toEqual([
    2,
    [
      { row: 3, why: '"micro" is no segment of this SOP' },
      { row: 4, why: 'it says no segment' },
    ],
  ]);
});
