import { describe, expect, test } from 'vitest';
import { readLock } from '../../src/emit/skill/lock.ts';
import { planSkills } from '../../src/emit/skill/plan-skills.ts';
import { green } from '../support/sop.ts';
import { check, emit } from './support.ts';

const { sop } = check(green.sop);
const skill = emit(green.sop);
const own = new Map(skill.files.map(({ path, text }) => [`skills/demo/${path}`, text]));
const main = 'skills/demo/SKILL.md';
const text = own.get(main) ?? '';

interface Change {
  readonly files?: Readonly<Record<string, string | null>>;
  readonly lockFile?: string | null;
  readonly kept?: readonly string[];
  readonly emitted?: boolean;
}

const built = [{ sop, skill }];
const lockText = planSkills(built, { files: new Map(), lock: null, lockFile: null }, new Set()).lock.text;

function plan({ files = {}, lockFile = lockText, kept = [], emitted = true }: Change) {
  const all = new Map<string, string | null>([...own, ...Object.entries(files)]);
  const lock = lockFile === null ? null : (readLock(lockFile) ?? null);
  const { write, remove, foreign, diagnostics } = planSkills(
    emitted ? built : [],
    { files: all, lock, lockFile },
    new Set(kept),
  );
  const codes = diagnostics.map(({ code, args }) =>
    [code, args['line']].filter((part) => part !== undefined).join(' '),
  );
  return [write.map(({ path }) => path), remove, foreign, codes];
}

describe('what has to change so that the skills are what the SOPs give', () => {
  test('nothing', () => expect(plan({})).toEqual([[], [], [], []]));
  test('all of it, where there is none', () => {
    const { write, diagnostics } = planSkills(built, { files: new Map(), lock: null, lockFile: null }, new Set());
    expect([write.length, diagnostics.map(({ code }) => code)]).toEqual([own.size, ['SOP604']]);
  });
  test('a file that is changed, cut off, longer, in CRLF or unreadable', () => {
    const lines = text.split('\n');
    const title = lines.findIndex((line) => line.startsWith('# Wash')) + 1;
    const changed = (to: string | null) => plan({ files: { [main]: to } });
    expect(changed(text.replace('# Wash', '# Wish'))).toEqual([[main], [], [], [`SOP603 ${title}`]]);
    expect(changed(text.slice(0, -1))[3]).toEqual([`SOP603 ${lines.length}`]);
    expect(changed(`${text}more\n`)[3]).toEqual([`SOP603 ${lines.length}`]);
    expect(changed(text.replaceAll('\n', '\r\n'))[3]).toEqual(['SOP603 1']);
    expect(changed(null)[3]).toEqual(['SOP603 1']);
  });
  test('one of ours without its SOP goes, all that the lock names of it; what a person put there stays', () => {
    const mine = 'skills/demo/notes.md';
    const other = 'skills/mine/SKILL.md';
    const found = plan({ emitted: false, files: { [mine]: null, [other]: '---\nname: mine\n---\n' } });
    expect(found).toEqual([[], [...own.keys()].sort(), [mine], ['SOP605']]);
  });
  test('one that was compiled before there was a lock is known by its front-matter', () => {
    const old = 'skills/old/SKILL.md';
    const found = plan({ files: { [old]: text.replace('name: "demo"', 'name: "old"'), 'skills/bin/SKILL.md': null } });
    expect(found).toEqual([[], [old], [], ['SOP605']]);
  });
  test('a skill whose SOP has errors stays as it is, in the lock too', () => {
    expect(plan({ emitted: false, kept: ['demo'] })).toEqual([[], [], [], []]);
    const { lock } = planSkills(
      [],
      { files: own, lock: readLock(lockText) ?? null, lockFile: lockText },
      new Set(['demo']),
    );
    expect(lock.text).toBe(lockText);
  });
  test('the lock alone is missing, changed, or none of ours', () => {
    for (const lockFile of [null, '{}', lockText.replace(/"size": \d+/, '"size": 1'), '[', 'null'])
      expect(plan({ lockFile })[3]).toEqual(['SOP608']);
  });
});

describe('a lock from a stranger', () => {
  const uris = [
    'skill://demo/../../etc/passwd',
    'skill://../x/SKILL.md',
    'skill:///x',
    'file:///etc/passwd',
    'skill://demo/.git/config',
    'skill://demo',
    'skill://demo//x',
    'skill://demo/a\\b',
    'skill://Demo/x',
  ];
  test.each(uris)('%s is no file of a skill', (uri) => {
    const lock = { version: 1, skills: [{ name: 'demo', digest: '', files: [{ uri, sha256: '', size: 0 }] }] };
    expect(readLock(JSON.stringify(lock))).toBeUndefined();
  });
});
