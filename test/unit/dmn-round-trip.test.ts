import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Big from 'big.js';
import { DmnModdle } from 'dmn-moddle';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolveTables } from '../../src/check/resolve-tables.ts';
import { compileTable } from '../../src/decision/compile-table.ts';
import { compileDecision } from '../../src/decision/decide.ts';
import type { Column, Logic, LogicTable } from '../../src/decision/logic.ts';
import { normalise, type Scalar } from '../../src/decision/normalise.ts';
import { exportDmn } from '../../src/dmn/export-dmn.ts';
import type { ExportSource } from '../../src/dmn/export-source.ts';
import { exportSource } from '../../src/dmn/export-source.ts';
import { sopOfText } from '../../src/model/build/sop-of-text.ts';
import { defaultDesk } from '../../src/model/build/vocabulary.ts';
import { type HitPolicy, hitPolicies } from '../../src/model/sop.ts';
import type { Literal } from '../../src/model/value.ts';
import { cell, column } from '../support/columns.ts';
import { readDmn } from '../support/dmn.ts';
import { upTo } from '../support/long.ts';
import { allShipped } from '../support/shipped-skills.ts';

function sourceOf(logic: Logic, parameters: readonly string[] = []): ExportSource {
  return {
    id: 'demo',
    title: 'Demo & <more>',
    version: '1.0.0',
    logic,
    parameters: new Set(parameters),
    meanings: new Map(),
    remarks: new Map(),
    inlined: [],
    segments: null,
  };
}

/** Columns of all types, each with literals that its cells may use. */
const columns: readonly { readonly column: Column; readonly values: readonly (string | number | boolean)[] }[] = [
  { column: column('ratio', 'number'), values: [0, 0.1, 0.3, 0.5, 1e-7, -2.25] },
  { column: column('share', 'number', { step: '0.01', range: '[0..1]' }), values: [0, 0.1, 0.29, 0.3, 1] },
  { column: column('orders', 'integer', { range: '>= -3' }), values: [-3, 0, 1, 7] },
  { column: column('notional', 'decimal'), values: [0, 0.1, 250000, -1] },
  {
    column: column('kind', 'enum', { range: '"retail", "mm", "a|b", "q\\"\\\\x"' }),
    values: ['retail', 'mm', 'a|b', 'q"\\x'],
  },
  { column: column('credible', 'boolean'), values: [true, false] },
];

const shown = (value: string | number | boolean) =>
  typeof value === 'string' ? `"${value.replace(/["\\]/g, '\\$&')}"` : new Big(Number(value)).toFixed();
const literalText = (value: string | number | boolean) => (typeof value === 'boolean' ? String(value) : shown(value));

/** A cell of the column, as an analyst may write it. */
function cellOf({ column: { type }, values }: (typeof columns)[number]): fc.Arbitrary<string> {
  const literal = fc.constantFrom(...values).map(literalText);
  const numeric = type === 'number' || type === 'integer' || type === 'decimal';
  const bounds = fc
    .uniqueArray(fc.constantFrom(...values), { minLength: 2, maxLength: 2 })
    .map((pair) => [...pair].sort((a, b) => Number(a) - Number(b)).map(literalText));
  const interval = fc
    .tuple(bounds, fc.constantFrom('[', '('), fc.constantFrom(']', ')'))
    .map(([[low, high], open, close]) => `${open}${low}..${high}${close}`);
  const compare = fc
    .tuple(fc.constantFrom('<', '<=', '>', '>='), literal)
    .map(([operator, bound]) => `${operator} ${bound}`);
  const atom = numeric ? fc.oneof(literal, interval, compare, compare) : literal;
  const list = fc.array(atom, { minLength: 1, maxLength: 3 }).map((atoms) => atoms.join(', '));
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant('-') },
    { weight: 1, arbitrary: fc.constantFrom('null', 'not(null)') },
    { weight: 4, arbitrary: list },
    { weight: 1, arbitrary: list.map((text) => `${text}, null`) },
    { weight: 2, arbitrary: list.map((text) => `not(${text})`) },
    { weight: 2, arbitrary: list.map((text) => `not(${text}), null`) },
  );
}

const words = ['first', 'second', 'a "quoted" \\ word', 'x]]>y|z'];
const isNumber = (policy: HitPolicy) => ['C+', 'C<', 'C>', 'C#'].includes(policy);

/** A value that an output may have; a kind a column, as the compiler wants it. */
function outputs(policy: HitPolicy): fc.Arbitrary<Literal> {
  const number = fc.constantFrom<Literal>(new Big('1'), new Big('2.5'), new Big('-0.000001'), null);
  return isNumber(policy) ? number : fc.constantFrom<Literal>(...words, null);
}

function tableOf(
  name: string,
  inputs: readonly Column[],
  pool: typeof columns,
  policy: HitPolicy,
  output: string,
): fc.Arbitrary<LogicTable> {
  const several = !['C', 'C+', 'C<', 'C>', 'C#', 'R', 'O'].includes(policy) || policy === 'C';
  const width = several ? 2 : 1;
  const given = fc.array(outputs(policy), { minLength: width, maxLength: width });
  const rules = fc.array(fc.tuple(fc.tuple(...pool.map(cellOf)), given), { minLength: 1, maxLength: 5 });
  return fc
    .tuple(rules, fc.option(given), fc.shuffledSubarray([...words], { minLength: words.length }))
    .map(([rows, otherwise, order]) => ({
      name,
      hitPolicy: policy,
      inputs,
      outputs: (several ? [output, `${output}_why`] : [output]).map((each) => ({
        name: each,
        type: isNumber(policy) ? ('number' as const) : ('text' as const),
        order: policy === 'P' || policy === 'O' ? order.filter((word) => !/["|<>]/.test(word)) : null,
      })),
      rules: rows.map(([cells, values], index) => ({ id: `R${index + 1}`, tests: cells.map(cell), outputs: values })),
      otherwise: otherwise === null ? null : { id: 'else', tests: [], outputs: otherwise },
    }));
}

/** One table over three random columns, then one that reads what the first one gives, where that is one value. */
const logics: fc.Arbitrary<Logic> = fc
  .tuple(
    fc.shuffledSubarray([...columns], { minLength: 3, maxLength: 3 }),
    fc.constantFrom(...hitPolicies),
    fc.constantFrom<HitPolicy>(...hitPolicies),
  )
  .chain(([pool, first, second]) => {
    const inputs = pool.map((entry) => entry.column);
    return tableOf('Weight of it', inputs, pool, first, 'weight').chain((one) => {
      if (['C', 'R', 'O'].includes(first)) return fc.constant<Logic>({ inputs, tables: [one] });
      const link = column('weight', isNumber(first) ? 'decimal' : 'text');
      const pair = { column: link, values: isNumber(first) ? [0, 1, 2.5] : words };
      const rest = [pair, ...pool.slice(0, 1)];
      return tableOf(
        'Answer',
        rest.map((entry) => entry.column),
        rest,
        second,
        'answer',
      ).map((two) => ({ inputs, tables: [one, two] }) satisfies Logic);
    });
  });

/** Values on the columns' steps and around their bounds. */
function pointOf(logic: Logic): fc.Arbitrary<ReadonlyMap<string, Literal>> {
  const of = logic.inputs.map(({ name }) => {
    const values = columns.find((entry) => entry.column.name === name)?.values ?? [];
    const literals = values.map((value): Literal => (typeof value === 'number' ? new Big(value) : value));
    const between = values.flatMap((value) =>
      typeof value === 'number'
        ? name === 'orders'
          ? [new Big(value).plus(1)]
          : name === 'share'
            ? []
            : [new Big(value).plus('0.05')]
        : [],
    );
    return fc.constantFrom<Literal>(null, ...literals, ...between).map((value): [string, Literal] => [name, value]);
  });
  return fc.tuple(...of).map((entries) => new Map(entries));
}

/** Each table's answer in turn, as text; rules by their ids. */
function answers(logic: Logic, point: ReadonlyMap<string, Literal>): unknown[] {
  const given = new Map<string, Scalar>();
  const known = new Map(logic.inputs.map((input) => [input.name, valueFor(input, point.get(input.name) ?? null)]));
  return logic.tables.map((table) => {
    const answer = compileTable(table)(
      table.inputs.map(({ name }) => (given.has(name) ? (given.get(name) ?? null) : (known.get(name) ?? null))),
    );
    const outputs = answer.kind === 'answer' ? answer.outputs : table.outputs.map(() => null);
    table.outputs.forEach(({ name }, place) => {
      const value = outputs[place] ?? null;
      given.set(name, Array.isArray(value) ? null : (value as Scalar));
    });
    const rules = answer.kind === 'no_rule' ? [] : answer.rules;
    return [answer.kind, outputs.map(plain), rules];
  });
}

function valueFor(column: Column, value: Literal): Scalar {
  const read = normalise(value, column);
  if (!read.ok) throw new Error(`${column.name}: ${read.expected}`);
  return read.value;
}

function plain(value: unknown): unknown {
  if (value instanceof Big) return value.toFixed();
  return Array.isArray(value) ? value.map(plain) : value;
}

/** What our compiler may refuse in a random logic, alike before and after: it is evaluated all the same. */
const refused = new Set(['SOP502', 'SOP503', 'SOP505', 'SOP506', 'SOP508', 'SOP509']);

test('a logic that is exported and imported answers the same on every point, under all hit policies', {
  timeout: 120_000,
}, async () => {
  const seen = new Set<HitPolicy>();
  await fc.assert(
    fc.asyncProperty(logics, async (logic) => {
      const { xml } = await exportDmn(sourceOf(logic));
      expect(await warningsOf(xml)).toEqual([]);
      const back = await readDmn(xml);
      expect(back.imported.notTaken).toEqual([]);
      expect(back.codes.filter((code) => !refused.has(code))).toEqual([]);
      for (const table of logic.tables) seen.add(table.hitPolicy);
      for (const point of fc.sample(pointOf(logic), { numRuns: 40, seed: 7 }))
        expect(answers(back.logic, point), `${JSON.stringify([...point])}\n${back.markdown}`).toEqual(
          answers(logic, point),
        );
    }),
    { numRuns: upTo(150, 40), seed: 20261123 },
  );
  expect([...seen].sort()).toEqual([...hitPolicies].sort());
});

async function warningsOf(xml: string): Promise<readonly string[]> {
  const { warnings } = await new DmnModdle().fromXML(xml, 'dmn:Definitions');
  return warnings.map(({ message }) => message);
}

describe('the SOPs of this repository', () => {
  const folder = fileURLToPath(new URL('../../sops', import.meta.url));
  test.each(allShipped)('%s decides the same', async (id) => {
    const [sop] = await sopOfText(`sops/${id}/SOP.md`, readFileSync(join(folder, id, 'SOP.md'), 'utf8'));
    if (sop === null) throw new Error(`${id} has no front-matter`);
    const [logic] = resolveTables(sop, defaultDesk);
    const source = exportSource({ sop, logic, segmentation: null }, undefined);
    const { xml } = await exportDmn(source);
    expect((await exportDmn(source)).xml).toBe(xml);
    expect(await warningsOf(xml)).toEqual([]);
    const back = await readDmn(xml);
    expect(back.imported.notTaken).toEqual([]);
    expect(back.codes).toEqual([]);
    const [before, after] = [compileDecision(logic), compileDecision(back.logic)];
    const dispositions = new Set<string>();
    for (const point of fc.sample(pointNear(logic), { numRuns: 1000, seed: 11 })) {
      const decided = [...[[logic, before] as const, [back.logic, after] as const]].map(([{ inputs }, decide]) => {
        const values = new Map(inputs.map((input) => [input.name, valueFor(input, point.get(input.name) ?? null)]));
        const decision = decide(values, new Set());
        return decision.kind === 'decided' ? [decision.disposition, decision.severity, decision.rule] : [decision.kind];
      });
      dispositions.add(decided[0]?.[0] ?? '');
      expect(decided[1], JSON.stringify([...point])).toEqual(decided[0]);
    }
    expect(dispositions.size).toBeGreaterThanOrEqual(3);
  });
});

/** Values around every bound of a logic, a step to either side; parameters keep their value. */
function pointNear(logic: Logic): fc.Arbitrary<ReadonlyMap<string, Literal>> {
  const of = logic.inputs.map((input) => {
    const tests = logic.tables.flatMap((table) => {
      const place = table.inputs.findIndex(({ name }) => name === input.name);
      return place < 0 ? [] : table.rules.flatMap((rule) => rule.tests[place] ?? []);
    });
    const atoms = [...tests, input.range].flatMap((test) => (test.kind === 'any' ? [] : test.atoms));
    const step = input.step ?? new Big('0.001');
    const values = atoms.flatMap((atom): Literal[] => {
      if (atom.kind === 'null') return [];
      if (atom.kind === 'equal' && !(atom.value instanceof Big)) return [atom.value];
      const bounds =
        atom.kind === 'interval' ? [atom.low, atom.high] : atom.kind === 'compare' ? [atom.bound] : [atom.value as Big];
      return bounds.flatMap((bound) => [bound, bound.minus(step), bound.plus(step)]);
    });
    const known: Literal[] = input.type === 'boolean' ? [true, false] : values.length > 0 ? values : [input.missing];
    return fc.constantFrom<Literal>(null, ...known).map((value): [string, Literal] => [input.name, value]);
  });
  return fc.tuple(...of).map((entries) => new Map(entries));
}
