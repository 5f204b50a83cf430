import { readFileSync } from 'node:fs';
import { readdir, readFile, symlink, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeFolder, put } from '../support/folder.ts';
import { problems } from '../support/output-schemas.ts';
import { expectPlain, green, greenFiles, sop, today } from '../support/sop.ts';

const fixture = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../fixtures/dmn/${name}`, import.meta.url)), 'utf8');
let root: string;
beforeAll(async () => {
  root = await makeFolder({
    ...greenFiles(),
    'withdrawals.dmn': fixture('withdrawals.dmn'),
    'level-3.dmn': fixture('level-3.dmn'),
    'broken.dmn': '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"><decision></definitions>',
    'entity.dmn':
      '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/hostname">]><definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/">&a;</definitions>',
    'empty.dmn': '',
    'large.dmn': '',
  });
  await truncate(join(root, 'large.dmn'), 6_000_000);
});

describe('sop import dmn', () => {
  test('prints sections of a SOP; what is to be said goes to stderr', async () => {
    const ran = await sop(root, ['import', 'dmn', 'withdrawals.dmn']);
    expect(ran.stdout).toBe(fixture('withdrawals.md'));
    expect([ran.status, ran.stderr]).toEqual([0, 'Routing: 6 rules in 2 tables; all was taken\n']);
  });
  test('outside any project, into a file that is not there yet', async () => {
    const empty = await makeFolder({ 'a.dmn': fixture('withdrawals.dmn') });
    const args = ['import', 'dmn', 'a.dmn', '--out', 'decision.md'];
    const ran = await sop(empty, args);
    expect([ran.status, ran.stdout]).toEqual([0, 'wrote decision.md\n']);
    expect(await readFile(join(empty, 'decision.md'), 'utf8')).toBe(fixture('withdrawals.md'));
    const again = await sop(empty, args);
    expect([again.status, again.stdout]).toEqual([2, '']);
    expect(again.stderr).toContain('exists already');
  });
  test('through a link that leads nowhere nothing is written', async () => {
    const empty = await makeFolder({ 'a.dmn': fixture('withdrawals.dmn') });
    await symlink(join(empty, 'elsewhere.md'), join(empty, 'decision.md'));
    const ran = await sop(empty, ['import', 'dmn', 'a.dmn', '--out', 'decision.md']);
    expect([ran.status, ran.stdout, await readdir(empty)]).toEqual([2, '', ['a.dmn', 'decision.md']]);
  });
  test('what was not taken is listed one by one, and makes exit code 1', async () => {
    const ran = await sop(root, ['import', 'dmn', 'level-3.dmn']);
    expect([ran.status, ran.stdout]).toEqual([1, fixture('level-3.md')]);
    expect(ran.stderr).toContain('11 things not taken');
    expect(ran.stderr).toContain('Fine, rule r2, column amount: [1..max(2, 3)]');
    expectPlain(ran);
  });
  test('as JSON, as the schema says', async () => {
    for (const [file, status] of [
      ['withdrawals.dmn', 0],
      ['level-3.dmn', 1],
    ] as const) {
      const ran = await sop(root, ['import', 'dmn', file, '--format', 'json', '--quiet']);
      expect([ran.status, ran.stderr, problems('import', ran.stdout)]).toEqual([status, '', []]);
      expect(JSON.parse(ran.stdout).markdown).toBe(fixture(file.replace('.dmn', '.md')));
    }
  });
  test.each([
    [['broken.dmn'], 'its XML is broken in line 1'],
    [['entity.dmn'], '<!DOCTYPE'],
    [['empty.dmn'], 'it is no XML'],
    [['large.dmn'], 'at most 5000000 are read'],
    [['nowhere.dmn'], 'there is no '],
    [['.'], 'is no file'],
    [['withdrawals.dmn', '--decision', 'Ruting'], 'did you mean `Routing`?'],
    [[], 'file'],
  ])('%j: exit code 2 and a plain reason', async (args, says) => {
    const ran = await sop(root, ['import', 'dmn', ...args]);
    expect([ran.status, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toContain(says);
    expectPlain(ran);
  });
});

describe('sop export dmn', () => {
  test('the same SOP gives the same bytes; an import takes all of it', async () => {
    const printed = await sop(root, ['export', 'dmn', 'demo', '--as-of', today]);
    expect(printed.status).toBe(0);
    expect(printed.stderr).toContain('What DMN has no words for');
    const written = await sop(root, ['export', 'dmn', 'demo', '--out', 'demo.dmn', '--quiet']);
    expect([written.status, written.stdout, written.stderr]).toEqual([0, 'wrote demo.dmn\n', '']);
    expect(await readFile(join(root, 'demo.dmn'), 'utf8')).toBe(printed.stdout);
    const back = await sop(root, ['import', 'dmn', 'demo.dmn']);
    expect([back.status, back.stderr]).toEqual([0, 'decision: 3 rules in 1 table; all was taken\n']);
  });
  test('over an earlier export, and over nothing else', async () => {
    const args = ['export', 'dmn', 'demo', '--quiet', '--out'];
    for (const _ of [1, 2]) expect((await sop(root, [...args, 'again.dmn'])).status).toBe(0);
    const ran = await sop(root, [...args, 'sops/demo/SOP.md']);
    expect([ran.status, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toContain('exists already and is no export');
    expect(await readFile(join(root, 'sops/demo/SOP.md'), 'utf8')).toBe(green.sop);
  });
  test.each([
    [['demo', '--out', 'nowhere/demo.dmn'], 'there is no folder '],
    [['dmo'], 'did you mean `demo`?'],
    [['demo', '--segment', 'thin'], 'this SOP has none'],
  ])('%j: wrong usage', async (args, says) => {
    const ran = await sop(root, ['export', 'dmn', ...args]);
    expect([ran.status, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toContain(says);
    expectPlain(ran);
  });
  test('a SOP with errors is not exported', async () => {
    const broken = await makeFolder(greenFiles());
    await put(broken, 'sops/demo/SOP.md', green.sop.replace('>= 0.5', '>= nobody'));
    const ran = await sop(broken, ['export', 'dmn', 'demo', '--as-of', today]);
    expect(ran.status).toBe(1);
    expect(ran.stdout).toContain('SOP302');
    expect(ran.stdout).not.toContain('<dmn:');
  });
});
