import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encode } from 'gpt-tokenizer';
import { beforeAll, describe, expect, test } from 'vitest';
import { filesIn, makeFolder } from '../support/folder.ts';
import { allShipped as shipped, shippedSkills } from '../support/shipped-skills.ts';
import { environment, green, type Ran, run } from '../support/sop.ts';
import { emit } from './support.ts';

const tool = (path: string) => fileURLToPath(new URL(`../../node_modules/${path}`, import.meta.url));

/** Nothing leaves this machine, and nothing of the person who runs the tests is read. */
const alone = { DISABLE_TELEMETRY: '1', DO_NOT_TRACK: '1', CI: '1', NO_COLOR: '1' };

function check(path: string, args: readonly string[], cwd: string): Promise<Ran> {
  const home = join(cwd, 'home');
  return run(process.execPath, [tool(path), ...args], cwd, { ...environment(alone), HOME: home, XDG_STATE_HOME: home });
}

interface Checked {
  readonly summary: { readonly skillCount: number; readonly errorCount: number };
  readonly diagnostics: readonly { readonly ruleId: string; readonly file: string; readonly message: string }[];
}

async function lint(cwd: string): Promise<Checked> {
  const args = ['check', 'skills', '--no-security-scan', '--no-installs', '--no-open', '--format', 'json'];
  return JSON.parse((await check('skill-check/bin/skill-check.js', args, cwd)).stdout) as Checked;
}

async function listed(cwd: string): Promise<string> {
  const { stdout } = await check('skills/bin/cli.mjs', ['add', './skills', '--list'], cwd);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours, whatever it is told
  return stdout.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '');
}

/** A SOP that the compiler would refuse in part: whatever it lets through must stay text. */
const hostile = green.sop
  .replace('title: Wash trading by one owner', () => `title: '${'{{title}} "quoted" '.repeat(600)}'`)
  .replace('  Use when an alert', () => '  --- name: evil ... {a: [1]} & * ! > \' " % @ # : - ? Use when an alert')
  .replace('Feigned volume', () => '{{#each steps}} </script> `` `x` `` ~~~ --- name: evil Feigned volume')
  .replace('self-matched', () => '{{> x}} $& $1 \\ __proto__')
  .replace('| what the account is for', () => '| a \\| b {{{sql}}} */ what the account is for')
  .replace('a source confirms it', () => '](x "y") --> a source confirms it')
  .replace('- desk reasoning', () => '- [a](../../etc/passwd) [b](missing.md) desk reasoning');

let root: string;
let evil: string;
beforeAll(async () => {
  root = await shippedSkills();
  evil = await makeFolder(
    Object.fromEntries(emit(hostile).files.map(({ path, text }) => [`skills/demo/${path}`, text])),
  );
}, 60_000);

test('what is committed is what the SOPs give', async () => {
  const committed = await filesIn(fileURLToPath(new URL('../../skills', import.meta.url)));
  const given = await filesIn(join(root, 'skills'));
  const unlike = [...given].flatMap(([path, text]) => (committed.get(path) === text ? [] : [path]));
  expect([unlike, [...committed.keys()].filter((path) => path !== 'skills.lock.json' && !given.has(path))]).toEqual([
    [],
    [],
  ]);
});

describe('skills-ref, of the specification, finds each skill valid', () => {
  test.each(shipped)('%s', async (id) => {
    const ran = await check('skills-ref/dist/cli.js', ['validate', `skills/${id}`], root);
    expect(ran).toMatchObject({ status: 0, stdout: expect.stringContaining(`Valid skill: skills/${id}`), stderr: '' });
  });
  test('a hostile one', async () => {
    const ran = await check('skills-ref/dist/cli.js', ['validate', 'skills/demo'], evil);
    expect(ran).toEqual({ status: 0, stdout: 'Valid skill: skills/demo\n', stderr: '' });
  });
  test('one with a fault is told, so that the tests above mean something', async () => {
    const bad = await makeFolder({
      'skills/demo/SKILL.md': '---\nname: "other"\ndescription: "x"\nextra: 1\n---\nx\n',
    });
    expect((await check('skills-ref/dist/cli.js', ['validate', 'skills/demo'], bad)).status).not.toBe(0);
  });
});

describe('skill-check', () => {
  test('has nothing to say against a shipped skill', async () => {
    const { summary, diagnostics } = await lint(root);
    expect(summary).toMatchObject({ skillCount: shipped.length, errorCount: 0 });
    // How a summary begins its sentence is the desk's to say: "Use on the trade feed … when" is as good.
    expect(diagnostics.filter(({ ruleId }) => ruleId !== 'description.use_when_phrase')).toEqual([]);
  });
  test('finds no error in a hostile one but the links that its SOP has', async () => {
    const { diagnostics } = await lint(evil);
    expect(diagnostics.map(({ ruleId }) => ruleId).filter((rule) => !rule.startsWith('links.'))).toEqual([]);
  });
});

describe('`skills add DIR --list` finds them', () => {
  test('the shipped ones', async () => {
    const text = await listed(root);
    expect(text).toContain(`Found ${shipped.length} skills`);
    for (const id of shipped) expect(text).toContain(`    ${id}\n`);
  });
  test('a hostile one, once and by its own name', async () => {
    const text = await listed(evil);
    expect(text).toContain('Found 1 skill');
    expect(text).toContain('    demo\n');
  });
});

test.each(shipped)('%s: SKILL.md has no more than 500 lines and 5,000 tokens', async (id) => {
  const text = await readFile(join(root, 'skills', id, 'SKILL.md'), 'utf8');
  const body = text.slice(text.indexOf('\n---\n') + 5);
  expect(body.split('\n').length).toBeLessThan(500);
  expect(encode(body).length).toBeLessThan(5_000);
});
