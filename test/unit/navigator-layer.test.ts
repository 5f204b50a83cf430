import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cellStates, techniqueMatrix } from '../../src/coverage/techniques/technique-matrix.ts';
import type { SqlEngine } from '../../src/model/ports.ts';
import { navigatorLayer } from '../../src/report/navigator-layer.ts';
import { testEngine } from '../engine/support.ts';
import { runLibrary, today } from '../report/library.ts';

/** Layer file format 4.5 as its definition says, but for `domain`: the techniques are ours. */
const text = { type: 'string' };
const flag = { type: 'boolean' };
const colour = { type: 'string', pattern: '^#[0-9a-f]{6}$' };
const only = (required: string[], properties: object) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});
const notes = {
  type: 'array',
  items: only(['name', 'value'], { name: { ...text, minLength: 1 }, value: { ...text, minLength: 1 } }),
};
const format = only(['name', 'domain', 'versions'], {
  name: text,
  versions: only(['navigator', 'layer'], {
    attack: text,
    navigator: { ...text, pattern: '^(4\\.(9|\\d\\d)|[5-9])\\.' },
    layer: { const: '4.5' },
  }),
  domain: {
    type: 'string',
    pattern: '^[a-z]+(-[a-z]+)*$',
    not: { enum: ['enterprise-attack', 'mobile-attack', 'ics-attack'] },
  },
  description: text,
  sorting: { enum: [0, 1, 2, 3] },
  layout: only([], { layout: { enum: ['side', 'flat', 'mini'] }, showID: flag, showName: flag }),
  hideDisabled: flag,
  techniques: {
    type: 'array',
    items: only(['techniqueID'], {
      techniqueID: { ...text, pattern: '^[A-Z]{2}-[0-9]{2}$' },
      tactic: text,
      comment: text,
      enabled: flag,
      score: { type: 'number' },
      color: colour,
      metadata: notes,
    }),
  },
  gradient: only(['colors', 'minValue', 'maxValue'], {
    colors: { type: 'array', minItems: 2, items: colour },
    minValue: { const: 0 },
    maxValue: { type: 'number', exclusiveMinimum: 0 },
  }),
  legendItems: { type: 'array', items: only(['label', 'color'], { label: text, color: colour }) },
  selectTechniquesAcrossTactics: flag,
  metadata: notes,
});

let engine: SqlEngine;
beforeAll(() => {
  engine = testEngine();
});
afterAll(() => engine.close());

test('the layer is what format 4.5 says, and says of each cell what the matrix says', async () => {
  const { checked, run } = await runLibrary(engine);
  const coverage = { library: checked.library, cells: techniqueMatrix(checked.library, run.results) };
  const layer = navigatorLayer(coverage, today);
  const valid = new Ajv2020({ allErrors: true, strict: true, strictTypes: false }).compile(format);
  expect(valid(layer) ? [] : valid.errors).toEqual([]);
  expect(layer.techniques.map(({ techniqueID, tactic }) => [techniqueID, tactic])).toEqual(
    coverage.cells.map(({ technique, market }) => [technique.id.value, market]),
  );
  for (const [index, { state }] of coverage.cells.entries()) {
    const found = layer.techniques[index];
    const isApplicable = state !== 'not_applicable';
    expect(found?.enabled).toBe(isApplicable);
    expect(found && 'score' in found ? cellStates[Number(found.score)] : 'not_applicable').toBe(state);
  }
  expect(JSON.stringify(navigatorLayer(coverage, today))).toBe(JSON.stringify(layer));
}, 60_000);
