import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Big from 'big.js';
import { describe, expect, test } from 'vitest';
import type { Output } from '../../src/decision/compile-table.ts';
import { compileTable } from '../../src/decision/compile-table.ts';
import type { Column } from '../../src/decision/logic.ts';
import { normalise } from '../../src/decision/normalise.ts';
import { snakeCase } from '../../src/model/build/names.ts';
import { readDmn } from '../support/dmn.ts';

/** The level-2 folders of the DMN test kit; they are no part of this repository. */
const folder = resolve(process.env['SOPWRIGHT_DATA'] ?? '../shared/data', 'dmn-tck');
const isThere = existsSync(folder);
const folders = isThere
  ? readdirSync(folder)
      .filter((name) => /^\d{4}-/.test(name))
      .sort()
  : [];

interface KitCase {
  readonly id: string;
  readonly inputs: ReadonlyMap<string, string>;
  /** One value a column, or a list of them. */
  readonly expected: unknown;
}

/**
 * Tables whose answer is right, but of which our compiler wants to know more than the file says; and why. A reason that no
 * longer holds fails the test.
 */
const asksMore: Readonly<Record<string, { readonly codes: readonly string[]; readonly why: string }>> = {
  '0110-outputOrder-hitpolicy': { codes: ['SOP509'], why: 'no order is stated for the output Rate' },
  '0118-multi-priority-hitpolicy': { codes: ['SOP509'], why: 'no order is stated for the output Rate' },
};

describe.skipIf(!isThere)('the DMN test kit, level 2', () => {
  const counted = { cases: 0, passed: 0 };
  test.each(folders)('%s', async (name) => {
    const read = await readDmn(readFileSync(join(folder, name, `${name}.dmn`)));
    const reason = asksMore[name];
    expect(read.codes, reason?.why).toEqual(reason?.codes ?? []);
    expect(read.imported.notTaken.length > 0).toBe(reason !== undefined);
    const table = read.logic.tables.at(-1);
    if (table === undefined) throw new Error('no table');
    const answer = compileTable(table);
    const cases = readCases(readFileSync(join(folder, name, `${name}-test-01.xml`), 'utf8'));
    counted.cases += cases.length;
    for (const { id, inputs, expected } of cases) {
      const given = answer(table.inputs.map((column) => valueFor(column, inputs)));
      const shown =
        given.kind === 'answer' ? shownAnswer(given.outputs, table.outputs.length > 1, names(table)) : given.kind;
      expect(shown, `${name} ${id}`).toEqual(expected);
      counted.passed++;
    }
  });
  test('all 51 cases were run', () => {
    expect(folders.length).toBe(17);
    expect(counted).toEqual({ cases: 51, passed: 51 });
  });
});

test.skipIf(isThere)(`the DMN test kit is not run: there is no ${folder} (SOPWRIGHT_DATA names the folder)`, () => {
  expect(folders).toEqual([]);
});

function names(table: { readonly outputs: readonly { readonly name: string }[] }): string[] {
  return table.outputs.map((output) => output.name);
}

function valueFor(column: Column, inputs: ReadonlyMap<string, string>) {
  const text = inputs.get(column.name);
  if (text === undefined) throw new Error(`the case has no ${column.name}`);
  const raw = column.type === 'boolean' ? text === 'true' : column.type === 'enum' ? text : new Big(text);
  const read = normalise(raw, column);
  if (!read.ok) throw new Error(`${column.name}: ${read.expected}`);
  return read.value;
}

/** Our lists stand by column, the kit's by rule. */
function shownAnswer(outputs: readonly Output[], isRecord: boolean, columns: readonly string[]): unknown {
  const plain = outputs.map(plainOf);
  if (!isRecord) return plain[0];
  const record = (at: (column: unknown) => unknown) =>
    Object.fromEntries(columns.map((name, place) => [name, at(plain[place])]));
  const [first] = plain;
  return Array.isArray(first)
    ? first.map((_, row) => record((column) => (column as unknown[])[row]))
    : record((value) => value);
}

function plainOf(output: Output): unknown {
  if (output instanceof Big) return Number(output.toFixed());
  return Array.isArray(output) ? output.map(plainOf) : output;
}

function readCases(xml: string): KitCase[] {
  return [...xml.matchAll(/<testCase id="(.*?)">([\s\S]*?)<\/testCase>/g)].map(([, id = '', inside = '']) => ({
    id,
    inputs: new Map(
      [...inside.matchAll(/<inputNode name="(.*?)">\s*<value[^>]*>(.*?)<\/value>/g)].map(
        ([, name = '', value = '']) => [snakeCase(name), value],
      ),
    ),
    expected: expectedOf(/<expected>([\s\S]*?)<\/expected>/.exec(inside)?.[1] ?? ''),
  }));
}

function expectedOf(xml: string): unknown {
  if (xml.includes('<list>'))
    return [...xml.matchAll(/<item>([\s\S]*?)<\/item>/g)].map(([, item = '']) => expectedOf(item));
  const components = [...xml.matchAll(/<component name="(.*?)">([\s\S]*?)<\/component>/g)];
  if (components.length > 0)
    return Object.fromEntries(components.map(([, name = '', inside = '']) => [snakeCase(name), expectedOf(inside)]));
  const value = /<value xsi:type="xsd:(\w+)">(.*?)<\/value>/.exec(xml);
  if (value === null) throw new Error(`no value in ${xml}`);
  return value[1] === 'decimal' ? Number(value[2]) : value[2];
}
