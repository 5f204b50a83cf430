import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CheckedSop } from '../../src/check/checked.ts';
import { compile } from '../../src/compile.ts';
import { noCache } from '../../src/host/disk-cache.ts';
import { createDiskStore } from '../../src/host/disk-store.ts';
import type { Case } from '../../src/model/case.ts';
import type { Library } from '../../src/model/library.ts';
import type { SqlEngine, TableData } from '../../src/model/ports.ts';
import { caseData } from '../../src/replay/case-data.ts';
import { compareDecisions, rank } from '../../src/replay/comparer.ts';
import { type Evaluation, evaluate } from '../../src/replay/evaluate.ts';
import { needsOf } from '../../src/replay/in-window.ts';
import { caseRequest, type Given, openCase } from '../../src/replay/open-case.ts';
import { sharedData } from '../../src/replay/shared-data.ts';
import { type DecidedSubject, keyText } from '../../src/replay/subjects.ts';
import { tablesOf } from '../../src/replay/survey.ts';
import { formatTime } from '../../src/text/time.ts';
import { openEngine, today } from '../diagnostics/run.ts';
import { spread, upTo } from '../support/long.ts';

const store = createDiskStore(fileURLToPath(new URL('../..', import.meta.url)));
const hour = 3600e6;
let engine: SqlEngine;
let library: Library;
let sops: readonly CheckedSop[];
beforeAll(async () => {
  engine = openEngine();
  // What the analysis says of the tables is no matter here.
  const { checked } = await compile({ store, cache: noCache, engine, today, budget: { visits: 1 } });
  ({ library, sops } = checked);
}, 120_000);
afterAll(() => engine.close());

/** How a table fails: nobody delivers it, it comes without rows, or its feed breaks off an hour before its newest row. */
type Failure = { readonly table: string; readonly kind: 'removed' | 'emptied' | 'an hour short' };

/**
 * Decides on the rows of a case as on a desk: what is not known to be complete may be missing. `coverage` vouches for every
 * table but the one that fails, so that nothing else leaves anybody undecided.
 */
async function onDesk(
  entry: GivenCase,
  checked: CheckedSop,
  asOf: number | null,
  failure: Failure | null,
  last: number | null,
): Promise<Evaluation | null> {
  const stated = await caseData(entry, { given: entry.input.tables }, library.sources, store);
  if ('code' in stated) throw new Error(`${entry.name.value}: its data cannot be read`);
  const read = new Set(tablesOf(checked));
  const isGone = (table: string) => failure?.table === table && failure.kind !== 'an hour short';
  const kept = stated.filter(({ table }) => read.has(table) && table !== 'coverage' && !isGone(table));
  const emptied: TableData[] =
    failure?.kind === 'emptied' ? [{ kind: 'rows', table: failure.table, columns: [], rows: [] }] : [];
  const names = [...kept, ...emptied].map(({ table }) => table);
  const covered = kept.map(({ table }) => {
    const end = failure?.table === table && last !== null ? formatTime(last - hour) : '2100-01-01T00:00:00Z';
    return [table, '2000-01-01 00:00:00', end.replace('T', ' ').replace('Z', '')];
  });
  const coverage: TableData = {
    kind: 'rows',
    table: 'coverage',
    columns: ['table_name', 'from_ts', 'to_ts'],
    rows: covered,
  };
  const given = new Set([...names, 'coverage']);
  const shared = sharedData(checked.reads, library.lists, entry.input.tables.map((table) => table.name.value)); // biome-ignore format: one line
  const own = new Set(shared.tables.map(({ name }) => name));
  const shapes = library.sources.filter(({ name }) => given.has(name) && !own.has(name));
  const { limits, ...request } = caseRequest(entry, entry.input, checked);
  const opened = await engine.open([...shapes, ...shared.tables], [...kept, ...emptied, coverage, ...shared.content], {
    limits,
    threads: 1,
    views: shared.views,
  });
  if (!opened.ok) throw new Error(`${entry.name.value}: ${JSON.stringify(opened.problem)}`);
  const brokenOff =
    failure?.kind === 'an hour short' && last !== null ? { table: failure.table, last: last - hour } : null;
  const evaluated = await evaluate(
    checked,
    { data: opened.value, shapes, given, complete: false },
    { ...request, limits, asOf, ...(brokenOff !== null && { brokenOff }) },
  );
  await opened.value.close();
  return evaluated.ok ? evaluated.value : null;
}

const kinds = ['removed', 'emptied', 'an hour short'] as const;

/**
 * The normal run takes two cases of each SOP, evenly spread, and of the pairs of a case and a table that it requires every twelfth,
 * another for each kind of failure; it leaves out the others. `npm run test:long` takes all.
 */
const everyPair = upTo(1, 12);
type GivenCase = Case & { readonly input: Given };

/** Cases that must find somebody, each with its SOP: so many of each SOP. */
function attacks(): { readonly entry: GivenCase; readonly checked: CheckedSop }[] {
  const isGiven = (entry: Case): entry is GivenCase => entry.input.kind === 'given';
  return sops
    .filter(({ sop }) => sop.status.value !== 'retired')
    .flatMap((checked) => {
      const own = library.cases
        .filter(isGiven)
        .filter(({ sop, kind, knownGap }) => sop === checked.sop.id.value && kind !== 'benign' && knownGap === null);
      return spread(own, 2).map((entry) => ({ entry, checked }));
    });
}

async function inCase(entry: GivenCase, checked: CheckedSop): Promise<Evaluation> {
  const opened = await openCase(entry, entry.input, checked, { library, store, engine, today }, library.sources);
  if ('why' in opened) throw new Error(`${entry.name.value}: ${opened.why}`);
  const evaluated = await evaluate(checked, opened, caseRequest(entry, entry.input, checked));
  await opened.data.close();
  if (!evaluated.ok) throw new Error(`${entry.name.value} cannot be decided`);
  return evaluated.value;
}

/** One comparison an expectation. */
function compared(entry: GivenCase, { sop }: CheckedSop, { decided }: Pick<Evaluation, 'decided'>) {
  const { desk } = library;
  const highest = desk.dispositions.at(-1) ?? '';
  return compareDecisions(entry.kind, entry.expect, highest, decided, sop, desk).slice(0, entry.expect.length);
}

/** The disposition that somebody has now; `undecided` where nothing is said, or where data is missing to say it. */
function dispositionOf({ key }: DecidedSubject, { sop }: CheckedSop, less: Evaluation): string {
  const now = less.decided.find((subject) => keyText(subject.key) === keyText(key));
  if (now?.decision.kind === 'decided') return now.decision.disposition;
  return now !== undefined || less.readiness(needsOf(sop)(key)).length > 0 ? 'undecided' : 'nothing';
}

let wholes: {
  entry: GivenCase;
  checked: CheckedSop;
  stated: Evaluation;
  asOf: number | null;
  whole: Evaluation | null;
}[];
beforeAll(
  async () => {
    wholes = [];
    for (const { entry, checked } of attacks()) {
      const stated = await inCase(entry, checked);
      // In a case everything has settled; on a desk one waits for it, also where the time decided about is after all rows.
      const end = stated.window.asOf;
      const settle = (checked.sop.settle?.value ?? 0) * 1e6;
      const settled = stated.decided.map(({ key }) => (needsOf(checked.sop)(key).at ?? 0) + settle);
      const asOf = entry.asOf === null && end !== null ? Math.max(end, ...settled) + hour : end;
      wholes.push({ entry, checked, stated, asOf, whole: await onDesk(entry, checked, asOf, null, null) });
    }
  },
  upTo(3_600_000, 300_000),
);

test('a desk finds whom the cases find, where it vouches for all tables', () => {
  const unlike = wholes.flatMap(({ entry, checked, whole }) =>
    compared(entry, checked, whole ?? { decided: [] })
      .filter(({ outcome }) => outcome !== 'caught')
      .map(({ subject, actual }) => `${entry.name.value}: ${subject}: ${JSON.stringify(actual)}`),
  );
  expect(unlike).toEqual([]);
  const touched = new Set(wholes.map(({ checked }) => checked.sop.id.value));
  expect(touched.size).toBe(sops.length);
  expect(wholes.length).toBeGreaterThan(upTo(20 * sops.length, sops.length));
});

test.each(kinds)(
  'no attack of the library is cleared where a required table is %s',
  async (kind) => {
    const cleared: string[] = [];
    let open = 0;
    let pair = 0;
    for (const { entry, checked, stated, asOf, whole } of wholes) {
      const found = compared(entry, checked, whole ?? { decided: [] }).flatMap((comparison) => comparison.found ?? []);
      for (const table of checked.sop.requires.map((row) => row.table.value)) {
        if (pair++ % everyPair !== kinds.indexOf(kind) % everyPair) continue;
        const last = stated.supply.extents.get(table)?.last ?? null;
        // SQL that fails gives no decision at all, and so no milder one.
        const less = await onDesk(entry, checked, asOf, { table, kind }, last);
        const now =
          less === null ? [] : found.map((subject) => [subject, dispositionOf(subject, checked, less)] as const);
        open += now.filter(([, disposition]) => disposition === 'undecided').length;
        const milder = now.filter(([subject, disposition]) => isMilder(disposition, subject));
        cleared.push(...milder.map(([, disposition]) => `${entry.name.value} without ${table}: ${disposition}`));
      }
    }
    expect(cleared).toEqual([]);
    expect(open).toBeGreaterThan(upTo(20, 5));
  },
  upTo(3_600_000, 300_000),
);

function isMilder(now: string, { decision }: DecidedSubject): boolean {
  const order = library.desk.dispositions;
  return now !== 'undecided' && decision.kind === 'decided' && rank(order, now) < rank(order, decision.disposition);
}
