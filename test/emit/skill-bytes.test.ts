import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { filesIn, makeFolder } from '../support/folder.ts';
import { upTo } from '../support/long.ts';
import { filesOf, someShipped } from '../support/shipped-skills.ts';
import { bundle, environment, run, today } from '../support/sop.ts';

const node = process.execPath;

interface Way {
  /** The program that runs the compiler. */
  readonly node?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** How the files come to the disk: their order, and their text. */
  readonly order?: (paths: string[]) => string[];
  readonly text?: (text: string) => string;
  readonly asOf?: string;
}

let texts: ReadonlyMap<string, string>;
let usual: ReadonlyMap<string, string>;

/** The skills of SOPs of this repository (the normal run: of four), made in some way. */
async function skillsOf({
  node: program = node,
  env = {},
  order = (paths) => paths,
  text = (own) => own,
  asOf = today,
}: Way) {
  const root = await makeFolder();
  for (const path of order([...texts.keys()])) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text(texts.get(path) ?? ''));
  }
  const ran = await run(program, [bundle, 'build', '--no-cache', '--as-of', asOf], root, environment(env));
  expect([ran.status, ran.stderr]).toEqual([0, '']);
  return filesIn(join(root, 'skills'));
}

beforeAll(async () => {
  texts = await filesOf(someShipped);
  usual = await skillsOf({});
}, 240_000);

const ways: [string, Way][] = [
  [
    'far east, Turkish, CRLF, files in the opposite order',
    {
      env: { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
      order: (paths) => paths.reverse(),
      text: (text) => text.replaceAll('\n', '\r\n'),
    },
  ],
  ['far west, the C locale, another day', { env: { TZ: 'Pacific/Niue', LANG: 'C', LC_ALL: 'C' }, asOf: '2027-04-30' }],
  ['byte-order marks', { text: (text) => `\ufeff${text}` }],
  ['a summer time that changes at night', { env: { TZ: 'America/Sao_Paulo', LANG: 'ar_EG.UTF-8' } }],
];

test.each(ways.slice(0, upTo(ways.length, 1)))(
  '%s: the same bytes',
  async (_, way) => {
    expect(await skillsOf(way)).toEqual(usual);
  },
  240_000,
);

/** `OTHER_NODE=/path/to/node npm run test:long`: a Node of another version. */
test.runIf(process.env['OTHER_NODE'] !== undefined)(
  'another Node: the same bytes',
  async () => {
    const other = process.env['OTHER_NODE'] ?? '';
    const [own, its] = await Promise.all([node, other].map((program) => run(program, ['--version'], '/', {})));
    expect(its?.stdout).not.toBe(own?.stdout);
    expect(await skillsOf({ node: other })).toEqual(usual);
  },
  240_000,
);
