import fc from 'fast-check';
import { expect, test } from 'vitest';
import { analyse } from '../../src/decision/analysis/analyse.ts';
import type { Finding } from '../../src/decision/analysis/finding.ts';
import { defaultBudget } from '../../src/decision/boxes/budget.ts';
import { compileTable } from '../../src/decision/compile-table.ts';
import { compileDecision } from '../../src/decision/decide.ts';
import type { Logic, LogicTable, Test } from '../../src/decision/logic.ts';
import type { Scalar } from '../../src/decision/normalise.ts';
import { allPoints, liesIn, type Point, type Seen, said, saySame, seenBy } from '../support/brute-force.ts';
import { cell } from '../support/columns.ts';
import { upTo } from '../support/long.ts';
import { mildestFirst, randomLogic, wordTable } from '../support/small-logic.ts';

type Of<K extends Finding['kind']> = Extract<Finding, { kind: K }>;

/** All that is asked of one table, and what was found in it. */
interface Case {
  readonly logic: Logic;
  readonly table: LogicTable;
  readonly index: number;
  readonly points: readonly Point[];
  readonly seen: readonly Seen[];
  readonly found: <K extends Finding['kind']>(kind: K) => Of<K>[];
}

const ordered = (table: LogicTable) => table.hitPolicy === 'F' || table.hitPolicy === 'P';
const alone = (table: LogicTable) => ['F', 'P', 'U', 'A'].includes(table.hitPolicy);

function gaps({ logic, seen, found, table }: Case): void {
  const regions = found('gap').map(({ region }) => region);
  for (const { point, answer } of seen) {
    const isGap = answer.kind === 'no_rule' && alone(table);
    expect(regions.filter((region) => liesIn(point, region, logic)).length).toBe(isGap ? 1 : 0);
  }
}

function overlaps({ seen, found, table }: Case): void {
  const groups = found('overlap').map(({ rules }) => rules);
  const conflicts = seen.filter(({ answer }) => answer.kind === 'conflict').map(({ hits }) => hits);
  const outputs = new Map(table.rules.map((rule) => [rule.id, String(rule.outputs)]));
  const pairs = (sets: readonly (readonly string[])[]) =>
    new Set(sets.flatMap((set) => set.flatMap((a, at) => set.slice(at + 1).map((b) => [a, b].sort().join()))));
  const differ = (pair: string) => {
    const [a = '', b = ''] = pair.split(',');
    return table.hitPolicy === 'U' || outputs.get(a) !== outputs.get(b);
  };
  expect([...pairs(groups)].filter(differ).sort()).toEqual([...pairs(conflicts)].filter(differ).sort());
  for (const group of groups) {
    const holding = conflicts.filter((hits) => group.every((rule) => hits.includes(rule)));
    expect(holding.map((hits) => hits.length)).toEqual(holding.map(() => group.length));
    expect(holding.length).toBeGreaterThan(0);
  }
}

function decides(table: LogicTable, { hits, answer }: Seen, id: string): boolean {
  return ordered(table) ? answer.kind === 'answer' && answer.rules[0] === id : hits.includes(id);
}

function masks({ table, seen, found }: Case): void {
  const masked = table.rules.filter(({ id }) => !seen.some((at) => decides(table, at, id)));
  expect(
    found('masked')
      .map(({ rule }) => rule)
      .sort(),
  ).toEqual(masked.map(({ id }) => id).sort());
  for (const { rule, by } of found('masked')) {
    const winners = seen.flatMap(({ hits, answer }) =>
      hits.includes(rule) && answer.kind === 'answer' ? answer.rules.slice(0, 1) : [],
    );
    expect([...by].sort()).toEqual([...new Set(winners)].sort());
  }
}

function redundancy({ table, seen, found }: Case): void {
  const masked = new Set(found('masked').map(({ rule }) => rule));
  const useless = table.rules.filter(({ id }) => {
    const without = compileTable({ ...table, rules: table.rules.filter((rule) => rule.id !== id) });
    return !masked.has(id) && saySame(compileTable(table), without, seen);
  });
  expect(
    found('redundant')
      .map(({ rule }) => rule)
      .sort(),
  ).toEqual(useless.map(({ id }) => id).sort());
}

function merged(
  table: LogicTable,
  { rules, at, column, cell: text }: Pick<Of<'mergeable'>, 'rules' | 'at' | 'column' | 'cell'>,
): LogicTable {
  const place = table.inputs.findIndex(({ name }) => name === column);
  return {
    ...table,
    rules: table.rules
      .filter(({ id }) => id === at || !rules.includes(id))
      .map((rule) =>
        rule.id === at
          ? { ...rule, tests: rule.tests.map((test, where) => (where === place ? cell(text) : test)) }
          : rule,
      ),
  };
}

function merges({ table, seen, found }: Case): void {
  for (const finding of found('mergeable')) {
    expect(saySame(compileTable(table), compileTable(merged(table, finding)), seen)).toBe(true);
  }
}

/** Pairs of rules of a table of words that say the same and differ in one column, and the rule that would stand for both. */
function wordPairs(table: LogicTable): Pick<Of<'mergeable'>, 'rules' | 'column' | 'cell'>[] {
  return table.rules.flatMap((a, at) =>
    table.rules.slice(at + 1).flatMap((b) => {
      const apart = a.tests.flatMap((test, place) => (textOf(test) === textOf(b.tests[place]) ? [] : [place]));
      const [place = -1] = apart;
      const words = [textOf(a.tests[place]), textOf(b.tests[place])];
      if (String(a.outputs) !== String(b.outputs) || apart.length !== 1 || words.includes('-')) return [];
      return [{ rules: [a.id, b.id] as const, column: table.inputs[place]?.name ?? '', cell: words.join(', ') }];
    }),
  );
}

function textOf(test: Test | undefined): string {
  return test?.kind === 'tests' ? test.text : '-';
}

/** A table by itself: each input by itself takes the values that it may have. */
function idle({ logic, table, index, points, seen, found }: Case): void {
  const answer = compileTable(table);
  const fed = new Set(logic.tables.slice(0, index).flatMap(({ outputs }) => outputs.map(({ name }) => name)));
  const values = table.inputs.map(({ name }, at) => {
    const all = fed.has(name)
      ? seen.map(({ inputs }) => inputs[at] ?? null)
      : points.map((point) => point.get(name) ?? null);
    return [...new Map(all.map((value) => [`${typeof value} ${value}`, value])).values()];
  });
  const combine = (lists: readonly (readonly Scalar[])[]) =>
    lists.reduce<Scalar[][]>((all, list) => all.flatMap((one) => list.map((value) => [...one, value])), [[]]);
  const told = new Set(found('idle_column').map(({ column }) => column));
  table.inputs.forEach((column, at) => {
    if (column.fixed === true || seen.length === 0) return;
    const others = combine(values.map((list, other) => (other === at ? [null] : list)));
    const isIdle = others.every((inputs) => {
      const all = (values[at] ?? []).map((value) =>
        said(answer(inputs.map((given, where) => (where === at ? value : given)))),
      );
      return new Set(all).size <= 1;
    });
    expect(told.has(column.name), column.name).toBe(isIdle);
  });
}

function unused({ table, seen, found }: Case): void {
  if (!alone(table)) return;
  const sayers = [...table.rules, ...(table.otherwise === null ? [] : [table.otherwise])];
  const values = new Set(sayers.flatMap(({ outputs }) => outputs.filter((value) => typeof value === 'string')));
  const got = new Set(seen.flatMap(({ answer }) => (answer.kind === 'answer' ? answer.outputs : [])));
  expect(
    found('unused_output')
      .map(({ value }) => value)
      .sort(),
  ).toEqual([...values].filter((value) => !got.has(value)).sort());
}

function nulls({ table, index, logic, seen, found }: Case): void {
  const isLast = index === logic.tables.length - 1;
  const expected = logic.inputs.flatMap(({ name, missing, fixed }) => {
    const isRead = logic.tables.slice(0, index + 1).some((of) => of.inputs.some((input) => input.name === name));
    const isOwn = table.inputs.some((input) => input.name === name);
    const slice = seen.filter(({ point }) => point.get(name) === null);
    if (missing !== null || fixed || !isRead || !(isOwn || isLast) || slice.length === 0) return [];
    return [`${name} ${!slice.some(({ answer }) => answer.kind === 'no_rule')}`];
  });
  const got = found('null').map(({ column, decided }) => `${column} ${decided}`);
  expect(got.sort()).toEqual(expected.sort());
}

function milder({ logic, index, points, found }: Case): void {
  if (index < logic.tables.length - 1) return;
  const decide = compileDecision(logic);
  const rank = (point: Point) => {
    const decision = decide(point, new Set());
    const place = decision.kind === 'decided' ? mildestFirst.indexOf(decision.disposition) : -1;
    return place < 0 ? Number.POSITIVE_INFINITY : place;
  };
  const key = (point: Point, spared: string) =>
    [...point].map(([name, value]) => (name === spared ? '' : `${typeof value} ${value}`)).join(';');
  for (const { name, missing, fixed } of logic.inputs) {
    if (missing !== null || fixed) continue;
    const known = new Map<string, number>();
    for (const point of points)
      if (point.get(name) !== null)
        known.set(key(point, name), Math.min(rank(point), known.get(key(point, name)) ?? Number.POSITIVE_INFINITY));
    const regions = found('null_milder').filter(({ column }) => column === name);
    for (const point of points.filter((one) => one.get(name) === null)) {
      const least = known.get(key(point, name)) ?? Number.POSITIVE_INFINITY;
      const isMilder = rank(point) < least && Number.isFinite(least);
      expect(regions.filter(({ region }) => liesIn(point, region, logic)).length).toBe(isMilder ? 1 : 0);
    }
  }
}

test('each finding is what looking at all combinations gives, and nothing is left out', () => {
  const counts = new Map<string, number>();
  fc.assert(
    fc.property(randomLogic, (logic) => {
      const points = allPoints(logic);
      const { findings, open, omitted } = analyse(logic, defaultBudget(), mildestFirst);
      expect([open, omitted]).toEqual([[], []]);
      for (const { kind } of findings) counts.set(kind, (counts.get(kind) ?? 0) + 1);
      logic.tables.forEach((table, index) => {
        const found = <K extends Finding['kind']>(kind: K) =>
          findings.filter((finding): finding is Of<K> => finding.kind === kind && finding.table === table.name);
        const seen = seenBy(logic, index, points);
        const of: Case = { logic, table, index, points, seen, found };
        for (const check of [gaps, overlaps, masks, redundancy, merges, idle, unused, nulls, milder]) check(of);
      });
    }),
    { numRuns: upTo(1_000, 250), seed: 4 },
  );
  // Each kind of finding has been tried: none of the comparisons was idle.
  for (const kind of [
    'gap',
    'overlap',
    'masked',
    'redundant',
    'mergeable',
    'idle_column',
    'unused_output',
    'null',
    'null_milder',
  ])
    expect(counts.get(kind) ?? 0, kind).toBeGreaterThan(upTo(20, 5));
});

test('two rules are told to be mergeable just where one can stand for both', () => {
  let joined = 0;
  let apart = 0;
  fc.assert(
    fc.property(wordTable, (table) => {
      const logic: Logic = { inputs: table.inputs, tables: [table] };
      const { findings } = analyse(logic, defaultBudget());
      const seen = seenBy(logic, 0, allPoints(logic));
      const masked = new Set(findings.flatMap((finding) => (finding.kind === 'masked' ? [finding.rule] : [])));
      const told = findings.filter((finding) => finding.kind === 'mergeable');
      joined += told.length;
      for (const pair of wordPairs(table)) {
        const isTold = told.some(
          ({ column, rules }) => column === pair.column && rules.some((id) => pair.rules.includes(id)),
        );
        if (isTold || pair.rules.some((id) => masked.has(id))) continue;
        apart++;
        for (const at of pair.rules)
          expect(saySame(compileTable(table), compileTable(merged(table, { ...pair, at })), seen)).toBe(false);
      }
    }),
    { numRuns: upTo(1_400, 350), seed: 6 },
  );
  expect(joined).toBeGreaterThan(upTo(100, 20));
  expect(apart).toBeGreaterThan(upTo(10, 2));
});
