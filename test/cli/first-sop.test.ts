import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sop } from '../support/sop.ts';

/** `docs/first-sop.md`, followed to the letter: what it says the command prints is what it prints. */
const guide = readFileSync(fileURLToPath(new URL('../../docs/first-sop.md', import.meta.url)), 'utf8');
const blocks = [...guide.matchAll(/^(`{3,4})\w*\n([\s\S]*?)^\1$/gm)].map(([, , text = '']) => text);

/** The block of the guide that begins with a text, or else contains it. */
function block(text: string): string {
  const found = blocks.find((one) => one.startsWith(text)) ?? blocks.find((one) => one.includes(text));
  if (found === undefined) throw new Error(`the guide has no block with ${text}`);
  return found;
}

/** What a block says that a call prints, without the prompt; a line `…` leaves something out. */
function pieces(text: string): string[] {
  return text
    .replace(/^\$ .*\n+/, '')
    .split(/^ *…\n/m)
    .map((piece) => piece.trim());
}

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sop-first-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const sopFile = 'sops/takeover-withdrawal/SOP.md';
const caseFile = (name: string) => `sops/takeover-withdrawal/cases/${name}`;
const read = (path: string) => readFileSync(join(root, path), 'utf8');
function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
function edit(path: string, before: string | RegExp, after: string): void {
  const text = read(path);
  const changed = text.replace(before, () => after);
  expect(changed, `${path}: ${before}`).not.toBe(text);
  write(path, changed);
}
/** The guide was written on this day. */
const call = (line: string) => sop(root, [...line.split(' '), '--as-of', '2026-11-22', '--no-color']);
async function prints(line: string, status: number, text: string): Promise<string> {
  const ran = await call(line);
  const said = ran.stdout + ran.stderr;
  for (const piece of pieces(text)) expect(said).toContain(piece);
  expect(ran.status, said).toBe(status);
  return said;
}
/** `sop` without a command has no line to split. */
const all = () => sop(root, ['--as-of', '2026-11-22']);

describe('the guide to a first SOP', () => {
  test('an empty repository is green', async () => {
    expect((await sop(root, ['init'])).status).toBe(0);
    const ran = await all();
    expect([ran.status, ran.stdout]).toEqual([0, expect.stringContaining(pieces(block('1 SOP, 7 cases'))[0] ?? '?')]);
  });

  test('a technique and a SOP of its own', async () => {
    const add = ['new', 'technique', 'AT-01', '--name', 'Withdrawal after a takeover'];
    const refused = await sop(root, add);
    expect(refused.stderr).toContain(pieces(block('there is no family AT'))[0] ?? '?');
    edit('sops/taxonomy.yaml', '  NB: Near neighbours\n', block('AT: Account takeover'));
    expect((await sop(root, add)).status).toBe(0);
    edit('sops/taxonomy.yaml', / {2}- id: AT-01[\s\S]*/, block('- id: AT-01'));
    const title = 'A large withdrawal soon after a password reset from a new device';
    const made = await sop(root, ['new', 'sop', 'takeover-withdrawal', '--technique', 'AT-01', '--title', title]);
    expect(made.status).toBe(0);
    rmSync(join(root, 'sops/takeover-withdrawal/cases'), { recursive: true });
    edit(sopFile, /summary:[\s\S]*?(?=---\n)/, block('summary: >-'));
  });

  test('mistakes in SQL', async () => {
    edit(sopFile, /## Purpose[\s\S]*(?=## Decision)/, `${block('## Purpose')}\n`);
    await prints('check takeover-withdrawal', 1, block('SOP420'));
    const fixed = await call('check takeover-withdrawal --fix');
    expect(fixed.stdout + fixed.stderr).toContain('fixed 1 place in sops/takeover-withdrawal/SOP.md');
    expect(fixed.stdout).toContain(/error SOP413[\s\S]*$/.exec(block('SOP413'))?.[0].trim() ?? '?');
    write(sopFile, read(sopFile).replaceAll('device_id', 'device_hash'));
  });

  test('mistakes in rules', async () => {
    edit(sopFile, /## Decision[\s\S]*/, block('## Decision'));
    await prints('check takeover-withdrawal', 1, block('error SOP301'));
    edit(sopFile, 'withdrawn_us |', 'withdrawn_usd |');
    edit(sopFile, '= true', 'true');
    edit(sopFile, '>= 10k', '>= large_usd');
    expect((await call('check takeover-withdrawal')).status).toBe(0);
  });

  test('attacks, an innocent, and a gap', async () => {
    const run = 'test takeover-withdrawal';
    const emptied = block('case: tw-emptied-in-forty-minutes');
    write(caseFile('tw-emptied-in-forty-minutes.yaml'), emptied);
    await prints(run, 1, block('SOP431'));
    write(caseFile('tw-emptied-in-forty-minutes.yaml'), emptied.replaceAll('withdrawal}', 'withdraw}'));
    await prints(`${run} --verbose`, 0, block('1 case: 1 caught'));
    write(caseFile('tw-device-not-recorded.yaml'), block('case: tw-device-not-recorded'));
    await prints(run, 1, block('misses the attack `tw-device-not-recorded`'));
    edit(sopFile, /\| R1 .*\n\| R2 .*\n/, block('| true, null | <= fast'));
    write(caseFile('tw-owner-forgot-password.yaml'), block('case: tw-owner-forgot-password'));
    await prints(run, 1, block('SOP702'));
    edit(
      caseFile('tw-owner-forgot-password.yaml'),
      / {2}- \{account_id: b1, disposition.*\n/,
      block('disposition: monitor, rule'),
    );
    write(caseFile('tw-gap-patient-thief.yaml'), block('case: tw-gap-patient-thief'));
    expect((await call(run)).stdout).toContain('the SQL returns no row at all for this data');
    write(caseFile('tw-gap-patient-thief.yaml'), block('case: tw-gap-patient-thief') + block('known_gap:'));
    edit(sopFile, '## References', `${block('## Blind spots')}\n## References`);
    await prints(run, 1, block('SOP309'));
    edit(sopFile, 'tw-patient-thief', 'tw-gap-patient-thief');
    write(caseFile('boundaries.md'), block('# Boundaries of R1'));
    await prints(run, 0, block('9 cases: 4 caught'));
  });

  test('what must be there: a feed that hangs for an hour is no way out, and no tick hides it', async () => {
    const [money = '', device = ''] = blocks.filter((one) => one.startsWith('```sql evidence'));
    edit(sopFile, '## Signals\n', `${block('## Requires').replaceAll('30m', '1h ')}\n## Signals\n`);
    edit(sopFile, '### The device', `${money}\n### The device`);
    edit(sopFile, '## Decision', `${device}\n## Decision`);
    const hidden = await all();
    expect(hidden.status).toBe(1);
    expect(hidden.stdout).toContain(
      '✗ 2 errors that running the cases brought up\n    tw-device-not-recorded (takeover',
    );
    const { stdout } = await call('coverage takeover-withdrawal');
    expect(stdout).toMatch(/caught in the case, with an error that shows why not\s+on a desk: `tw-device/);
    write(sopFile, read(sopFile).replaceAll('| 1h           | trading', '| 30m          | trading'));
    await prints('test takeover-withdrawal', 0, block('9 cases: 4 caught'));
  });

  test('approved and built, it is green', async () => {
    edit(sopFile, /version: .*/, 'version: 1.0.0');
    edit(sopFile, /status: .*/, 'status: approved');
    expect((await all()).stdout).toContain(block('SOP903').trim());
    edit(sopFile, /owner: .*\n/, 'owner: trading-risk\napproved_by: head-of-trading-risk\n');
    const [built = '?', green = '?'] = block('$ npx sop build')
      .split(/^\$ .*\n/m)
      .slice(1)
      .map((text) => text.trim());
    expect((await sop(root, ['build'])).stdout).toContain(built);
    const ran = await all();
    expect([ran.status, ran.stdout.trim()]).toEqual([0, green]);
    expect((await call('suggest takeover-withdrawal --print')).stdout).toContain(
      'R3 no longer looked at `withdrawn_usd`',
    );
  });
});
