import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { filesIn, makeFolder } from '../support/folder.ts';
import { clone, makeRepository } from '../support/git.ts';
import { sop, today } from '../support/sop.ts';

/** What `sop init` and `sop new sop` write is what a desk begins with: it must not begin with a warning. */
describe('what is written for a start is green, without warnings', () => {
  let root: string;
  let written: ReadonlyMap<string, string>;
  beforeAll(async () => {
    root = await makeFolder();
    await sop(root, ['init', '--as-of', today]);
    await sop(root, ['new', 'sop', 'my-risk', '--technique', 'WT-01', '--as-of', today]);
    written = await filesIn(root);
  });

  test('check, build and test', async () => {
    expect(await sop(root, ['check', '--strict', '--as-of', today])).toMatchObject({
      status: 0,
      stdout: '0 errors, 0 warnings in 2 SOPs\n',
    });
    const ran = await sop(root, ['--strict', '--as-of', today]);
    expect(ran).toMatchObject({ status: 0 });
    expect(ran.stdout).toContain('✓ No case undecided');
    expect(ran.stdout).not.toContain('✗');
  });

  test.each(['self-trading', 'my-risk'])('%s settles, says what it requires, and lists its evidence', (id) => {
    const text = written.get(`sops/${id}/SOP.md`) ?? '';
    expect(text).toContain('\nat: day\nsettle: 1d\n');
    expect(text).toContain('\n## Requires\n');
    expect(text).toContain('\n```sql evidence\n');
  });

  test('what its workflow runs is green too, on the branch that it begins with', async () => {
    interface Step {
      readonly run?: string;
      readonly uses?: string;
      readonly with?: Readonly<Record<string, unknown>>;
    }
    const { jobs } = parse(written.get('.github/workflows/sops.yml') ?? '') as {
      readonly jobs: Readonly<Record<string, { readonly if: string; readonly steps: readonly Step[] }>>;
    };
    const lines = Object.values(jobs).flatMap(({ steps }) =>
      steps.flatMap(({ run = '' }) => (run.startsWith('npx sop') ? [run.replace(/^npx sop ?/, '').split(' ')] : [])),
    );
    expect(lines.length).toBe(5);
    expect(jobs['change']?.steps[0]).toMatchObject({ uses: 'actions/checkout@v4', with: { 'fetch-depth': 0 } });
    const checkout = await clone(await makeRepository(Object.fromEntries(written)));
    for (const line of lines) {
      const { status, stderr } = await sop(checkout, [...line, '--as-of', today]);
      expect([line, status, stderr.replace(/^.*SQL mutants?, .*\n/gm, '')]).toEqual([line, 0, '']);
    }
  }, 120_000);
});
