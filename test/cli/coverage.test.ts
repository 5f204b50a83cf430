import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { filesIn, makeFolder, put } from '../support/folder.ts';
import { mutationSchema } from '../support/foreign-schemas.ts';
import { problems } from '../support/output-schemas.ts';
import { bundle, environment, expectPlain, green, greenFiles, sop, today } from '../support/sop.ts';

let folder: string;
beforeAll(async () => {
  folder = await makeFolder(greenFiles());
});

const coverage = (root: string, ...args: string[]) => sop(root, ['coverage', 'demo', '--as-of', today, ...args]);

interface Json {
  readonly sops: readonly {
    readonly sql_mutants: { readonly proven: number; readonly undecided: number; readonly total: number } | null;
    readonly sql: { readonly untried: number } | null;
    readonly open: readonly {
      readonly id: string;
      readonly kind: string;
      readonly needs: string | null;
      readonly example: unknown;
    }[];
  }[];
  readonly diagnostics: readonly { readonly code: string; readonly message: string; readonly why: string }[];
}

async function asJson(root: string, ...args: string[]) {
  const ran = await coverage(root, '--format', 'json', ...args);
  expect(problems('coverage', ran.stdout)).toEqual([]);
  return { ran, told: JSON.parse(ran.stdout) as Json };
}

describe('what is open of the tables', () => {
  test('reads as the analyst would say it, with an input, and says at its end what writes the cases', async () => {
    const { stdout, status } = await coverage(folder);
    expect(status).toBe(0);
    const told = stdout.slice(stdout.indexOf('What the cases prove of the decision tables\n'));
    expect(told.match(/^ {4}nobody would notice if /gm)?.length).toBe(10);
    expect(told).toMatch(
      /nobody would notice if R1's 0\.5 on `self_ratio` became [^\n]*\n {6}for example self_ratio 0\.\d+, /,
    );
    expect(told).toMatch(/… and \d+ more that nobody would notice \(--verbose\)/);
    expect(told).toMatch(
      /\d+ points of the tables are open: `sop suggest demo` writes the missing cases, for a person to\s+answer\n$/,
    );
    expect(told).not.toContain('SQL');
    const all = (await coverage(folder, '--verbose')).stdout;
    expect(all.match(/^ {4}nobody would notice if /gm)?.length).toBeGreaterThan(10);
    expect(all).toMatch(/^ {4}not shown: /m);
    const { told: json } = await asJson(folder);
    expect(json.sops[0]).toMatchObject({ sql_mutants: null, sql: null });
    expect(json.sops[0]?.open.find(({ kind }) => kind === 'mutant')?.example).toMatchObject({
      segment: null,
      signals: expect.anything(),
    });
  });
});

describe('--sql', () => {
  test('says beforehand how long it takes, and what data would tell', async () => {
    const root = await makeFolder(greenFiles());
    const ran = await coverage(root, '--sql');
    expect(ran.stderr).toMatch(/^demo: \d+ SQL mutants, \d+ cases with data: at most \d+ runs, about \d+s\n$/);
    expect(ran.stdout).toMatch(/SQL mutants that would be noticed +\d+ of +\d+, +\d+ %, \d+ not known\n/);
    expect(ran.stdout).toMatch(/nobody would notice if [^\n]* in\s+the SQL of [\s\S]*?\n {6}undecided: /);
    expectPlain(ran);
    const again = await coverage(root, '--sql');
    expect(again.stderr).toMatch(/: all are known from an earlier call\n$/);
    expect(again.stdout).toBe(ran.stdout);
    expect((await coverage(root, '--sql', '--quiet')).stderr).toBe('');
    const { told } = await asJson(root, '--sql');
    const [demo] = told.sops;
    const open = demo?.open.filter(({ kind }) => kind === 'sql_mutant') ?? [];
    expect([open.length, demo?.sql?.untried]).toEqual([demo?.sql_mutants?.undecided, 0]);
    for (const { needs } of open) expect(needs).toMatch(/it takes|one nearer to a bound/);
    // `sop suggest` tells the same where it suggests no row of signal values.
    const suggested = await sop(root, ['suggest', '--sql', '--print', '--format', 'json']);
    expect([suggested.status, problems('suggest', suggested.stdout)]).toEqual([0, []]);
    const { sops } = JSON.parse(suggested.stdout) as { sops: { sql: { id: string; needs: string }[] }[] };
    expect(sops[0]?.sql.map(({ id, needs }) => [id, needs])).toEqual(open.map(({ id, needs }) => [id, needs]));
    const told80 = (await sop(root, ['suggest', '--sql', '--print'])).stdout;
    expect(told80).toMatch(/\n {2}The SQL: of \d+ slips, \d+ would go unnoticed\./);
  });

  test('without time nothing is tried, nothing is said of it, and the next call does it', async () => {
    const root = await makeFolder({ ...greenFiles(), 'sop.config.yaml': 'floors:\n  sql_mutation: 1\n' });
    const { ran, told } = await asJson(root, '--sql', '--time-limit', '0s', '--no-cache');
    const total = told.sops[0]?.sql_mutants?.total ?? 0;
    expect(total).toBeGreaterThan(3);
    expect(told.sops[0]?.sql?.untried).toBe(total);
    expect(ran.status).toBe(1);
    expect(told.diagnostics).toMatchObject([{ code: 'SOP770', why: 'what was not tried is not proved' }]);
    const { stdout } = await coverage(root, '--sql', '--time-limit', '0s', '--no-cache', '--verbose');
    expect(stdout).toContain(`${total} SQL mutants not tried`);
    expect(stdout).not.toMatch(/nobody would notice if [^\n]*SQL of/);
    expect(stdout).toContain(`for ${total} there was no time`);
    const { ran: whole } = await asJson(root, '--sql', '--time-limit', '10m');
    expect(whole.status).toBe(0);
  });

  test('a call that is stopped loses nothing of what it found', async () => {
    const many = Array.from({ length: 20 }, (_, at): [string, string] => [
      `sops/demo/cases/more-${at}.yaml`,
      green.attack.replace(/^case: .*$/m, `case: demo-more-${at}`).replaceAll('200000', String(200_000 + at)),
    ]);
    const root = await makeFolder({ ...greenFiles(), ...Object.fromEntries(many) });
    const stopped = await new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) => {
      const args = [bundle, 'coverage', 'demo', '--sql', '--as-of', today];
      const child = spawn(process.execPath, args, { cwd: root, env: environment() });
      const said = { stdout: '', stderr: '' };
      child.stdout.on('data', (text) => (said.stdout += String(text)));
      child.stderr.on('data', (text) => {
        said.stderr += String(text);
        if (said.stderr.includes('about') && !child.killed) child.kill('SIGINT');
      });
      child.on('close', (status) => resolve({ status, ...said }));
    });
    expect(stopped.status).toBe(130);
    expect(stopped.stdout).toBe('');
    expect(stopped.stderr).toContain('stopped; what was found is kept: the same call goes on there\n');
    const runs = (text: string) => Number(/at most (\d+) runs/.exec(text)?.[1]);
    const whole = await coverage(root, '--sql');
    expect(runs(whole.stderr)).toBeLessThan(runs(stopped.stderr));
    expect(whole.stdout).toBe((await coverage(root, '--sql', '--no-cache')).stdout);
  }, 120_000);
});

describe('floors', () => {
  test.each<[floors: string, args: string[], status: number]>([
    ['{mutation: 0, sql_mutation: 100}', [], 0],
    ['{mutation: 0, sql_mutation: 100}', ['--sql'], 1],
    ['{mutation: 100}', [], 1],
    ['{sops: {demo: {bounds: 100}}}', [], 1],
  ])('%s %j: exit code %d', async (floors, args, status) => {
    const root = await makeFolder({ ...greenFiles(), 'sop.config.yaml': `floors: ${floors}\n` });
    const ran = await coverage(root, ...args);
    expect(ran.status).toBe(status);
    expect(ran.stdout.includes('error SOP770: the cases of `demo` ')).toBe(status === 1);
  });

  test('as JSON it is a diagnostic', async () => {
    const root = await makeFolder({ ...greenFiles(), 'sop.config.yaml': 'floors: {mutation: 100}\n' });
    expect((await asJson(root)).told.diagnostics.map(({ code }) => code)).toEqual(['SOP770']);
    expect((await asJson(folder)).told.diagnostics).toEqual([]);
  });
});

describe('reports', () => {
  test('in a log of GitHub: the text, where no line of it is a command, and what lies below its floor', async () => {
    const root = await makeFolder({ ...greenFiles(), 'sop.config.yaml': 'floors: {mutation: 100}\n' });
    const plain = await coverage(root);
    const { stdout, status } = await coverage(root, '--format', 'github');
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^::stop-commands::(\w{64})\n[\s\S]*\n::\1::\n::error file=sop\.config\.yaml,line=1,[^\n]*\n$/,
    );
    expect(stdout).toContain(plain.stdout);
  });

  test('several in one call: Stryker, JSON, text and the layer', async () => {
    const root = await makeFolder(greenFiles());
    const ran = await coverage(root, '--sql', '--report', 'stryker=out/mutation.json', '--report', 'json=out/c.json', '--report', 'pretty=out/c.txt', '--layer', 'out/layer.json'); // biome-ignore format: a list
    expect(ran.stderr.split('\n').slice(1)).toEqual(['wrote out/mutation.json', 'wrote out/c.json', 'wrote out/c.txt', 'wrote out/layer.json', '']); // biome-ignore format: a list
    const files = await filesIn(join(root, 'out'));
    expect(files.get('c.txt')).toBe(ran.stdout);
    expect(problems('coverage', files.get('c.json') ?? '')).toEqual([]);
    expect(JSON.parse(files.get('layer.json') ?? '')).toMatchObject({ domain: 'trading-risk' });
    const report = JSON.parse(files.get('mutation.json') ?? '');
    const check = mutationSchema();
    expect(check?.(report) === false ? check.errors : null).toBe(null);
    const names = report.files['sops/demo/SOP.md'].mutants.map(
      ({ mutatorName }: { mutatorName: string }) => mutatorName,
    );
    expect(names).toContain('SQL');
    expect(names).toContain('Condition');
  });

  test.each<[args: string[], said: string]>([
    [['--report', 'junit=a.xml'], 'a file cannot be `junit`'],
    [['--report', 'stryker=sops/a.json'], '`--report stryker=sops/a.json`: `sops/` holds what the report is about'],
    [['--layer', 'sops/a.json'], '`--layer sops/a.json`: `sops/` holds what the report is about'],
    [['--layer', 'a.json', '--report', 'json=a.json'], 'two reports cannot be one file'],
    [['--time-limit', '10m'], 'without `--sql` there is nothing to limit'],
    [['--sql', '--time-limit', '10'], '`--time-limit 10` is no duration; write it as 90s, 10m or 2h'],
    [['--sql', '--time-limit', '-1m'], 'is no duration'],
  ])('%j is refused before any work', async (args, said) => {
    await put(folder, 'a.json', 'old');
    const ran = await coverage(folder, ...args);
    expect([ran.status, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toContain(said);
    expectPlain(ran);
    expect(await readFile(join(folder, 'a.json'), 'utf8')).toBe('old');
  });
});
