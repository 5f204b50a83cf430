import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { makeFolder } from '../support/folder.ts';
import { problems } from '../support/output-schemas.ts';
import { bundle, environment, expectPlain, greenFiles, type Ran, sop, today } from '../support/sop.ts';
import { rightModel, type ScriptedModel, serveModel } from './agents/model.ts';

const bounds = `---
technique: WT-01
market: spot
source: desk reasoning
---

# Bounds

| Case | Kind | self_ratio | self_notional | account_type | tip_credible | disposition | rule |
|---|---|---|---|---|---|---|---|
| demo-half | attack | 0.5 | 100000 | "retail" | null | escalate | R1 |
| demo-fifth | attack | 0.2 | 1 | null | true | investigate | R2 |
| demo-below | benign | 0.499 | 100000 | "retail" | null | dismiss | else |
`;

const agents = fileURLToPath(new URL('agents', import.meta.url));
const scripted = (name: string, ...args: string[]) =>
  [`"${process.execPath}"`, `'${join(agents, `${name}.mjs`)}'`, ...args].join(' ');

let root: string;
beforeAll(async () => {
  root = await makeFolder({ ...greenFiles(), 'sops/demo/cases/bounds.md': bounds });
});

const evaluate = (...args: string[]) => sop(root, ['eval', '--as-of', today, ...args]);

interface Share {
  readonly right: number;
  readonly of: number;
}

interface Report {
  readonly agent: string;
  readonly summary: {
    readonly cases: number;
    readonly answered: number;
    readonly all_right: number;
    readonly answers_of_an_earlier_run: number;
    readonly criteria: Readonly<Record<string, Share>>;
    readonly recall: readonly (Share & { readonly technique: string })[];
    readonly matrix: readonly { readonly expected: string; readonly given: string; readonly subjects: number }[];
  };
  readonly left_out: readonly { readonly case: string; readonly why: string }[];
  readonly cases: readonly { readonly case: string; readonly failure: string | null; readonly outcome: string }[];
}

function read(ran: Ran, status = 0): Report {
  expect([ran.status, ran.stderr.includes('fault')], ran.stderr).toEqual([status, false]);
  expect(problems('eval', ran.stdout)).toEqual([]);
  return JSON.parse(ran.stdout) as Report;
}

const report = async (agent: string, ...args: string[]) =>
  read(await evaluate('--agent', agent, '--format', 'json', ...args));

const shares = ({ summary }: Report) =>
  Object.fromEntries(Object.entries(summary.criteria).map(([name, { right, of }]) => [name, `${right} of ${of}`]));

describe('scripted agents get the scores that they deserve', () => {
  test('one that is right', async () => {
    const said = await report(scripted('right'));
    expect(said.summary).toMatchObject({ cases: 5, answered: 5, all_right: 5 });
    expect(shares(said)).toEqual({
      disposition: '5 of 5', severity: '3 of 3', rule: '3 of 3', numbers: '3 of 3', steps: '3 of 3', valid: '3 of 3', innocents: '5 of 5',
    }); // biome-ignore format: a row of figures
    expect(said.summary.recall).toEqual([{ technique: 'WT-01', right: 3, of: 3 }]);
    expect(said.left_out).toEqual([{ case: 'demo-two-owners', sop: 'demo', why: 'known_gap' }]);
    expect(said.summary.matrix).toEqual([
      { expected: 'escalate', given: 'escalate', subjects: 2 },
      { expected: 'investigate', given: 'investigate', subjects: 1 },
      { expected: 'dismiss', given: 'no finding', subjects: 2 },
    ]);
  });

  test('one that invents numbers: its decisions fit its numbers, and an innocent is accused', async () => {
    const said = await report(scripted('inventing'));
    expect(shares(said)).toMatchObject({
      disposition: '4 of 5',
      numbers: '0 of 4',
      steps: '4 of 4',
      valid: '4 of 4',
      innocents: '4 of 5',
    });
    expect(said.cases.map((one) => `${one.case} ${one.outcome}`)).toEqual([
      'demo-half caught',
      'demo-fifth caught',
      'demo-below false_alarm',
      'demo-market-maker left_alone',
      'demo-self-matched caught',
    ]);
    expect(said.summary.all_right).toBe(1);
  });

  test('one that skips steps, and decides what a person must', async () => {
    const said = await report(scripted('skipping'));
    expect(shares(said)).toMatchObject({
      disposition: '5 of 5',
      rule: '3 of 3',
      numbers: '3 of 3',
      steps: '0 of 3',
      valid: '0 of 3',
    });
    expect(said.summary).toMatchObject({ all_right: 2, recall: [{ right: 3, of: 3 }] });
  });

  test('told in words: worst first, at 80 columns, and no more than was measured', async () => {
    const ran = await sop(root, ['eval', '--agent', scripted('inventing'), '--floor', '20', '--as-of', today], {
      COLUMNS: '80',
    });
    expectPlain(ran);
    expect(ran.status).toBe(0);
    expect(ran.stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(ran.stdout).toContain('scored on 5 cases of demo 1.0.0');
    expect(ran.stdout).toContain('Left out: 1 case (noted gap).');
    const worst = ran.stdout.split('worst first')[1] ?? '';
    expect([...worst.matchAll(/demo-\w+/g)].map(([name]) => name)).toEqual([
      'demo-below', 'demo-half', 'demo-fifth', 'demo-self',
    ]); // biome-ignore format: a row
    expect(worst).toContain('`self_ratio` is 0.87, not 0.499');
  });

  test('a floor, and cases line by line', async () => {
    const low = await evaluate('--agent', scripted('inventing'), '--floor', '21', '--format', 'jsonl');
    expect([low.status, low.stderr]).toEqual([1, expect.stringContaining('1 of 5 cases')]);
    expect(
      low.stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { version: number }).version),
    ).toEqual([1, 1, 1, 1, 1]);
  });
});

describe('agents that misbehave', () => {
  test('without an answer nothing is right, and nothing of a terminal gets through', async () => {
    const [crash, odd] = await Promise.all(
      ['crash', 'odd'].map((how) => evaluate('--agent', scripted('hostile', how), '--verbose')),
    );
    for (const ran of [crash, odd]) {
      expectPlain(ran as Ran);
      expect(ran?.stdout).not.toContain('\u001b');
    }
    expect([crash?.status, crash?.stderr]).toEqual([1, 'the agent answered no case\n']);
    expect(crash?.stdout).toContain('it ended without an answer: exit code 3: boom');
    expect(crash?.stdout).toMatch(/all of it +0 of 5 +0 %/);
    expect(odd?.stdout).toMatch(/all of it +0 of 5 +0 %/);
  });
  test('a program that is not there', async () => {
    const ran = await evaluate('--agent', 'no-such-program');
    expect([ran.status, ran.stderr]).toEqual([2, 'sop: `--agent`: there is no such program: `no-such-program`\n']);
  });
});

describe('a run that was killed goes on', () => {
  test('answers are kept as they come, and asked for once', async () => {
    const file = join(await makeFolder(), 'answers.jsonl');
    const args = ['eval', '--agent', scripted('right'), '--concurrency', '1', '--resume', file, '--as-of', today];
    // What a killed run leaves goes with the folder.
    const env = environment({ TMPDIR: await makeFolder() });
    const child = spawn(process.execPath, [bundle, ...args], { cwd: root, env, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.on('exit', resolve));
    while (lines(file) < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGKILL');
    await ended;
    const there = lines(file);
    expect(there).toBeLessThan(5);
    // A torn line, as a kill in the midst of writing leaves it.
    writeFileSync(file, `${readFileSync(file, 'utf8')}{"version":1,"key":"`);
    const again = read(await sop(root, [...args, '--format', 'json']));
    expect(again.summary).toMatchObject({ cases: 5, all_right: 5, answers_of_an_earlier_run: there });
  });
});

describe('a model behind the chat completions protocol', () => {
  let model: ScriptedModel | undefined;
  afterEach(async () => {
    await model?.close();
    model = undefined;
  });
  const ask = async (say: Parameters<typeof serveModel>[0], args: string[] = [], env: NodeJS.ProcessEnv = {}) => {
    model = await serveModel(say);
    const all = ['eval', '--agent', `openai:${model.url}`, '--model', 'scripted', '--format', 'json', '--as-of', today];
    return sop(root, [...all, ...args], env);
  };

  test('it is given the skill and the tools, and its findings are scored', async () => {
    const said = read(await ask(rightModel, ['--key-env', 'KEY'], { KEY: 'sk-secret' }));
    expect(said.summary).toMatchObject({ cases: 5, all_right: 5 });
    const [first] = model?.heard ?? [];
    expect([first?.path, first?.authorization, first?.sent.model]).toEqual([
      '/v1/chat/completions',
      'Bearer sk-secret',
      'scripted',
    ]);
    expect(first?.sent.tools.map((tool) => tool.function.name)).toEqual([
      'read_file',
      'compute_signals',
      'decide',
      'submit_findings',
    ]);
    expect(JSON.stringify(first?.sent)).not.toMatch(/demo-half|demo-self-matched/);
  });
});

function lines(file: string): number {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
}
