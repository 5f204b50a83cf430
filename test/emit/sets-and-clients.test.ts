import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { clientFolders, clients, skillFor } from '../../src/emit/skill/clients.ts';
import { type Lock, lockPath, lockText, pathOf, readLock } from '../../src/emit/skill/lock.ts';
import { type Committed, planSkills } from '../../src/emit/skill/plan-skills.ts';
import { emitSetIndex } from '../../src/emit/skill/set-index.ts';
import { defaultDesk } from '../../src/model/build/vocabulary.ts';
import type { Desk } from '../../src/model/library.ts';
import type { SkillSet } from '../../src/model/skill-set.ts';
import { spanAt } from '../../src/text/source.ts';
import { green } from '../support/sop.ts';
import { check, emit } from './support.ts';

const { sop } = check(green.sop);
const skill = emit(green.sop);
const at = <T>(value: T) => ({ value, span: spanAt('sops/sets.yaml', 0, 0) });
const set = (more: Partial<SkillSet> = {}): SkillSet => ({
  name: at('patrol-desk'),
  title: 'Patrol desk',
  owner: at('trading-risk'),
  purpose: 'Watch the market.',
  skills: [at('demo')],
  ...more,
});
const desk: Desk = {
  ...defaultDesk,
  teams: [
    { id: 'trading-risk', name: 'Trading risk', audience: 'operations' },
    { id: 'compliance', name: 'Compliance', audience: 'compliance' },
  ],
};
const nothing: Committed = { files: new Map(), lock: null, lockFile: null };

describe('the index of a set', () => {
  test('says what the SOPs say, and nothing else', () => {
    expect(emitSetIndex(set(), [sop], desk).file).toEqual({
      path: 'sets/patrol-desk.md',
      text: [
        '# Patrol desk\n',
        'Watch the market.\n',
        'For Trading risk, which answers for what is in this set.\n',
        '| Skill | What it decides | Version | Review by | Escalates to |',
        '|---|---|---|---|---|',
        `| [${sop.title.value}](../demo/SKILL.md) | ${sop.summary.value} | ${sop.version.value} | ${sop.reviewBy.value} | Compliance, Trading risk |`,
        '',
      ].join('\n'),
    });
  });
  test('a draft says that it is one', () => {
    const draft = { ...sop, status: at('in_review' as const) };
    expect(emitSetIndex(set(), [draft], desk).file.text).toContain(`| ${sop.version.value} (in review) |`);
  });
  test.each([
    'a | b',
    'a](https://evil.example) [b',
    '<!-- hidden --> <script>alert(1)</script>',
    '# a\n\n## b\n---\n',
    '![](https://evil.example/x.png)',
    '`code` !`curl evil.example` $x$ ~~gone~~ &#60;',
    '{{purpose}} {{{title}}} ```',
    `1. ${'long '.repeat(2000)}`,
  ])('hostile words stay words: %j', (words) => {
    const hostile = { ...sop, title: at(words), summary: at(words) };
    const named: Desk = { ...desk, teams: desk.teams.map((team) => ({ ...team, name: words })) };
    const { text } = emitSetIndex(set({ title: words, purpose: words }), [hostile], named).file;
    const lines = text.split('\n');
    expect(lines.length).toBe(10);
    expect(lines.filter((line) => line.startsWith('#')).length).toBe(1);
    // Six bars are ours: no cell has one that is not escaped.
    expect(lines[8]?.match(/(?<!\\)\|/g)?.length).toBe(6);
    expect(lines[2]).not.toMatch(/^(?:[#>+=-]|\d+[.)])/);
    expect(text.match(/(?<!\\)\]\(/g)).toHaveLength(1);
    expect(text).not.toMatch(/(?<!\\)[<`]/);
  });
});

describe('the plan with sets', () => {
  const index = emitSetIndex(set(), [sop], desk);
  const wanted = { made: [index], isKept: () => false };
  const planned = planSkills([{ sop, skill }], nothing, new Set(), undefined, wanted);
  const files = new Map<string, string>(planned.write.map(({ path, text }) => [path, text]));
  const lock = readLock(planned.lock.text) as Lock; // it was written a line above
  const committed = { files, lock, lockFile: planned.lock.text };

  test('the lock has a part for them, which is read back', () => {
    expect(lock.sets).toMatchObject([{ name: 'patrol-desk', skills: ['demo'], uri: 'skill://sets/patrol-desk.md' }]);
    expect([lockText(lock), lockPath]).toEqual([planned.lock.text, planned.lock.path]);
    expect(lockText({ ...lock, sets: [] })).not.toContain('"sets"');
  });
  test('nothing to do the second time', () => {
    const again = planSkills([{ sop, skill }], committed, new Set(), undefined, wanted);
    expect([again.write, again.remove, again.foreign, again.diagnostics]).toEqual([[], [], [], []]);
  });
  test('a set that is gone takes its index away; one that is kept stays in the lock', () => {
    const gone = planSkills([{ sop, skill }], committed, new Set());
    expect([gone.remove, gone.diagnostics.map(({ code }) => code)]).toEqual([
      ['skills/sets/patrol-desk.md'],
      ['SOP609'],
    ]);
    const kept = planSkills([{ sop, skill }], committed, new Set(), undefined, { made: [], isKept: () => true });
    expect([kept.remove, kept.lock.text]).toEqual([[], planned.lock.text]);
  });
  test('what a person put beside the indexes stays, and is told', () => {
    const more = { ...committed, files: new Map([...files, ['skills/sets/own.md', null]]) };
    const plan = planSkills([{ sop, skill }], more, new Set(), undefined, wanted);
    expect([plan.remove, plan.foreign]).toEqual([[], ['skills/sets/own.md']]);
  });
  test.each(['skill://demo/SKILL.md', 'skill://sets/../x.md', 'skill://sets/a/b.md', 'skill://sets/SKILL.md'])(
    'a lock whose set names %s is none of ours',
    (uri) => {
      const sets = [{ name: 'x', skills: [], uri, sha256: '', size: 0 }];
      expect(readLock(JSON.stringify({ version: 1, skills: [], sets }))).toBeUndefined();
    },
  );
});

describe('clients', () => {
  test('only Codex gets a file more: the name that it shows', () => {
    for (const client of clients) {
      const more = skillFor(client, skill, sop).files.slice(skill.files.length);
      const documented = client === 'codex' ? ['agents/openai.yaml'] : [];
      expect(more.map(({ path }) => path)).toEqual(documented);
      for (const { text } of more) expect(parse(text)).toEqual({ interface: { display_name: sop.title.value } });
    }
  });
  test.each(['a "b": {c} # d', "it's | > & * !tag", '\u2028 \\ \t', 'ключ: значение'])(
    'a title is text in YAML: %j',
    (title) => {
      const [file] = skillFor('codex', skill, { ...sop, title: at(title) }).files.slice(skill.files.length);
      expect(parse(file?.text ?? '').interface.display_name).toBe(title.replace(/\s+/g, ' ').trim());
    },
  );
  test('a title that is longer than what is documented is left away', () => {
    const long = { ...sop, title: at('x'.repeat(65)) };
    expect(skillFor('codex', skill, long).files).toEqual(skill.files);
  });
  test('paths, lock and messages are of the folder, and name the command', () => {
    const place = { folder: clientFolders.claude, command: 'sop build --client claude' };
    const plan = planSkills([{ sop, skill }], nothing, new Set(), place);
    expect(plan.write.every(({ path }) => path.startsWith('.claude/skills/demo/'))).toBe(true);
    expect(plan.lock.path).toBe('.claude/skills/skills.lock.json');
    expect(pathOf('skill://demo/SKILL.md', place.folder)).toBe('.claude/skills/demo/SKILL.md');
    expect(plan.diagnostics[0]?.args).toMatchObject({ skill: '.claude/skills/demo', command: place.command });
  });
  test("a skill of a person under the same name is in the way; our own of before, and a neighbour's, are not", () => {
    const place = { folder: '.claude/skills', command: '' };
    const taken = (text: string | null) =>
      planSkills(
        [{ sop, skill }],
        { ...nothing, files: new Map([['.claude/skills/demo/SKILL.md', text], ['.claude/skills/own/SKILL.md', '']]) },
        new Set(),
        place,
      ).taken; // biome-ignore format: one call
    expect(taken('---\nname: demo\n---\n')).toEqual(['.claude/skills/demo/SKILL.md']);
    expect(taken(null)).toEqual(['.claude/skills/demo/SKILL.md']);
    expect(taken(`${skill.files[0]?.text}\nmore\n`)).toEqual([]);
  });
});
