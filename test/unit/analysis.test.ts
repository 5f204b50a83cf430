import { describe, expect, test } from 'vitest';
import { treeTable } from '../../bench/tree-table.ts';
import { analyse } from '../../src/decision/analysis/analyse.ts';
import type { Finding } from '../../src/decision/analysis/finding.ts';
import { defaultBudget } from '../../src/decision/boxes/budget.ts';
import { anything, type Column, type Logic } from '../../src/decision/logic.ts';
import { showScalar } from '../../src/decision/normalise.ts';
import type { Region } from '../../src/decision/region/region.ts';
import { column, type TableText, table } from '../support/columns.ts';

const ratio = column('ratio', 'number', { range: '[0..1]', step: '0.01' });
const count = column('count', 'integer', { range: '[0..10]' });
const kind = column('kind', 'enum', { range: '"retail", "mm"' });

function logic(...tables: TableText[]): Logic {
  const built = tables.map(table);
  const given = new Set(built.flatMap(({ outputs }) => outputs.map(({ name }) => name)));
  const inputs = new Map(built.flatMap((of) => of.inputs.map((input) => [input.name, input] as const)));
  return { inputs: [...inputs.values()].filter(({ name }) => !given.has(name)), tables: built };
}

function text({ cells, witness }: Region, of: Logic): string {
  const point = of.inputs.map((input) => showScalar(witness.get(input.name) ?? null, input)).join(' ');
  return `${cells.map((cell) => `${cell.column} ${cell.text}`).join('; ')} @ ${point}`;
}

function found(of: Logic, kind: Finding['kind']): unknown[] {
  const { findings, open } = analyse(of, defaultBudget());
  expect(open).toEqual([]);
  return findings
    .filter((finding) => finding.kind === kind)
    .map((finding) => {
      const { kind: _, table: __, ...rest } = finding;
      return 'region' in rest && rest.region !== null ? { ...rest, region: text(rest.region, of) } : rest;
    });
}

describe('gaps', () => {
  test('two boxes of what no rule decides, null among it', () => {
    const of = logic({
      policy: 'F',
      inputs: [ratio, kind],
      outputs: ['disposition'],
      rules: [
        ['R1', ['>= 0.5', '-'], ['escalate']],
        ['R2', ['[0.2..0.5)', '"mm"'], ['monitor']],
        ['R3', ['< 0.2', '-'], ['dismiss']],
      ],
    });
    expect(found(of, 'gap')).toEqual([
      { region: 'ratio [0.2..0.5); kind "retail", null @ 0.2 "retail"' },
      { region: 'ratio null @ null "retail"' },
    ]);
  });

  test('none where there is an else', () => {
    const of = logic({
      policy: 'U',
      inputs: [ratio],
      outputs: ['disposition'],
      rules: [['R1', ['>= 0.5'], ['escalate']]],
      otherwise: ['dismiss'],
    });
    expect(found(of, 'gap')).toEqual([]);
  });
});

describe('masked rules', () => {
  test('two rules together come before a third', () => {
    const of = logic({
      policy: 'F',
      inputs: [ratio, count],
      outputs: ['disposition'],
      rules: [
        ['R1', ['>= 0.5', '-'], ['escalate']],
        ['R2', ['[0.2..0.6)', '-'], ['monitor']],
        ['R3', ['[0.3..0.9]', '> 5'], ['dismiss']],
        ['R4', ['> 1', '-'], ['dismiss']],
      ],
      otherwise: ['dismiss'],
    });
    expect(found(of, 'masked')).toEqual([
      { rule: 'R3', by: ['R1', 'R2'], region: 'ratio [0.3..0.5); count [6..10] @ 0.3 6' },
      { rule: 'R4', by: [], region: null },
    ]);
  });
});

describe('overlaps', () => {
  test('under U three rules that meet are one group, and a fourth makes another', () => {
    const of = logic({
      policy: 'U',
      inputs: [ratio, count],
      outputs: ['disposition'],
      rules: [
        ['R1', ['>= 0.5', '-'], ['escalate']],
        ['R2', ['-', '>= 5'], ['monitor']],
        ['R3', ['[0.4..0.6]', '-'], ['dismiss']],
        ['R4', ['< 0.4', '5'], ['dismiss']],
      ],
      otherwise: ['dismiss'],
    });
    expect(found(of, 'overlap')).toEqual([
      { rules: ['R1', 'R2', 'R3'], region: 'ratio [0.5..0.6]; count [5..10] @ 0.5 5' },
      { rules: ['R2', 'R4'], region: 'ratio [0..0.4); count 5 @ 0.39 5' },
    ]);
  });

  test('under A only rules that say something else', () => {
    const of = logic({
      policy: 'A',
      inputs: [count],
      outputs: ['disposition'],
      rules: [
        ['R1', ['>= 5'], ['escalate']],
        ['R2', ['>= 6'], ['escalate']],
        ['R3', ['10'], ['monitor']],
      ],
      otherwise: ['dismiss'],
    });
    expect(found(of, 'overlap')).toEqual([{ rules: ['R1', 'R2', 'R3'], region: 'count 10 @ 10' }]);
  });
});

describe('rules that could go', () => {
  const of = logic({
    policy: 'F',
    inputs: [ratio, kind],
    outputs: ['disposition'],
    rules: [
      ['R1', ['>= 0.8', '"retail"'], ['escalate']],
      ['R2', ['>= 0.8', '"mm"'], ['escalate']],
      ['R3', ['[0.2..0.8)', '-'], ['monitor']],
      ['R4', ['[0.1..0.2)', '-'], ['dismiss']],
    ],
    otherwise: ['dismiss'],
  });

  test('one says what else says anyway', () => {
    expect(found(of, 'redundant')).toEqual([{ rule: 'R4', region: 'ratio [0.1..0.2) @ 0.1 "retail"' }]);
  });

  test('two become one', () => {
    expect(found(of, 'mergeable')).toEqual([
      {
        rules: ['R1', 'R2'],
        at: 'R1',
        column: 'kind',
        cell: '"retail", "mm"',
        region: 'ratio [0.8..1]; kind "retail", "mm" @ 0.8 "mm"',
      },
    ]);
  });
});

test('a score that never gets high enough: its rule, its output, and a gap over the signals', () => {
  const score: Column = { ...column('score', 'decimal'), range: anything };
  const of = logic(
    {
      name: 'score',
      policy: 'C+',
      inputs: [ratio, count],
      outputs: ['score'],
      rules: [
        ['S1', ['>= 0.5', '-'], [1]],
        ['S2', ['-', '>= 5'], [1]],
      ],
    },
    {
      policy: 'F',
      inputs: [score],
      outputs: ['disposition'],
      rules: [
        ['R1', ['>= 3'], ['escalate']],
        ['R2', ['2'], ['monitor']],
        ['R3', ['0'], ['dismiss']],
      ],
    },
  );
  expect(found(of, 'masked')).toEqual([{ rule: 'R1', by: [], region: null }]);
  expect(found(of, 'unused_output')).toEqual([{ output: 'disposition', value: 'escalate', rules: ['R1'] }]);
  expect(found(of, 'gap')).toEqual([
    { region: 'ratio [0..0.5), null; count [5..10] @ 0.49 5' },
    { region: 'ratio [0.5..1]; count [0..4], null @ 0.5 4' },
  ]);
});

test('a column that changes nothing', () => {
  const of = logic({
    policy: 'F',
    inputs: [ratio, kind],
    outputs: ['disposition'],
    rules: [
      ['R1', ['>= 0.5', '"mm"'], ['escalate']],
      ['R2', ['>= 0.5', '-'], ['escalate']],
    ],
    otherwise: ['dismiss'],
  });
  expect(found(of, 'idle_column')).toEqual([{ column: 'kind', region: ' @ 0 "retail"' }]);
});

test('null that is the way out', () => {
  const of = logic({
    policy: 'F',
    inputs: [ratio, count],
    outputs: ['disposition'],
    rules: [
      ['R1', ['>= 0.5', '> 3'], ['escalate']],
      ['R2', ['< 0.5', '> 3'], ['monitor']],
    ],
    otherwise: ['dismiss'],
  });
  const { findings } = analyse(of, defaultBudget(), ['dismiss', 'monitor', 'escalate']);
  expect(
    findings.flatMap((finding) =>
      finding.kind === 'null_milder'
        ? [[finding.column, finding.disposition, finding.known, text(finding.region, of)]]
        : [],
    ),
  ).toEqual([['ratio', 'dismiss', 'monitor', 'ratio null; count [4..10] @ null 4']]);
  expect(found(of, 'null')).toMatchObject([
    { column: 'ratio', decided: true },
    { column: 'count', decided: true },
  ]);
});

describe('past the budget', () => {
  test('what is open is said, not taken for none', () => {
    const of = logic({
      policy: 'U',
      inputs: [ratio, count, kind],
      outputs: ['disposition'],
      rules: [
        ['R1', ['>= 0.5', '-', '-'], ['escalate']],
        ['R2', ['< 0.5', '-', '"mm"'], ['dismiss']],
      ],
    });
    const { findings, open } = analyse(of, { visits: 1 });
    expect(findings).toEqual([]);
    expect(open.map(({ question }) => question)).toEqual(expect.arrayContaining(['reach', 'overlap', 'redundant']));
    expect(open[0]?.regions.map((region) => text(region, of))).toEqual([' @ 0 0 "retail"']);
  });

  test('the same input gives the same bytes', () => {
    const of = treeTable({ rules: 200, inputs: 6, policy: 'F', noise: 0.3, seed: 3 });
    const bytes = () =>
      JSON.stringify(analyse(of, { visits: 20_000 }), (_, value) => (value instanceof Map ? [...value] : value));
    expect(bytes()).toBe(bytes());
  });
});
