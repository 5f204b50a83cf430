import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { createProgramAgent, NotStarted } from '../../src/host/program-agent.ts';
import type { AgentReply } from '../../src/model/agent.ts';
import { makeFolder } from '../support/folder.ts';

const hostile = fileURLToPath(new URL('../cli/agents/hostile.mjs', import.meta.url));
const opened: { close(): void }[] = [];
afterEach(() => {
  for (const agent of opened.splice(0)) agent.close();
});

function ask(words: readonly string[], milliseconds = 5000, passed: readonly string[] = []): Promise<AgentReply> {
  const agent = createProgramAgent([process.execPath, ...words], { milliseconds, bytes: 100_000 }, passed);
  opened.push(agent);
  const files = [{ path: 'scripts/a.txt', text: 'a file' }];
  return agent.ask({ skill: 'demo', files, question: { data: '"; touch /tmp/x' }, tools: [] });
}

const failed = (reason: string, detail: string) => ({ kind: 'failed', reason, detail });

test.each([
  ['crash', failed('ended_badly', 'exit code 3: boom \u001b[31mred\u001b[0m')],
  ['empty', { kind: 'answered', text: '' }],
  ['number', { kind: 'answered', text: '42' }],
  ['flood', failed('too_much', 'it was stopped after 100000 bytes')],
])('%s', async (how, expected) => {
  expect(await ask([hostile, how])).toEqual(expected);
});

test.each(['silent', 'flood-stderr'])('%s: stopped at the time limit', async (how) => {
  expect(await ask([hostile, how], 300)).toEqual(failed('too_slow', 'it was stopped after 0.3 seconds'));
});

test.each(['orphan', 'leaving'])('%s: what it started ends with it', async (how) => {
  const place = join(await makeFolder(), 'pid');
  await ask([hostile, how, place], 700);
  expect(existsSync(place)).toBe(true);
  expect(await isGone(Number(readFileSync(place, 'utf8')))).toBe(true);
});

test('it is given the question and a copy of the skill, which is gone afterwards', async () => {
  const code =
    'const q = JSON.parse(require("fs").readFileSync(0)); console.log(JSON.stringify([q.data, require("fs").readFileSync(q.skill_folder + "/scripts/a.txt", "utf8"), q.skill_folder]))';
  const reply = await ask(['-e', code]);
  const [data, file, folder] = JSON.parse(reply.kind === 'answered' ? reply.text : '[]') as string[];
  expect([data, file, existsSync(folder ?? '')]).toEqual(['"; touch /tmp/x', 'a file', false]);
});

test('it inherits what it needs and what is named, and nothing else', async () => {
  process.env['SOP_PASSED'] = '1';
  process.env['SOP_SECRET'] = 'hidden';
  const names = ['-e', 'console.log(Object.keys(process.env).filter((name) => name.startsWith("SOP")).join())'];
  expect(await ask(names, 5000, ['SOP_PASSED'])).toEqual({ kind: 'answered', text: 'SOP_PASSED\n' });
});

test('a program that is not there', async () => {
  const agent = createProgramAgent(['/no/such/program'], { milliseconds: 1000, bytes: 10 }, []);
  opened.push(agent);
  await expect(agent.ask({ skill: 'demo', files: [], question: {}, tools: [] })).rejects.toThrow(NotStarted);
});

/** A killed process stays in the table until somebody reaps it. */
async function isGone(pid: number): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    if (existsSync(`/proc/${pid}/stat`) && / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}
