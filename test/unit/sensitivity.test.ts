import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CheckedSop } from '../../src/check/checked.ts';
import { resolveTables } from '../../src/check/resolve-tables.ts';
import type { Case } from '../../src/model/case.ts';
import { type CaseResult, runCase } from '../../src/replay/run-case.ts';
import { type Leeway, type Sensitivity, sensitivityOf } from '../../src/replay/sensitivity.ts';
import type { World } from '../../src/replay/world.ts';
import { upTo } from '../support/long.ts';
import { caseOf, desk, sopOf } from '../support/sops.ts';

const world = { library: { desk, sources: [] }, today: '2026-11-01' } as unknown as World; // all that cases of signal values need

/** Bounds: a parameter in two cells, a decimal, a whole number, and both ends of an interval on a grid. */
interface Bounds {
  readonly least: string;
  readonly usd: string;
  readonly count: string;
  readonly low: string;
  readonly high: string;
}

function checkedOf({ least, usd, count, low, high }: Bounds, sql = ''): CheckedSop {
  const sop = sopOf(
    ['subject: [account_id]'],
    `## Parameters

| Parameter | Type    | Value | Unit | Range   |
|-----------|---------|------:|------|---------|
| \`least\`   | decimal | ${least} | USD | [0..10] |

## Signals

### All

| Signal  | Type    | Range           | Missing |
|---------|---------|-----------------|---------|
| \`usd\`   | decimal | >= 0            | 0       |
| \`back\`  | decimal | –               | null    |
| \`count\` | integer | [0..10]         | 0       |
| \`share\` | number  | [0..10] step 0.5 | null   |
${sql}
## Decision

| F    | usd      | back     | count     | share   | → disposition | → severity |
|------|----------|----------|-----------|---------|---------------|------------|
| R1   | >= least | < least  | -         | -       | escalate      | high       |
| R2   | > ${usd} | -        | >= ${count} | -     | investigate   | medium     |
| R3   | -        | -        | -         | [${low}..${high}) | monitor | low    |
| else | -        | -        | -         | -       | dismiss       | info       |
`,
  );
  const [logic, problems] = resolveTables(sop, desk);
  if (problems.some(({ level }) => level === 'error')) throw new Error(JSON.stringify(problems));
  return {
    sop,
    logic,
    segmentation: null,
    groups: [],
    reads: { tables: [], views: [], sound: true },
    lists: [],
    sound: true,
  };
}

type Values = Readonly<Record<'usd' | 'back' | 'count' | 'share', number | null>>;

function caseFrom(values: Values, kind: string, disposition: string, name: string): Case {
  const signals = Object.entries(values).map(([signal, value]) => `${signal}: ${value}`);
  const entry = caseOf(`kind: ${kind}\nsignals: {${signals.join(', ')}}\nexpect: [{disposition: ${disposition}}]`);
  return { ...entry, name: { ...entry.name, value: name } };
}

const results = (checked: CheckedSop, cases: readonly Case[]): Promise<CaseResult[]> =>
  Promise.all(cases.map((entry) => runCase(entry, checked, world, false)));

const half = fc.integer({ min: 0, max: 20 }).map((value) => value / 2);
const values: fc.Arbitrary<Values> = fc.record({
  usd: half,
  back: fc.option(half),
  count: fc.integer({ min: 0, max: 10 }),
  share: fc.option(half),
});
const cases = fc
  .array(
    fc.tuple(
      values,
      fc.constantFrom('attack', 'benign'),
      fc.constantFrom('dismiss', 'monitor', 'investigate', 'escalate'),
    ),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map((all) => all.map(([given, kind, disposition], at) => caseFrom(given, kind, disposition, `c${at}`)));
const bounds: fc.Arbitrary<Bounds> = fc
  .tuple(half, half, fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 6 }))
  .map(([least, usd, count, low, wide]) => ({
    least: String(least),
    usd: String(usd),
    count: String(count),
    low: String(low),
    high: String(Math.min(10, low + wide)),
  }));

/** Which bound of the SOP a row is about. */
function keyOf({ bound: { what, now } }: Sensitivity, of: Bounds): keyof Bounds {
  if (what.kind === 'parameter') return 'least';
  if (what.column === 'share') return now.eq(of.low) ? 'low' : 'high';
  return what.column === 'usd' ? 'usd' : 'count';
}

/** Where the leeway says that cases stay as they are, and where it says that one changes. */
function claims({ limit, included, stop }: Leeway, now: number, up: boolean, grid: number) {
  const sign = up ? 1 : -1;
  const end = limit === null ? now + sign * 12 : Number(limit.toFixed());
  const same: number[] = [];
  for (let value = now; up ? value <= end : value >= end; value += sign * grid)
    if (included || limit === null || value !== end) same.push(value);
  return { same, differs: stop === null ? null : included ? end + sign * grid : end };
}

/** Changes the text as the leeway says, and runs the cases again. */
async function tryOut(
  one: Sensitivity,
  up: boolean,
  of: Bounds,
  all: readonly Case[],
  now: readonly CaseResult[],
  seen: { same: number; differs: number; free: number },
): Promise<void> {
  const key = keyOf(one, of);
  // Of a decimal the next value is as near as one likes: a quarter lies between all values of the cases.
  const grid = key === 'count' ? 1 : key === 'low' || key === 'high' ? 0.5 : 0.25;
  const before = now.map(({ observed }) => observed);
  const outcomes = async (value: number) => {
    const moved = await results(checkedOf({ ...of, [key]: String(value) }), all);
    return moved.map(({ observed }) => observed);
  };
  const { same, differs } = claims(up ? one.up : one.down, Number(of[key]), up, grid);
  const least = key === 'high' ? Number(of.low) : 0;
  for (const value of same.filter((at) => at >= least).slice(0, 12)) {
    expect(await outcomes(value), `${key} ${value}`).toEqual(before);
    seen.same++;
  }
  if (differs === null) {
    seen.free++;
    return;
  }
  expect(await outcomes(differs), `${key} ${differs}`).not.toEqual(before);
  seen.differs++;
}

test('a bound may go just as far as no case changes: tried with the text changed', async () => {
  const seen = { same: 0, differs: 0, free: 0 };
  await fc.assert(
    fc.asyncProperty(bounds, cases, async (of, all) => {
      const checked = checkedOf(of);
      const now = await results(checked, all);
      const report = sensitivityOf(checked, now, desk);
      expect(report.bounds.map((one) => keyOf(one, of))).toEqual(['least', 'usd', 'count', 'low', 'high']);
      for (const one of report.bounds) for (const up of [false, true]) await tryOut(one, up, of, all, now, seen);
    }),
    { numRuns: upTo(40, 10), seed: 3 },
  );
  expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(upTo(100, 20));
}, 60_000);

describe('what is told', () => {
  const usual: Bounds = { least: '5', usd: '2', count: '3', low: '1', high: '4' };
  const none = { usd: 0, back: null, count: 0, share: null };
  const told = async (all: readonly Case[], sql = '') => {
    const checked = checkedOf(usual, sql);
    return sensitivityOf(checked, await results(checked, all), desk);
  };
  const find = ({ bounds: all }: { bounds: readonly Sensitivity[] }, key: keyof Bounds) =>
    all.find((one) => keyOf(one, usual) === key);

  test('the case that stops it, and what it gets beyond', async () => {
    const report = await told([caseFrom({ ...none, usd: 6, back: 1 }, 'attack', 'escalate', 'crowd')]);
    const { up, down } = find(report, 'least') ?? {};
    expect([up?.limit?.toFixed(), up?.included, up?.stop?.case, up?.stop?.before, up?.stop?.after]).toEqual([
      '6',
      true,
      'crowd',
      'caught',
      'missed',
    ]);
    // `< least`: at 1 itself 1 is no longer below it.
    expect([down?.limit?.toFixed(), down?.included, down?.stop?.after]).toEqual(['1', false, 'missed']);
  });
  test('nothing holds it: no case, but an input that is decided otherwise', async () => {
    const { up, down } = find(await told([caseFrom(none, 'benign', 'dismiss', 'quiet')]), 'count') ?? {};
    expect([up?.stop, up?.isIdle, up?.limit?.toFixed(), down?.stop, down?.isIdle, down?.limit?.toFixed()]).toEqual([
      null,
      false,
      '10',
      null,
      false,
      '0',
    ]);
  });
  test('nothing could hold it where no input is decided otherwise', async () => {
    const hidden = checkedOf(usual);
    const [table] = hidden.logic.tables;
    if (table === undefined) throw new Error('no table');
    // With the outputs of `else` it does not matter whom R3 takes.
    const logic = {
      ...hidden.logic,
      tables: [
        {
          ...table,
          rules: table.rules.map((rule) =>
            rule.id === 'R3' ? { ...rule, outputs: table.otherwise?.outputs ?? [] } : rule,
          ),
        },
      ],
    };
    const checked = { ...hidden, logic };
    const report = sensitivityOf(checked, await results(checked, [caseFrom(none, 'benign', 'dismiss', 'quiet')]), desk);
    expect([find(report, 'low')?.down.isIdle, find(report, 'high')?.up.isIdle]).toEqual([true, true]);
  });
  test('a parameter that SQL reads is said not to be tried', async () => {
    const report = await told([], '\n```sql\nSELECT account_id, $least AS usd FROM trades\n```\n');
    expect(report.untried).toEqual([{ parameter: 'least', segment: null, now: '5', why: 'sql' }]);
    expect(report.bounds.some(({ bound }) => bound.what.kind === 'parameter')).toBe(false);
  });
  test('a case that cannot be decided holds nothing, and is named', async () => {
    const entry = caseOf('kind: attack\nsignals: {usd: "many"}\nexpect: [{disposition: escalate}]');
    expect((await told([entry])).leftOut).toEqual(['c']);
  });
});
