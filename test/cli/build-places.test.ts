import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { filesIn, makeFolder, put } from '../support/folder.ts';
import { greenFiles, sop, today } from '../support/sop.ts';

const sets = `sets:
  - name: patrol-desk
    title: Patrol desk
    owner: trading-risk
    purpose: Watch the market around the clock.
    skills: [demo]
`;
let root: string;
const build = (...more: readonly string[]) => sop(root, ['build', '--as-of', today, ...more]);
const at = (path: string) => join(root, path);

describe('skills elsewhere than in `skills/`', () => {
  beforeAll(async () => {
    root = await makeFolder({ ...greenFiles(), 'sops/sets.yaml': sets });
  });

  test('--client places them where each client looks, removes what was withdrawn, and leaves what persons put there', async () => {
    const placed = await build('--client', 'claude', '--client', 'codex');
    expect(placed).toMatchObject({ status: 0 });
    expect(placed.stdout).toContain('.claude/skills: 1 skill: 1 written, 0 unchanged; 0 files removed\n');
    expect(existsSync(at('skills'))).toBe(false);
    const claude = await filesIn(at('.claude/skills'));
    const codex = await filesIn(at('.agents/skills'));
    expect([...codex.keys()].filter((path) => !claude.has(path))).toEqual(['demo/agents/openai.yaml']);
    expect([...claude.keys()].filter((path) => path.startsWith('sets/'))).toEqual([]);
    expect(await build('--client', 'codex', '--check')).toMatchObject({ status: 0 });

    await put(root, '.claude/skills/own/SKILL.md', '---\nname: own\n---\n');
    await put(root, '.claude/skills/demo/notes.md', 'ours');
    const before = greenFiles()['sops/demo/SOP.md'] ?? '';
    await put(root, 'sops/demo/SOP.md', before.replace('status: approved', 'status: in_review'));
    const stale = await build('--client', 'claude', '--check');
    expect(stale).toMatchObject({ status: 1 });
    expect(stale.stdout).toContain('run `sop build --client claude` to take it out');
    expect((await build('--client', 'claude')).stdout).toContain(
      'left .claude/skills/demo/notes.md: no SOP makes it\n',
    );
    await put(root, 'sops/demo/SOP.md', before);
    expect([...(await filesIn(at('.claude/skills'))).keys()]).toEqual([
      'demo/notes.md',
      'own/SKILL.md',
      'skills.lock.json',
    ]);
  });

  test('--out writes what `skills/` would hold, with the sets', async () => {
    const out = join(await makeFolder(), 'agents/all');
    expect(await build()).toMatchObject({ status: 0 });
    expect(await build('--out', out)).toMatchObject({ status: 0 });
    const written = await filesIn(out);
    expect(written).toEqual(await filesIn(at('skills')));
    expect([...written.keys()]).toContain('sets/patrol-desk.md');
    await rm(join(out, 'sets/patrol-desk.md'));
    const told = await build('--out', out, '--check');
    expect(told).toMatchObject({ status: 1 });
    expect(told.stdout).toContain(`${out}/sets/patrol-desk.md`);
  });

  test('nothing is written over what a person made, in no place', async () => {
    await put(root, '.cursor/skills/demo/SKILL.md', 'mine');
    const refused = await build('--client', 'gemini', '--client', 'cursor');
    expect(refused).toMatchObject({ status: 2 });
    expect(refused.stderr).toContain('`.cursor/skills/demo/SKILL.md` is there');
    expect(existsSync(at('.gemini'))).toBe(false);
    expect(await readFile(at('.cursor/skills/demo/SKILL.md'), 'utf8')).toBe('mine');
  });

  test('links of the project lead nowhere', async () => {
    const outside = await makeFolder();
    await symlink(outside, at('.github'));
    await mkdir(at('made'));
    await symlink(outside, at('made/skills'));
    for (const options of [
      ['--client', 'copilot'],
      ['--out', 'made/skills'],
      ['--out', 'made/skills/deeper', '--check'],
    ]) {
      const refused = await build(...options);
      expect(refused, options.join(' ')).toMatchObject({ status: 2 });
      expect(refused.stderr).toContain('is a link');
    }
    expect([...(await filesIn(outside)).keys()]).toEqual([]);
  });

  test.each([
    [['--client', 'claud'], 'did you mean `claude`?'],
    [['--out', '.'], 'this is the project itself'],
    [['--out', 'sops/skills'], '`sops/` is no place for skills'],
    [['--out', 'sops/desk.yaml', '--client', 'claude'], 'is a file, and a folder is needed'],
  ])('%j is refused in words', async (options, words) => {
    const refused = await build(...options);
    expect(refused).toMatchObject({ status: 2 });
    expect(refused.stderr).toContain(words);
  });
});
