import Big from 'big.js';
import { describe, expect, test } from 'vitest';
import { resolveTables } from '../../src/check/resolve-tables.ts';
import { compileTest } from '../../src/decision/compile-test.ts';
import { compileDecision } from '../../src/decision/decide.ts';
import type { Column } from '../../src/decision/logic.ts';
import type { Scalar } from '../../src/decision/normalise.ts';
import { exportDmn } from '../../src/dmn/export-dmn.ts';
import { exportSource } from '../../src/dmn/export-source.ts';
import { cellOf } from '../../src/dmn/feel-cell.ts';
import { feelOfTest } from '../../src/dmn/feel-of-test.ts';
import type { Literal } from '../../src/model/value.ts';
import { cell, column, table } from '../support/columns.ts';
import { readDmn } from '../support/dmn.ts';
import { desk, sopOf } from '../support/sops.ts';

const number = column('x', 'number');
const share = column('x', 'decimal');
const word = column('x', 'enum', { range: '"retail", "mm", "pro"' });
const flag = column('x', 'boolean');
const free = column('x', 'text');

/** What a column can be, where that is known, and values to try. */
const values = new Map<Column, { readonly all: readonly Literal[] | null; readonly tried: readonly Scalar[] }>([
  [number, { all: null, tried: [null, -1, 0, 0.3, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 1000] }],
  [share, { all: null, tried: [null, new Big('0.3'), new Big('0.30000000000000001'), new Big(1)] }],
  [word, { all: ['retail', 'mm', 'pro'], tried: [null, 'retail', 'mm', 'pro'] }],
  [flag, { all: [true, false], tried: [null, true, false] }],
  [free, { all: null, tried: [null, 'a', 'a "b" \\', 'other'] }],
]);

describe('a cell as FEEL', () => {
  test.each([
    [number, '-', '-'],
    [number, '>= 0.30', '>= 0.3'],
    [number, '[0.2..0.5)', '[0.2..0.5)'],
    [number, '1, 2', '1, 2'],
    [number, 'null', 'null'],
    [number, '>= 5, null', '>= 5, null'],
    [number, 'not(5)', '< 5, > 5'],
    [number, 'not(5), null', '< 5, > 5, null'],
    [number, 'not(>= 5)', '< 5'],
    [number, 'not(> 5, < 2)', '[2..5]'],
    [number, 'not([1..2], (3..4))', '< 1, (2..3], >= 4'],
    [number, 'not([1..2), 2)', '< 1, > 2'],
    [number, 'not([1..2), (2..3])', '< 1, 2, > 3'],
    [number, 'not([1..5], [2..3])', '< 1, > 5'],
    [number, 'not(null)', '< 0, >= 0'],
    [number, 'not(null), null', '< 0, >= 0, null'],
    [number, 'not(< 5, >= 5), null', 'null'],
    [number, 'not(< 5, >= 5)', 'not(< 5, >= 5, null)'],
    // As a double the bound is 0.3: that is what values are compared with.
    [number, '>= 0.30000000000000001', '>= 0.3'],
    [share, '>= 0.30000000000000001', '>= 0.30000000000000001'],
    [number, '1e3', '1000'],
    [word, '"mm"', '"mm"'],
    [word, 'not("mm")', '"retail", "pro"'],
    [word, 'not("mm"), null', '"retail", "pro", null'],
    [word, 'not("retail", "mm", "pro"), null', 'null'],
    [flag, 'not(true)', 'false'],
    [flag, 'not(null)', 'true, false'],
    [free, 'not("a \\"b\\" \\\\")', 'not("a \\"b\\" \\\\", null)'],
    [free, 'not("a"), null', 'not("a")'],
    [free, 'not(null), null', '-'],
  ])('%o %s', (of, ours, feel) => {
    const { all, tried } = values.get(of) ?? { all: null, tried: [] };
    expect(feelOfTest(cell(ours), of, all)).toBe(feel);
    // And back it matches the same values.
    const back = cellOf({ text: feel, language: null }, new Map());
    if (!back.ok) throw new Error(back.why);
    const [before, after] = [compileTest(cell(ours), of), compileTest(cell(back.value), of)];
    expect(tried.map(after)).toEqual(tried.map(before));
  });
});

const tables = `## Purpose
Demo.

## Parameters
| Parameter | Type | Value | Unit | Range | Meaning |
|---|---|---|---|---|---|
| \`limit\` | decimal | 250000 | USD | >= 0 | large for anybody |
| \`strict\` | boolean | true | – | – | nobody is let off |

## Signals
### Own
| Signal | Type | Unit | Range | Missing | Meaning |
|---|---|---|---|---|---|
| \`notional\` | number | USD | >= 0 step 0.01 | 0 | value traded |
| \`between\` | integer | – | – | null | a word of FEEL |
| \`unread\` | number | – | – | null | no table reads it |

## Decision
### Weight & <more>
| C+ | notional | strict | → score | Why |
|---|---|---|---|---|
| R1 | >= limit | true | 2 | large |
| R2 | - | - | - | nothing |

### Answer
| F | score | between | → disposition | → severity | Why |
|---|---|---|---|---|---|
| R1 | >= 2 | > 3 | escalate | high | both |
| else | - | - | dismiss | info | neither |
`;

function demo() {
  const sop = sopOf(['subject: [symbol]'], tables);
  const [logic, problems] = resolveTables(sop, desk);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return exportSource({ sop, logic, segmentation: null }, undefined);
}

describe('a SOP as a file', () => {
  test('parameters in cells are values; one that heads a column is a decision, so that nobody has to pass it', async () => {
    const { xml, notes } = await exportDmn(demo());
    expect(xml).toContain('&gt;= 250000');
    expect(xml).not.toContain('inputData id="input_limit"');
    expect(xml).not.toContain('inputData id="input_strict"');
    expect(xml).toMatch(/<dmn:decision id="parameter_strict" name="strict">[\s\S]*?<dmn:text>true<\/dmn:text>/);
    expect(notes).toContain('Parameters stand in the cells with their value: limit.');
  });
  test('what DMN has no words for stands in the file', async () => {
    const { xml, notes } = await exportDmn(demo());
    const said = /<dmn:description>([\s\S]*?)<\/dmn:description>/.exec(xml)?.[1] ?? '';
    for (const note of notes) expect(said.replaceAll('&#39;', "'")).toContain(note);
    expect(said).toContain('notional to steps of 0.01');
    expect(xml).toContain('value traded (USD). Where a subject has no data: 0. In steps of 0.01.');
  });
  test('names of tables, words of FEEL, requirements, ids', async () => {
    const { xml } = await exportDmn(demo());
    expect(xml).toContain('name="between_value"');
    expect(xml).toContain(
      '<dmn:decision id="decision_weight_more" label="Weight &#38; &#60;more&#62;" name="weight_more">',
    );
    expect(xml).toContain('<dmn:requiredDecision href="#decision_weight_more" />');
    expect(xml).not.toContain('unread');
    const ids = [...xml.matchAll(/ id="(.*?)"/g)].map((match) => match[1] ?? '');
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^[A-Za-z_][\w.-]*$/.test(id))).toBe(true);
    for (const [, href = ''] of xml.matchAll(/href="#(.*?)"/g)) expect(ids).toContain(href);
  });
  test('a sum of nothing is 0, and a weight that is null does not count', async () => {
    const { xml } = await exportDmn(demo());
    expect(xml).toMatch(/id="output_weight_more_score_default">\s*<dmn:text>0</);
    expect(xml).toMatch(/id="rule_weight_more_R2_out_1">\s*<dmn:text>0</);
  });
  test('of two tables that give the same column the last one before is read', async () => {
    const scored = (name: string, weight: number) =>
      table({ name, policy: 'C+', inputs: [number], outputs: ['score'], rules: [['R1', ['> 0'], [weight]]] });
    const score = column('score', 'decimal');
    const last = table({
      policy: 'F',
      inputs: [score],
      outputs: ['disposition'],
      rules: [['R1', ['>= 2'], ['escalate']]],
      otherwise: ['dismiss'],
    });
    const logic = { inputs: [number], tables: [scored('One', 1), scored('Two', 2), last] };
    const { xml } = await exportDmn({ ...demo(), logic });
    const back = compileDecision((await readDmn(xml, 'decision')).logic);
    for (const decide of [compileDecision(logic), back])
      expect(decide(new Map([['x', 1]]), new Set())).toMatchObject({ kind: 'decided', disposition: 'escalate' });
  });
  test('a table that none reads comes along: where its rules conflict nothing is decided', async () => {
    const doubled = table({
      name: 'guard',
      policy: 'U',
      inputs: [number],
      outputs: ['seen'],
      rules: [
        ['R1', ['>= 1'], ['yes']],
        ['R2', ['>= 2'], ['no']],
      ],
    });
    const last = table({
      policy: 'F',
      inputs: [number],
      outputs: ['disposition', 'severity'],
      rules: [['R1', ['-'], ['escalate', 'high']]],
    });
    const logic = { inputs: [number], tables: [doubled, last] };
    const { xml } = await exportDmn({ ...demo(), logic });
    const back = compileDecision((await readDmn(xml)).logic);
    for (const decide of [compileDecision(logic), back])
      expect([1, 2].map((x) => decide(new Map([['x', x]]), new Set()).kind)).toEqual(['decided', 'invalid']);
  });
  test('and back: the same tables, headings, rules and reasons', async () => {
    const { xml } = await exportDmn(demo());
    const { imported, markdown, codes } = await readDmn(xml);
    expect([imported.notTaken, codes]).toEqual([[], []]);
    expect(imported.tables.map(({ name, hitPolicy }) => [name, hitPolicy])).toEqual([
      ['Weight & <more>', 'C+'],
      ['Answer', 'F'],
    ]);
    expect(imported.parameters.map(({ name, value }) => [name, value])).toEqual([['strict', 'true']]);
    expect(markdown).toContain('| R1  | >= 250000 | true   | 2       | large   |');
    expect(imported.tables[1]?.rules.map(({ id, annotations }) => [id, annotations])).toEqual([
      ['R1', ['both']],
      ['else', ['']],
    ]);
  });
});
