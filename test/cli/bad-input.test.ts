import { symlink, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeFolder, put } from '../support/folder.ts';
import { expectPlain, green, greenFiles, type Ran, type Said, sop, sopWith, today } from '../support/sop.ts';

/** One SOP for each mistake, in one library: every message of every one of them comes from the same two runs. */
const wrong: Record<string, [text: string | Buffer, code: string, at: string, says: string]> = {
  'no-front-matter': [green.sop.replace(/^---[\s\S]*?---\n/, ''), 'SOP103', '', 'this SOP has no front-matter'],
  'empty-file': ['', 'SOP103', '', 'this SOP has no front-matter'],
  'broken-yaml': [
    sopWith('broken-yaml', 'title: Wash', 'title: Wash: trading'),
    'SOP104',
    'title: Wash: trading',
    'the YAML cannot be read',
  ],
  'a-tab': [sopWith('a-tab', '  Decide', '\tDecide'), 'SOP105', '\tDecide', 'a tab stands where YAML needs spaces'],
  'a-key-twice': [
    sopWith('a-key-twice', 'kind: inv', 'id: x\nkind: inv'),
    'SOP107',
    'id: x',
    'the key `id` stands twice',
  ],
  'alias-bomb': [
    sopWith(
      'alias-bomb',
      'markets: [spot]',
      [
        'a: &a [x, x, x]',
        ...'bcdefghijklmnop'
          .split('')
          .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghijklmno'[at]}`).join(', ')}]`),
      ].join('\n'),
    ),
    'SOP106',
    'a: &a',
    'is a YAML anchor or alias',
  ],
  'deep-yaml': [
    sopWith('deep-yaml', 'markets: [spot]', `markets: ${'['.repeat(5000)}${']'.repeat(5000)}`),
    'SOP111',
    'id: deep-yaml',
    'nested more than 40 levels deep',
  ],
  binary: [Buffer.from([0x23, 0x20, 0xff, 0xfe, 0x00]), 'SOP101', '', 'this file is not UTF-8 text'],
  'ragged-rows': [
    sopWith('ragged-rows', '| true         | investigate   |', '| investigate   |'),
    'SOP108',
    '| R2   |',
    'this row has 7 cells; the table has 8 columns',
  ],
  'heading-twice': [
    sopWith('heading-twice', '## References', '## Decision'),
    'SOP209',
    '## Decision',
    'the heading `Decision` stands twice',
  ],
  'unknown-signal': [
    sopWith('unknown-signal', '| F    | self_ratio |', '| F    | self_ration |'),
    'SOP301',
    'self_ration',
    'the decision uses an unknown name, `self_ration`',
  ],
  'sql-typo': [
    sopWith('sql-typo', 'WHERE t.notional_usd', 'WHERE t.notional_used'),
    'SOP413',
    'WHERE t.',
    '`notional_used`',
  ],
  'sql-syntax': [
    sopWith('sql-syntax', 'WHERE t.notional_usd', 'WHEER t.notional_usd'),
    'SOP410',
    'WHEER',
    'cannot be read at',
  ],
  'sql-deletes': [
    sopWith('sql-deletes', 'SELECT b.owner_id', 'DELETE FROM trades; SELECT b.owner_id'),
    'SOP411',
    'DELETE',
    'must be exactly one SELECT',
  ],
  'sql-reads-passwd': [
    sopWith('sql-reads-passwd', 'FROM trades t', "FROM read_text('/etc/passwd') t"),
    'SOP415',
    'read_text',
    'SOPs may not call `read_text`',
  ],
  'sql-file-name': [
    sopWith('sql-file-name', 'FROM trades t', "FROM '/etc/passwd' t"),
    'SOP416',
    "FROM '/etc",
    'SOPs may read market tables only',
  ],
  'sql-query': [
    sopWith('sql-query', 'FROM trades t', "FROM query('SELECT * FROM trades') t"),
    'SOP415',
    'FROM query',
    'SOPs may not call `query`',
  ],
  'never-ends': [
    sopWith('never-ends', 'max(b.type)', 'max(b.type || len(list_sort(range(200000000))))'),
    'SOP428',
    'SELECT b.',
    'was stopped',
  ],
};

/** The last line that holds the mistake; the first line of a file that is wrong as a whole. */
function lineOf(text: string | Buffer, at: string): number {
  return at === ''
    ? 1
    : text
        .toString('utf8')
        .split('\n')
        .findLastIndex((line) => line.includes(at)) + 1;
}

let ran: Ran;
let pretty: Ran;
let said: Said[];

beforeAll(async () => {
  const files = Object.fromEntries(Object.entries(wrong).map(([id, [text]]) => [`sops/${id}/SOP.md`, text]));
  const root = await makeFolder({ ...greenFiles(), ...files });
  await put(root, 'sops/huge/SOP.md', green.sop);
  await truncate(join(root, 'sops/huge/SOP.md'), 50_000_000);
  await put(root, 'sops/zz-demo/SOP.md', green.sop);
  await put(root, 'sops/linked/cases/x.md', '');
  await symlink('/etc/passwd', join(root, 'sops/linked/SOP.md'));
  ran = await sop(root, ['check', '--format', 'json', '--as-of', today]);
  pretty = await sop(root, ['check', '--as-of', today]);
  said = (JSON.parse(ran.stdout) as { diagnostics: Said[] }).diagnostics;
});

const about = (id: string) => said.filter(({ file }) => file === `sops/${id}/SOP.md`);

describe('each mistake has its message, at its line', () => {
  test.each(Object.entries(wrong).map(([id, [text, code, at, says]]) => ({ id, code, line: lineOf(text, at), says })))(
    '$id',
    ({ id, code, line, says }) => {
      const own = about(id).filter((entry) => entry.code === code);
      expect(
        own.map((entry) => entry.line),
        JSON.stringify(about(id).map((entry) => [entry.code, entry.line, entry.message])),
      ).toContain(line);
      expect(own.map(({ message }) => message).join('\n')).toContain(says);
      const errors = about(id).filter((entry) => entry.severity === 'error');
      expect(errors[0]?.code, 'the mistake itself comes first').toBe(code);
      expect(errors.length, 'one mistake is not ten').toBeLessThanOrEqual(3);
    },
  );
  test('a file of 50 MB', () => {
    expect(about('huge').map(({ code, message }) => `${code} ${message}`)).toEqual([
      'SOP102 this file has 50.0 MB; at most 1.0 MB are read',
    ]);
  });
  test('two SOPs of one id', () => {
    expect(about('zz-demo').map(({ code }) => code)).toEqual(expect.arrayContaining(['SOP226', 'SOP307']));
    expect(about('zz-demo').find(({ code }) => code === 'SOP307')?.message).toContain('sops/demo/SOP.md');
  });
  test('a SOP that is a link to another file of the machine', () => {
    expect(about('linked').map(({ code, message }) => `${code} ${message}`)).toEqual([
      'SOP110 this file cannot be read: it is a symbolic link',
    ]);
    expect(pretty.stdout).not.toContain('root:');
  });
  test('the green SOP beside them has nothing to answer for', () => {
    expect(about('demo').filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});

test('the exit code is 1, and nothing is said that only a programmer could read', () => {
  expect([ran.status, pretty.status]).toEqual([1, 1]);
  for (const each of [ran, pretty]) expectPlain(each);
  expect(ran.stderr).toBe('');
});

test('a file that is not text at all is no reason to be silent about the others', () => {
  for (const id of Object.keys(wrong)) expect(pretty.stdout, id).toContain(`sops/${id}/SOP.md`);
});
