import { describe, expect, test } from 'vitest';
import type { Extent, TableShape } from '../../src/model/ports.ts';
import { joinStretches } from '../../src/replay/coverage.ts';
import { type Need, readinessOf, type Supply } from '../../src/replay/readiness.ts';
import { sopOf } from '../support/sops.ts';

const noon = Date.UTC(2026, 10, 2, 12) * 1000;
const minute = 60_000_000;
const hour = 60 * minute;

const shapes: readonly TableShape[] = [
  { name: 'trades', key: [], columns: [{ name: 'price', sql: 'DOUBLE' }], time: 'ts', feed: 'symbol' },
  { name: 'transfers', key: [], columns: [], time: 'ts' },
  { name: 'accounts', key: [], columns: [] },
];

const parameters = `## Parameters

| Parameter | Type    | Value | Unit   |
|-----------|---------|-------|--------|
| \`window\`  | integer | 90    | minute |
`;

/** Rows of Requires, without the bars at both ends. */
function requiring(rows: readonly string[], front: readonly string[] = []) {
  const head = '| Table | Columns | Covers | Fresh within | Team |\n|---|---|---|---|---|';
  const text = `${parameters}\n## Requires\n\n${head}\n${rows.map((row) => `| ${row} |`).join('\n')}\n`;
  return sopOf(['subject: [owner, symbol, ts]', 'at: ts', ...front], text);
}

const extent = (table: string, more: Partial<Extent> = {}): Extent => ({
  table, rows: 10, first: noon - 24 * hour, last: noon, known: noon, empty: [], firstBy: [], ...more,
}); // biome-ignore format: one line

interface Given {
  readonly extents?: readonly Extent[];
  readonly given?: readonly string[];
  readonly complete?: boolean;
  readonly coverage?: Supply['coverage'];
  readonly asOf?: number | null;
}

/** What is missing, as `reason: detail (team)`. */
function missing(
  sop: ReturnType<typeof requiring>,
  { extents = [], given, complete = false, coverage = new Map(), asOf = noon }: Given,
  need: Partial<Need> = {},
): string[] {
  const supply: Supply = {
    given: new Set(given ?? extents.map(({ table }) => table)),
    complete,
    extents: new Map(extents.map((entry) => [entry.table, entry])),
    coverage,
    asOf,
  };
  return readinessOf(
    sop,
    shapes,
    supply,
  )({ at: noon, symbol: null, ...need }).map(({ reason, detail, team }) => `${reason}: ${detail} (${team})`);
}

describe('a table that is required must be there', () => {
  const sop = requiring(['trades | price | – | – | feeds', 'accounts | – | – | – | –']);
  test('absent: with the team that must know, the owner where none is named', () => {
    expect(missing(sop, {})).toEqual(['absent: there is no `trades` (feeds)', 'absent: there is no `accounts` (desk)']);
  });
  test('empty on a desk: nobody has said that there was nothing', () => {
    expect(missing(sop, { extents: [extent('trades', { rows: 0 }), extent('accounts')] })).toEqual([
      'empty: `trades` is empty (feeds)',
    ]);
  });
  test('empty in a case: `[]` states that there was nothing', () => {
    const extents = [extent('trades', { rows: 0 }), extent('accounts', { rows: 0 })];
    expect(missing(sop, { extents, complete: true })).toEqual([]);
    expect(missing(sop, { extents: extents.slice(1), complete: true })).toEqual([
      'absent: there is no `trades` (feeds)',
    ]);
  });
  test('empty, and the table `coverage` says that the feed was alive', () => {
    const coverage = new Map([['trades', new Map([[null, [{ from: noon - hour, to: noon }]]])]]);
    expect(missing(sop, { extents: [extent('trades', { rows: 0 }), extent('accounts')], coverage })).toEqual([]);
  });
  test('a column without any value, in a case too', () => {
    const extents = [extent('trades', { empty: ['price'] }), extent('accounts')];
    for (const complete of [true, false])
      expect(missing(sop, { extents, complete })).toEqual(['column: `trades` has no value in `price` (feeds)']);
  });
  test('a column that the data lacks, in a table without rows too: SQL that reads it cannot run', () => {
    const lacking = requiring(['transfers | usd | – | – | –']);
    expect(missing(lacking, { extents: [extent('transfers', { rows: 0 })], complete: true })).toEqual([
      'column: `transfers` has no value in `usd` (desk)',
    ]);
  });
  test('a SOP that requires nothing lacks nothing', () => {
    expect(missing(sopOf(['subject: [owner]']), {})).toEqual([]);
  });
});

describe('Covers: the data must begin early enough', () => {
  const sop = requiring(['trades | – | 2h before at | – | –', 'transfers | – | `window` before `at` | – | –']);
  const whole = [extent('trades', { firstBy: [['A', noon - 24 * hour]] }), extent('transfers')];
  test('long enough, to the microsecond', () => {
    const just = [extent('trades', { first: noon - 2 * hour }), extent('transfers', { first: noon - 90 * minute })];
    expect(missing(sop, { extents: just })).toEqual([]);
    expect(missing(sop, { extents: just }, { at: noon - 1 })).toHaveLength(2);
  });
  test('too short, said for the table; the parameter in its own unit', () => {
    const extents = [extent('trades', { first: noon - hour }), extent('transfers', { first: noon - hour })];
    expect(missing(sop, { extents })).toEqual([
      'short: `trades` begins 2026-11-02T11:00:00Z; 2h before it is needed (desk)',
      'short: `transfers` begins 2026-11-02T11:00:00Z; 90m before it is needed (desk)',
    ]);
  });
  test('per symbol where each has its feed: a new listing is in warm-up while the others are live', () => {
    const firstBy = [
      ['A', noon - 24 * hour],
      ['NEW', noon - hour],
    ] as const;
    const extents = [extent('trades', { firstBy }), extent('transfers')];
    expect(missing(sop, { extents }, { symbol: 'A' })).toEqual([]);
    expect(missing(sop, { extents }, { symbol: 'NEW' })).toEqual([
      'short: `trades` of NEW begins 2026-11-02T11:00:00Z; 2h before it is needed (desk)',
    ]);
    expect(missing(sop, { extents }, { symbol: 'NONE' })).toEqual(['short: `trades` of NONE has no row yet (desk)']);
  });
  test('it says when there will be enough', () => {
    const supply = { given: new Set(['trades', 'transfers']), complete: false, coverage: new Map(), asOf: noon };
    const extents = new Map([
      ['trades', extent('trades', { first: noon - hour })],
      ['transfers', extent('transfers')],
    ]);
    const [short] = readinessOf(sop, shapes, { ...supply, extents })({ at: noon, symbol: null });
    expect(short).toMatchObject({ reason: 'short', readyAt: noon + hour });
  });
  test('a case states all there is: it has no warm-up', () => {
    expect(missing(sop, { extents: [extent('trades', { first: noon }), extent('transfers')], complete: true })).toEqual(
      [],
    );
  });
  test('without a time of the subject it counts from the end of the window', () => {
    expect(missing(sop, { extents: whole, asOf: noon }, { at: null })).toEqual([]);
    expect(missing(sop, { extents: whole, asOf: noon - 23 * hour }, { at: null })).toHaveLength(2);
    expect(missing(sop, { extents: whole, asOf: null }, { at: null })).toEqual([]);
  });
});

describe('Fresh within: the newest row must be young enough', () => {
  const sop = requiring(['trades | – | – | 10m | –']);
  const newest = (last: number) => [extent('trades', { last, known: last })];
  test('late, to the microsecond', () => {
    expect(missing(sop, { extents: newest(noon - 10 * minute) })).toEqual([]);
    expect(missing(sop, { extents: newest(noon - 11 * minute) })).toEqual([
      'late: the newest row of `trades` is of 2026-11-02T11:49:00Z; it must be no older than 10m (desk)',
    ]);
    expect(missing(sop, { extents: newest(noon - 10 * minute - 1) })).toHaveLength(1);
  });
  test('measured when the subject had settled, or at the end of the window where that is earlier', () => {
    const settling = requiring(['trades | – | – | 10m | –'], ['settle: 1h']);
    expect(missing(settling, { extents: newest(noon), asOf: noon + 2 * hour })).toHaveLength(1);
    expect(missing(settling, { extents: newest(noon + 50 * minute), asOf: noon + 2 * hour })).toEqual([]);
    expect(missing(settling, { extents: newest(noon), asOf: noon + 5 * minute })).toEqual([]);
  });
  test('an earlier subject does not suffer from a feed that stopped later', () => {
    expect(missing(sop, { extents: newest(noon - hour) }, { at: noon - hour })).toEqual([]);
  });
  test('reference data by the time at which it was known; without one nobody can tell', () => {
    const accounts = requiring(['accounts | – | – | 1d | –']);
    const known = (time: number | null) => [extent('accounts', { first: null, last: null, known: time })];
    expect(missing(accounts, { extents: known(noon - 23 * hour) })).toEqual([]);
    expect(missing(accounts, { extents: known(noon - 25 * hour) })).toHaveLength(1);
    expect(missing(accounts, { extents: known(null) })[0]).toContain('no row of `accounts` says when it was known');
  });
});

describe('coverage: what is said of a feed counts more than its rows', () => {
  const sop = requiring(['trades | – | 2h before at | 10m | –']);
  const told = (...stretches: readonly (readonly [string | null, number, number])[]): Supply['coverage'] => {
    const bySymbol = new Map<string | null, { from: number; to: number }[]>();
    for (const [symbol, from, to] of stretches) bySymbol.set(symbol, [...(bySymbol.get(symbol) ?? []), { from, to }]);
    return new Map([['trades', bySymbol]]);
  };
  const extents = [extent('trades', { last: noon - 5 * hour })];
  test('a quiet feed is not a dead one', () => {
    expect(missing(sop, { extents })).toHaveLength(1);
    expect(missing(sop, { extents, coverage: told([null, noon - 3 * hour, noon]) })).toEqual([]);
  });
  test('a hole is a hole, though rows lie on both sides', () => {
    const coverage = told([null, noon - 9 * hour, noon - hour], [null, noon - 30 * minute, noon]);
    expect(missing(sop, { extents: [extent('trades')], coverage })).toEqual([
      'short: `trades` is covered from 2026-11-02T11:30:00Z to 2026-11-02T12:00:00Z; 2026-11-02T10:00:00Z to 2026-11-02T11:50:00Z is needed (desk)',
    ]);
    const joined = told([null, noon - 9 * hour, noon - hour], [null, noon - hour, noon]);
    expect(missing(sop, { extents: [extent('trades')], coverage: joined })).toEqual([]);
  });
  test('a stretch that ends too early is late', () => {
    expect(missing(sop, { extents, coverage: told([null, noon - 9 * hour, noon - hour]) })[0]).toMatch(/^late: /);
  });
  test('per symbol: of all of them, or of this one', () => {
    const coverage = told([null, noon - 9 * hour, noon - hour], ['A', noon - hour, noon]);
    expect(missing(sop, { extents, coverage }, { symbol: 'A' })).toEqual([]);
    expect(missing(sop, { extents, coverage }, { symbol: 'B' })).toHaveLength(1);
    expect(missing(sop, { extents, coverage: told(['A', noon - 9 * hour, noon]) }, { symbol: 'B' })).toEqual([
      'short: `coverage` says nothing of `trades` then; 2026-11-02T10:00:00Z to 2026-11-02T11:50:00Z is needed (desk)',
    ]);
  });
  test('it counts in a case too', () => {
    const coverage = told([null, noon - 9 * hour, noon - hour]);
    expect(missing(sop, { extents, coverage, complete: true })).toHaveLength(1);
  });
});

test('stretches that touch or overlap are one', () => {
  const [a, b, c] = [
    { from: 0, to: 5 },
    { from: 5, to: 7 },
    { from: 8, to: 9 },
  ] as const;
  expect(joinStretches([c, b, a])).toEqual([{ from: 0, to: 7 }, c]);
  expect(
    joinStretches([
      { from: 0, to: 9 },
      { from: 1, to: 2 },
    ]),
  ).toEqual([{ from: 0, to: 9 }]);
  expect(joinStretches([])).toEqual([]);
});
