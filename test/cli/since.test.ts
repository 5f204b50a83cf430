import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openRevision } from '../../src/cli/revision.ts';
import { createDiskStore } from '../../src/host/disk-store.ts';
import { put } from '../support/folder.ts';
import { clone, commit, git, makeRepository } from '../support/git.ts';
import { problems } from '../support/output-schemas.ts';
import { expectPlain, green, greenFiles, type Ran, sop, today } from '../support/sop.ts';

const bounds = `---
technique: WT-01
market: spot
source: desk reasoning
---

# Bounds of R1

| Case            | Kind   | self_ratio | self_notional | account_type | disposition | rule |
|-----------------|--------|------------|---------------|--------------|-------------|------|
| demo-at-half    | attack | 0.5        | 100000        | "retail"     | escalate    | R1   |
| demo-below-half | benign | 0.499      | 100000        | "retail"     | dismiss     | else |
`;
const files: Record<string, string> = { ...greenFiles(), 'sops/demo/cases/demo-bounds.md': bounds };
const cases = 'sops/demo/cases';

interface Since {
  readonly base: string | null;
  readonly how: string;
  readonly changed_files: number;
  readonly cases: { readonly before: number; readonly now: number; readonly kept: number };
  readonly lost: readonly {
    readonly what: string;
    readonly name: string;
    readonly says: string;
    readonly code: string | null;
  }[];
  readonly remarks: readonly { readonly what: string; readonly name: string; readonly says: string }[];
  readonly not_compared: readonly string[];
  readonly old: readonly { readonly code: string }[];
}

async function since(
  root: string,
  rev = 'main',
  ...more: string[]
): Promise<{ readonly ran: Ran; readonly report: Since }> {
  const ran = await sop(root, ['test', '--since', rev, '--as-of', today, '--format', 'json', ...more]);
  expect(ran.stderr).toBe('');
  expect(problems('test', ran.stdout)).toEqual([]);
  return { ran, report: (JSON.parse(ran.stdout) as { since: Since }).since };
}

const lost = ({ lost }: Since) =>
  lost.filter(({ what }) => what !== 'obligation').map(({ name, code }) => [name, code]);
const edit = async (root: string, path: string, replace: string | RegExp, by: string) => {
  const text = await readFile(join(root, path), 'utf8');
  expect(text.replace(replace, by)).not.toBe(text);
  await put(root, path, text.replace(replace, by));
};

describe('what is lost', () => {
  test('nothing, where nothing changed', async () => {
    const { ran, report } = await since(await makeRepository(files), 'HEAD');
    expect(ran.status).toBe(0);
    expect(report).toMatchObject({
      changed_files: 0,
      cases: { before: 5, now: 5, kept: 5 },
      lost: [],
      not_compared: [],
    });
  });

  test('a rule and its cases are added: nothing', async () => {
    const root = await makeRepository(files);
    await edit(
      root,
      'sops/demo/SOP.md',
      /(\| R2 .*\n)/,
      '$1| R3   | [0.3..0.5) | >= min_notional | not("mm")    | -            | monitor       | low        | not enough to be sure |\n',
    );
    await edit(
      root,
      `${cases}/demo-bounds.md`,
      /(\| demo-below-half.*)0.499 (.*\n)/,
      '$10.299 $2| demo-at-third   | attack | 0.3        | 100000        | "retail"     | monitor     | R3   |\n',
    );
    const { ran, report } = await since(root);
    expect(report.lost.filter(({ what }) => what === 'case')).toEqual([]);
    expect(report.cases).toEqual({ before: 5, now: 6, kept: 5 });
    expect(report.remarks).toMatchObject([{ what: 'changed', name: 'demo-below-half' }]);
    // The bound of R1 stands as written, and no case lies just below it any more.
    expect(report.lost.map(({ says }) => says).join('\n')).toContain('0.499');
    expect(ran.status).toBe(1);
    await edit(
      root,
      `${cases}/demo-bounds.md`,
      /(\| demo-at-third.*\n)/,
      '$1| demo-near-half  | attack | 0.499      | 100000        | "retail"     | monitor     | R3   |\n',
    );
    const { ran: whole, report: kept } = await since(root);
    expect(kept.lost).toEqual([]);
    expect(whole.status).toBe(0);
  });

  test('a case that is deleted, before or after it is committed', async () => {
    const root = await makeRepository(files);
    await rm(join(root, `${cases}/demo-market-maker.yaml`));
    expect(lost((await since(root)).report)).toEqual([['demo-market-maker', 'SOP760']]);
    commit(root);
    // Whoever reviews the change reads it first, and does not look for it among the cases that pass.
    const ran = await sop(root, ['test', '--since', 'main', '--as-of', today, '--format', 'markdown']);
    expect(ran.status).toBe(1);
    expect(ran.stdout).toMatch(
      /^## ✗ .*\n\n.*\n\n### Since [0-9a-f]{12}.*\n\n✗ .*\n\nLost:\n\n- demo-market-maker \(demo\)/,
    );
  });

  test('a row of a table of cases', async () => {
    const root = await makeRepository(files);
    await edit(root, `${cases}/demo-bounds.md`, /\| demo-below-half.*\n/, '');
    expect(lost((await since(root)).report)).toEqual([['demo-below-half', 'SOP760']]);
  });

  test('a case renamed, that says which one it replaces: nothing', async () => {
    const root = await makeRepository(files);
    await rm(join(root, `${cases}/demo-market-maker.yaml`));
    const renamed = green.benign.replace('case: demo-market-maker', 'case: demo-maker\nreplaces: [demo-market-maker]');
    await put(root, `${cases}/demo-maker.yaml`, renamed);
    await edit(root, `${cases}/demo-bounds.md`, /\| Case /, '| replaces | Case ');
    await edit(root, `${cases}/demo-bounds.md`, '|-----', '|---|-----');
    await edit(root, `${cases}/demo-bounds.md`, '| demo-at-half    ', '| demo-at-half | demo-half ');
    await edit(root, `${cases}/demo-bounds.md`, '| demo-below-half ', '| - | demo-below-half ');
    const { ran, report } = await since(root);
    expect(report.lost).toEqual([]);
    expect(report.remarks).toMatchObject([
      { what: 'replaced', name: 'demo-at-half', says: 'by `demo-half`' },
      { what: 'replaced', name: 'demo-market-maker', says: 'by `demo-maker`' },
    ]);
    expect(ran.status).toBe(0);
  });

  test('the one that replaces it asks for less: said', async () => {
    const root = await makeRepository(files);
    await rm(join(root, `${cases}/demo-self-matched.yaml`));
    const weak = green.attack
      .replace('case: demo-self-matched', 'case: demo-own\nreplaces: [demo-self-matched]')
      .replace('disposition: escalate, severity: critical, rule: R1', 'disposition: escalate');
    await put(root, `${cases}/demo-own.yaml`, weak);
    const { report } = await since(root);
    expect(lost(report)).toEqual([]);
    expect(report.remarks[0]?.says).toBe(
      'by `demo-own`, which asks for less: it does not say the `severity` any more (critical); it does not say the `rule` any more (R1)',
    );
  });

  test('a case asks for less under its name: each way is said', async () => {
    const weaker: readonly (readonly [name: string, replace: string, by: string, says: string])[] = [
      ['severity', ', severity: critical', '', 'it does not say the `severity` any more (critical)'],
      ['rule', ', rule: R1', '', 'it does not say the `rule` any more (R1)'],
      ['rules', 'rule: R1', 'rule: [R1, R2]', 'rule R1 became R1 or R2'],
      ['subject', ', symbol: BTC-USDT, disposition', ', disposition', 'it does not say which `symbol` any more'],
      ['others', 'kind: attack', 'kind: attack\nothers: investigate', '`others` dismiss became investigate'],
    ];
    const own = (name: string) => green.attack.replace('case: demo-self-matched', `case: demo-${name}`);
    const path = (name: string) => `${cases}/demo-${name}.yaml`;
    const root = await makeRepository({
      ...files,
      ...Object.fromEntries(['kind', ...weaker.map(([name]) => name)].map((name) => [path(name), own(name)])),
    });
    for (const [name, replace, by] of weaker) await edit(root, path(name), replace, by);
    await edit(root, path('kind'), 'disposition: escalate, severity: critical, rule: R1', 'disposition: investigate');
    await edit(root, path('kind'), 'kind: attack', 'kind: benign');
    const { ran, report } = await since(root);
    const found = report.lost.filter(({ what, name }) => what === 'case' && name !== 'demo-kind');
    const expected = weaker.map(([name, , , says]) => ({ name: `demo-${name}`, code: 'SOP761', says }));
    expect(found).toMatchObject(expected.toSorted((one, other) => (one.name < other.name ? -1 : 1)));
    expect(lost(report).map(([name]) => name)).toContain('demo-kind');
    expect(ran.status).toBe(1);
  });

  test('a case that passed is a known gap, a draft, or left out by `only`', async () => {
    const root = await makeRepository(files);
    await edit(root, 'sops/demo/SOP.md', /\| R1 {3}\| >= 0.5/, '| R1   | > 0.5');
    await edit(root, `${cases}/demo-bounds.md`, /\| demo-at-half.*\n/, '');
    const gap = `case: demo-at-half
title: Exactly half
technique: WT-01
market: spot
kind: attack
source: desk reasoning
signals: {self_ratio: 0.5, self_notional: 100000, account_type: retail}
expect:
  - {disposition: escalate, rule: R1}
known_gap: {outcome: missed, owner: trading-risk, reason: accepted, until: 2027-03-01}
`;
    await put(root, `${cases}/demo-at-half.yaml`, gap);
    await edit(root, `${cases}/demo-self-matched.yaml`, /expect:[\s\S]*/, 'expect: ?\n');
    const { report } = await since(root);
    expect(lost(report)).toEqual([
      ['demo-at-half', 'SOP761'],
      ['demo-self-matched', 'SOP763'],
    ]);
  });

  test('the file of a case can no longer be read', async () => {
    const root = await makeRepository(files);
    await put(root, `${cases}/demo-market-maker.yaml`, 'case: [');
    const { ran, report } = await since(root);
    expect(report.lost.filter(({ what }) => what === 'case')).toMatchObject([
      { name: 'demo-market-maker', says: 'its file can no longer be read', code: null },
    ]);
    expect(ran.status).toBe(1);
  });

  test('a SOP that is retired is said, and fails nothing', async () => {
    const root = await makeRepository(files);
    await edit(root, 'sops/demo/SOP.md', 'status: approved', 'status: retired');
    const { report } = await since(root);
    expect(report.lost).toEqual([]);
    expect(report.remarks.map(({ what }) => what)).toEqual(Array(5).fill('given_up'));
    expect(report.not_compared.join()).toMatch(/`demo` is retired: \d+ obligations/);
  });
});

describe('old debt', () => {
  const debt = { ...files, [`${cases}/demo-two-owners.yaml`]: green.gap.replace(/known_gap:[\s\S]*/, '') };
  const expired = { ...files, [`${cases}/demo-two-owners.yaml`]: green.gap.replace('2027-03-01', '2026-10-01') };

  test('fails no change that is not about it, but fails with --strict', async () => {
    const root = await makeRepository(debt);
    await edit(root, 'sops/demo/SOP.md', 'version: 1.0.0', 'version: 1.0.1');
    const { ran, report } = await since(root);
    expect(report.old.map(({ code }) => code)).toEqual(['SOP701']);
    expect(ran.status).toBe(0);
    expect((await since(root, 'main', '--strict')).ran.status).toBe(1);
    const shown = await sop(root, ['test', '--since', 'main', '--as-of', today]);
    expect(shown.stdout).toContain('! 1 message about what the base has too');
    await edit(root, `${cases}/demo-two-owners.yaml`, 'title: ', 'title: Once more, ');
    expect((await since(root)).ran.status).toBe(1);
  });

  test('a gap past its date fails where its SOP or its cases are touched', async () => {
    const root = await makeRepository({ ...expired, 'sops/README.md': 'about\n' });
    await put(root, 'sops/README.md', 'more\n');
    expect((await since(root)).ran.status).toBe(0);
    expect((await since(root, 'main', '--strict')).ran.status).toBe(1);
    await edit(root, `${cases}/demo-self-matched.yaml`, 'title: ', 'title: Again, ');
    expect((await since(root)).ran.status).toBe(1);
  });

  test('a floor that the base does not reach either; another floor is said', async () => {
    const root = await makeRepository({ ...files, 'sop.config.yaml': 'floors: {mutation: 100}\n' });
    await edit(root, 'sops/demo/SOP.md', 'version: 1.0.0', 'version: 1.0.1');
    const { ran, report } = await since(root);
    expect(report.old.map(({ code }) => code)).toEqual(['SOP770']);
    expect(ran.status).toBe(0);
    await put(root, 'sop.config.yaml', 'floors: {mutation: 10}\n');
    expect((await since(root)).report.remarks).toMatchObject([{ what: 'changed', name: 'configuration' }]);
  });

  test('a base that does not compile: what could not be compared is said', async () => {
    const root = await makeRepository({
      ...files,
      'sops/demo/SOP.md': green.sop.replace('FROM trades t', 'FROM tradse t'),
    });
    await put(root, 'sops/demo/SOP.md', green.sop);
    await rm(join(root, `${cases}/demo-market-maker.yaml`));
    const { ran, report } = await since(root);
    expect(report.not_compared).toEqual([
      '`demo` had errors in the base: its 5 cases could not run there, and proved nothing',
    ]);
    expect(ran.status).toBe(0);
    const shown = await sop(root, ['test', '--since', 'main', '--as-of', today]);
    expect(shown.stdout).toContain('✓ Of what could be compared, all that was proved before');
  });
});

describe('the base', () => {
  test('is where the branch left the revision, not what the revision became since', async () => {
    const root = await makeRepository(files);
    const parted = git(root, 'rev-parse', 'main');
    git(root, 'checkout', '--quiet', 'main');
    await put(root, `${cases}/demo-later.yaml`, green.benign.replace('demo-market-maker', 'demo-later'));
    commit(root);
    git(root, 'checkout', '--quiet', 'change');
    commit(root, 'of the branch');
    const { ran, report } = await since(root);
    expect(report).toMatchObject({ base: parted, how: 'parted', lost: [] });
    expect(ran.status).toBe(0);
  });

  test('is the first parent on the default branch', async () => {
    const root = await makeRepository(files);
    const before = git(root, 'rev-parse', 'main');
    await rm(join(root, `${cases}/demo-market-maker.yaml`));
    commit(root);
    git(root, 'checkout', '--quiet', 'main');
    git(root, 'merge', '--quiet', '--no-ff', '--no-edit', 'change');
    const { report } = await since(root);
    expect(report).toMatchObject({ base: before, how: 'first_parent' });
    expect(lost(report)).toEqual([['demo-market-maker', 'SOP760']]);
    expect((await since(root, 'HEAD')).report).toMatchObject({ how: 'itself', lost: [] });
  });

  test('a project below the top of its repository, with names that are no ASCII, CRLF and a data file', async () => {
    const inside = Object.fromEntries(
      Object.entries(files).map(([path, text]) => [
        `Händler risk/${path}`,
        text.replace('type: retail', 'type: retail'),
      ]),
    );
    const trades = 'symbol,ts,notional_usd,buy_account_id,sell_account_id\nBTC-USDT,2026-11-02 10:00:00,150000,a1,a2\n';
    const attack = green.attack.replace(/ {2}trades:\n.*\n/, '  trades: data/käufe.csv\n');
    const root = await makeRepository({
      ...inside,
      [`Händler risk/${cases}/demo-self-matched.yaml`]: attack,
      [`Händler risk/${cases}/data/käufe.csv`]: trades,
    });
    const project = join(root, 'Händler risk');
    for (const path of ['SOP.md', 'cases/demo-bounds.md', 'cases/data/käufe.csv'])
      await put(
        project,
        `sops/demo/${path}`,
        (await readFile(join(project, `sops/demo/${path}`), 'utf8')).replaceAll('\n', '\r\n'),
      );
    expect((await since(project, 'HEAD')).report).toMatchObject({ changed_files: 0, lost: [], not_compared: [] });
    // Another data file: the base runs on the old one, which is written into a folder that is gone afterwards.
    await put(project, `${cases}/data/käufe.csv`, trades.replace('150000', '1'));
    const { ran, report } = await since(project);
    expect(report.lost.filter(({ what }) => what === 'case')).toMatchObject([
      { name: 'demo-self-matched', says: 'caught, now missed' },
    ]);
    expect(ran.status).toBe(1);
    await rm(join(project, `${cases}/data/käufe.csv`));
    expect(lost((await since(project)).report)).toEqual([['demo-self-matched', null]]);
  });
});

describe('what cannot be had ends with exit code 2, and says what to do', () => {
  const refused = async (root: string, rev: string, words: RegExp) => {
    const ran = await sop(root, ['test', '--since', rev, '--as-of', today]);
    expect(ran.stderr).toMatch(words);
    expect(ran.stdout).toBe('');
    expectPlain(ran);
    expect(ran.status).toBe(2);
    return /^ {4}(git .*)$/m.exec(ran.stderr)?.[1];
  };

  test('names that are none, or not harmless', async () => {
    const root = await makeRepository(files);
    const store = createDiskStore(root);
    for (const [rev, words] of [
      ['', /it is empty/],
      ['--upload-pack=touch /tmp/x', /begins with a hyphen/],
      ['-x', /begins with a hyphen/],
      ['main\n--all', /cannot be seen/],
      ['main..change', /a range/],
      [':/library', /file or a message/],
      ['main:sops', /file or a message/],
      ['0'.repeat(40), /all zeros/],
      ['x'.repeat(300), /longer than 250/],
      ['mains', /did you mean `main`/],
      ['$(touch x)', /knows no such commit/],
      ['HEAD~7', /knows no such commit/],
    ] as const)
      await expect(openRevision({ root, store }, rev)).rejects.toThrow(words);
    await refused(root, '--upload-pack=touch /tmp/x', /begins with a hyphen/);
    await refused(root, 'mains', /did you mean `main`/);
    const hostile = await clone(root);
    expect(await refused(hostile, 'origin/x;touch$IFS+y', /knows no such commit/)).toBeUndefined();
  });

  test('no repository, no commit, no git', async () => {
    const root = await makeRepository(files);
    await rm(join(root, '.git'), { recursive: true });
    await refused(root, 'main', /lies in none/);
    git(root, 'init', '--quiet');
    await refused(root, 'main', /has none yet/);
    const ran = await sop(root, ['test', '--since', 'main'], { PATH: '/nonexistent' });
    expect([ran.status, ran.stderr]).toEqual([
      2,
      'sop: `--since` needs git, and there is no program `git` on the PATH\n',
    ]);
  });

  test('a shallow clone of one branch: the command that it names brings the base', async () => {
    const root = await makeRepository(files);
    for (const _ of [1, 2]) commit(root);
    const copy = await clone(root, '--depth=1', '--branch=change');
    const command = await refused(copy, 'origin/main', /newest commit only/);
    expect(command).toBe('git fetch --unshallow origin +refs/heads/main:refs/remotes/origin/main');
    git(copy, ...(command ?? '').split(' ').slice(1));
    expect((await since(copy, 'origin/main')).ran.status).toBe(0);
  });

  test('a shallow clone of the default branch, and of the two ends of a branch', async () => {
    const root = await makeRepository(files);
    commit(root);
    const copy = await clone(root, '--depth=1', '--branch=change');
    const command = await refused(copy, 'origin/change', /no commit but one/);
    git(copy, ...(command ?? '').split(' ').slice(1));
    expect((await since(copy, 'origin/change')).report.how).toBe('first_parent');
    git(root, 'checkout', '--quiet', 'main');
    commit(root, 'later');
    const ends = await clone(root, '--depth=1', '--no-single-branch');
    git(ends, 'checkout', '--quiet', 'change');
    const whole = await refused(ends, 'origin/main', /no commit in common as far as this clone reaches/);
    git(ends, ...(whole ?? '').split(' ').slice(1));
    expect((await since(ends, 'origin/main')).report.how).toBe('parted');
  });

  test('a clone without contents of files', async () => {
    const root = await makeRepository(files);
    await put(root, 'sops/demo/SOP.md', green.sop.replace('version: 1.0.0', 'version: 1.0.1'));
    commit(root);
    const copy = await clone(root, '--filter=blob:none', '--branch=change');
    const command = await refused(copy, 'origin/main', /lacks the contents/);
    git(copy, ...(command ?? '').split(' ').slice(1));
    expect((await since(copy, 'origin/main')).ran.status).toBe(0);
  });
});
