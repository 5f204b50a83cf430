import { describe, expect, test } from 'vitest';
import { analyse } from '../../src/decision/analysis/analyse.ts';
import { defaultBudget } from '../../src/decision/analysis/budget.ts';
import type { Finding } from '../../src/decision/analysis/finding.ts';
import type { Logic } from '../../src/decision/logic.ts';
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
