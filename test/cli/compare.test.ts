import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeFolder } from '../support/folder.ts';
import { problems } from '../support/output-schemas.ts';
import { filesOf } from '../support/shipped-skills.ts';
import { bundle, environment, expectPlain, run as runProcess, sop } from '../support/sop.ts';
import { makeMoves, moves } from './moves.ts';

let root: string;
beforeAll(async () => {
  root = await makeMoves({
    'looser.md': moves.replace('>= 100  |', '>= 200  |'),
    'stricter.md': moves.replace('|     3 | buys', '|     2 | buys').replace('version: 1.0.0', 'version: 1.1.0'),
    'sql.md': moves.replace('avg(price)', 'max(price)'),
    'type.md': moves.replace('| `buys`   | integer |', '| `buys`   | number |'),
    'range.md': moves.replace('| `buys`   | integer | >= 0  |', '| `buys`   | integer | [0..150] |'),
    'broken.md': moves.replace('>= many', '>= mamy'),
    'other.md': moves.replace('id: moves', 'id: holders'),
    'no-sop.md': '# Nothing\n',
  });
  await writeFile(join(root, 'latin-1.md'), Buffer.from(moves.replace('# ', '# \u00dc '), 'latin1'));
});

interface Compared {
  readonly before: { version: string };
  readonly after: { version: string };
  readonly decisions: {
    comparable: boolean;
    columns: unknown[];
    changes: { direction: string; region: object; before: object; after: object; witness: object }[];
  }[];
  readonly elsewhere: unknown[];
}

const compare = (...args: string[]) => sop(root, ['compare', ...args]);
async function json(...args: string[]): Promise<Compared & { status: number | null }> {
  const ran = await compare(...args, '--format', 'json');
  expectPlain(ran);
  expect(problems('compare', ran.stdout), ran.stderr).toEqual([]);
  return { ...(JSON.parse(ran.stdout) as Compared), status: ran.status };
}

describe('two texts of a SOP', () => {
  test('the same one: no change, exit 0', async () => {
    const found = await json('moves', 'moves');
    expect([found.status, found.decisions[0]?.changes, found.elsewhere]).toEqual([0, [], []]);
  });
  test('a bound moved up is looser, exit 1', async () => {
    const { status, decisions } = await json('moves', 'looser.md');
    expect([status, decisions]).toMatchObject([
      1,
      [
        {
          comparable: true,
          changes: [
            {
              direction: 'looser',
              region: { buys: '[100..199]' },
              before: { disposition: 'escalate', severity: 'critical', rule: 'R1' },
              after: { disposition: 'investigate', severity: 'medium', rule: 'R2' },
              witness: { buys: '100' },
            },
          ],
        },
      ],
    ]);
  });
  test('turned round it is stricter', async () => {
    const { decisions } = await json('looser.md', 'moves');
    expect(decisions[0]?.changes.map(({ direction }) => direction)).toEqual(['stricter']);
  });
  test('a parameter moves the cells that name it', async () => {
    const { before, after, decisions } = await json('moves', 'stricter.md');
    expect([before.version, after.version]).toEqual(['1.0.0', '1.1.0']);
    expect(decisions[0]?.changes).toMatchObject([{ direction: 'stricter', region: { buys: '2' } }]);
  });
  test('a narrower range makes what was decided invalid', async () => {
    const { decisions } = await json('moves', 'range.md');
    expect(decisions[0]?.columns).toEqual([{ column: 'buys', what: 'range', before: '>= 0', after: '[0..150]' }]);
    expect(decisions[0]?.changes).toMatchObject([
      { direction: 'incomparable', region: { buys: '>= 151' }, after: { kind: 'invalid' } },
    ]);
  });
  test('SQL is no decision: exit 0, and it is said', async () => {
    const found = await json('moves', 'sql.md');
    expect([found.status, found.elsewhere]).toEqual([0, [{ what: 'sql', name: 'Buys' }]]);
    const { stdout } = await compare('moves', 'sql.md');
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'Every input is decided as before. Changed too, and not compared here: the SQL of "Buys".',
    );
  });
  test('another type: nothing is compared, exit 1', async () => {
    const { status, decisions } = await json('moves', 'type.md');
    expect([status, decisions[0]?.comparable, decisions[0]?.changes]).toEqual([1, false, []]);
    expect(decisions[0]?.columns[0]).toEqual({ column: 'buys', what: 'type', before: 'integer', after: 'number' });
  });
  test('one of them from stdin', async () => {
    const command = `"${process.execPath}" "${bundle}" compare - moves < looser.md`;
    const ran = await runProcess('/bin/sh', ['-c', command], root, environment());
    expect([ran.status, ran.stderr]).toEqual([1, '']);
    expect(ran.stdout).toContain('Stricter: the same input gets more than before (1 region)');
  });
  test('on a page of 80 columns', async () => {
    const ran = await sop(root, ['compare', 'moves', 'looser.md'], { COLUMNS: '80' });
    expectPlain(ran);
    expect(Math.max(...ran.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    const page = ran.stdout.replace(/\s+/g, ' ');
    expect(page).toContain(
      '- buys in [100..199]: was escalate/critical, now investigate/medium for example buys 100: by R1, now by R2',
    );
  });
  test('errors are told as a check tells them', async () => {
    const ran = await compare('moves', 'broken.md');
    expect([ran.status, ran.stdout]).toEqual([1, expect.stringContaining('SOP302')]);
  });
});

test.each([
  [['moves'], "missing required argument 'after'"],
  [['mves', 'moves'], 'did you mean `moves`?'],
  [['-', '-'], 'only one of the two texts'],
  [['moves', 'other.md'], 'these are two SOPs, `moves` and `holders`'],
  [['sops/moves', 'moves'], 'sops/moves is a folder'],
  [['-', 'moves'], 'nothing was piped in for `-`'],
  [['no-sop.md', 'no-sop.md'], 'neither text states the `id` of a SOP'],
  [['other.md', 'other.md'], 'the project has no SOP `holders`'],
  [['moves', 'nowhere.md'], 'nowhere.md'],
  [['moves', 'latin-1.md'], 'latin-1.md is no UTF-8 text'],
  [['moves', '/dev/zero'], '/dev/zero is longer than 1000000 bytes'],
])('wrong usage: compare %j', async (args, said) => {
  const ran = await compare(...args);
  expect([ran.status, ran.stdout]).toEqual([2, '']);
  expect(ran.stderr).toContain(said);
});

describe('sop sensitivity', () => {
  test('tells of each bound how far it may move, exit 0', async () => {
    const desk = await makeMoves({ 'sops/moves/cases/bounds.md': cases });
    const ran = await sop(desk, ['sensitivity', 'moves', '--format', 'json']);
    expectPlain(ran);
    expect(problems('sensitivity', ran.stdout), ran.stderr).toEqual([]);
    const { bounds, not_tried } = JSON.parse(ran.stdout) as { bounds: Record<string, object>[]; not_tried: object[] };
    expect([ran.status, bounds]).toMatchObject([
      0,
      [
        {
          parameter: 'many',
          now: '3',
          down: {
            limit: '3',
            held_by: 'case',
            stop: { case: 'two', before: 'left_alone', after: 'false_alarm', decision: 'investigate, medium, by R2' },
          },
          up: { limit: '4', held_by: 'case', stop: { case: 'four', after: 'missed' } },
        },
        {
          rule: 'R1',
          cell: '>= 100',
          down: { limit: '5', held_by: 'case' },
          up: { limit: null, held_by: 'nothing', stop: null },
        },
      ],
    ]);
    expect(not_tried).toMatchObject([{ parameter: 'history', why: 'requires' }]);
    const page = await sop(desk, ['sensitivity', 'moves'], { COLUMNS: '80' });
    expect(Math.max(...page.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    const text = page.stdout.replace(/\s+/g, ' ');
    expect(text).toContain('! R1 buys >= 100: nothing holds it upwards');
    expect(text).toContain('below 3: two turns from left alone to false alarm (investigate, medium, by R2)');
  });
  test('errors: exit 1; an unknown SOP: exit 2', async () => {
    const desk = await makeMoves({ 'sops/moves/SOP.md': readFileSync(join(root, 'broken.md'), 'utf8') });
    expect((await sop(desk, ['sensitivity', 'moves'])).status).toBe(1);
    const ran = await sop(root, ['sensitivity', 'mves']);
    expect([ran.status, ran.stderr]).toEqual([2, expect.stringContaining('did you mean `moves`?')]);
  });
});

describe('docs/compare.md', () => {
  const project = fileURLToPath(new URL('../..', import.meta.url));
  const doc = readFileSync(join(project, 'docs/compare.md'), 'utf8');
  const columns = { COLUMNS: '80' };
  test('shows what is printed of a changed SOP', async () => {
    const text = readFileSync(join(project, 'sops/wash-trading/SOP.md'), 'utf8');
    const [v1, s2] = ['>= min_notional   | >= min_notional   | >= 0.5', '| S2   | "mm"             | < 0.5'];
    expect([text.split(v1).length, text.split(s2).length]).toEqual([2, 2]);
    const changed = text.replace(v1, v1.replace('0.5', '0.6')).replace(s2, s2.replace('0.5', '0.4'));
    const folder = await makeFolder({ 'changed.md': changed });
    const ran = await sop(project, ['compare', 'wash-trading', join(folder, 'changed.md')], columns);
    expect(ran.status).toBe(1);
    expect(doc).toContain(`changed.md\n${ran.stdout}`);
  });
  test('shows what is printed of the bounds of a SOP', async () => {
    // Alone: what the analysis says of the other SOPs takes longer than all else here.
    const folder = await makeFolder(await filesOf(['sybil-clusters']));
    const ran = await sop(folder, ['sensitivity', 'sybil-clusters', '--as-of', '2026-11-22'], columns);
    const [, shown = ''] = /sensitivity sybil-clusters\n([\s\S]*?)\n```/.exec(doc) ?? [];
    const pieces = shown.split('\n    …\n');
    expect([ran.status, pieces.length]).toEqual([0, 3]);
    for (const piece of pieces) expect(ran.stdout).toContain(piece);
  });
});

const cases = `---
technique: WT-01
market: spot
source: test
title: Bounds
---

# Bounds

| Case | Kind   | buys | disposition | severity |
|------|--------|-----:|-------------|----------|
| two  | benign |    2 | dismiss     | info     |
| four | attack |    4 | investigate | medium   |
`;
