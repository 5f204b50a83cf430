import { basename } from 'node:path';
import { createChat } from '../host/chat-completions.ts';
import { createProgramAgent } from '../host/program-agent.ts';
import type { Agent } from '../model/agent.ts';
import { createChatAgent } from '../review/chat-agent.ts';
import { splitCommand } from '../text/split-command.ts';
import { parseDuration } from '../text/time.ts';
import { UsageError } from './exit.ts';

/** The options of `sop eval` that say who is asked, and how long. */
export interface AgentOptions {
  readonly agent: string;
  readonly timeLimit: string;
  readonly outputLimit: string;
  readonly passEnv: readonly string[];
  readonly model?: string;
  readonly keyEnv?: string;
  readonly rounds: string;
}

export interface OpenedAgent extends Agent {
  /** For reports: without arguments, which may hold what nobody should read. */
  readonly called: string;
  /** What makes it another agent: answers of one are none of another. */
  readonly identity: readonly unknown[];
  close(): void;
}

/** Opens the agent that the options name. What keeps it from working is said before any case is run. */
export function openAgent(options: AgentOptions, environment: NodeJS.ProcessEnv): OpenedAgent {
  const milliseconds = durationOf(options.timeLimit);
  const bytes = wholeOf('--output-limit', options.outputLimit, 1, 100_000_000);
  return options.agent.startsWith('openai:')
    ? openChat(options, environment, milliseconds, bytes)
    : openProgram(options, milliseconds, bytes);
}

function openProgram(
  { agent, passEnv, model, keyEnv }: AgentOptions,
  milliseconds: number,
  bytes: number,
): OpenedAgent {
  if (model !== undefined || keyEnv !== undefined)
    throw new UsageError(
      '`--model` and `--key-env` are for `--agent openai:URL`; a program gets its variables by `--pass-env`',
    );
  const words = splitCommand(agent);
  if ('problem' in words) throw new UsageError(`\`--agent\`: ${words.problem}`);
  for (const name of passEnv) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      throw new UsageError(`\`--pass-env ${name}\`: name a variable, not its value`);
  }
  const program = createProgramAgent(words, { milliseconds, bytes }, passEnv);
  return {
    ...program,
    called: nameOf(words),
    identity: ['program', words, [...passEnv].sort(), milliseconds, bytes],
  };
}

/** `node agent.mjs`: the program and the script that it runs. */
function nameOf([program = '', script = '']: readonly string[]): string {
  const isScript = /^[\w./-]+\.[a-z]{1,4}$/.test(script) && !script.startsWith('-');
  return isScript ? `${basename(program)} ${basename(script)}` : basename(program);
}

function openChat(
  { agent, model, keyEnv, rounds, passEnv }: AgentOptions,
  environment: NodeJS.ProcessEnv,
  milliseconds: number,
  characters: number,
): OpenedAgent {
  const address = addressOf(agent.slice('openai:'.length));
  if (model === undefined) throw new UsageError('`--agent openai:URL` needs `--model NAME`');
  if (passEnv.length > 0) throw new UsageError('`--pass-env` is for a program; a key is named by `--key-env`');
  const key = keyEnv === undefined ? null : (environment[keyEnv] ?? '');
  if (key === '') throw new UsageError(`\`--key-env ${keyEnv}\`: the variable is not set, or empty`);
  if (key !== null && /[^\x21-\x7e]/.test(key))
    throw new UsageError(
      `\`--key-env ${keyEnv}\`: what the variable holds is no key: there are blanks or odd characters in it`,
    );
  if (key !== null && address.protocol === 'http:' && !isLoopback(address.hostname))
    throw new UsageError('a key is not sent over `http://` to another machine: everybody on the way could read it');
  const url = address.href.replace(/\/+$/, '');
  const turns = wholeOf('--rounds', rounds, 1, 1000);
  const limits = { milliseconds, rounds: turns, characters };
  return {
    ...createChatAgent(createChat({ url, model, key }), limits, () => performance.now()),
    called: `${model} at ${address.host}`,
    identity: ['openai', url, model, turns, milliseconds, characters],
    close: () => undefined,
  };
}

function addressOf(text: string): URL {
  let address: URL;
  try {
    address = new URL(text);
  } catch {
    throw new UsageError('`--agent openai:URL`: this is no address; write it as openai:https://host/v1');
  }
  if (address.protocol !== 'http:' && address.protocol !== 'https:')
    throw new UsageError('`--agent openai:URL`: the address begins with http:// or https://');
  if (address.username !== '' || address.password !== '' || address.search !== '' || address.hash !== '')
    throw new UsageError('`--agent openai:URL`: no user, password, query or fragment; a key is named by `--key-env`');
  return address;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function durationOf(text: string): number {
  const microseconds = parseDuration(text);
  if (microseconds === undefined || microseconds <= 0 || microseconds > 86_400e6)
    throw new UsageError(`\`--time-limit ${text}\`: write how long one case may take, such as 90s or 10m; at most 24h`);
  return microseconds / 1000;
}

export function wholeOf(option: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!/^\d{1,12}$/.test(text) || number < least || number > most)
    throw new UsageError(`\`${option} ${text}\`: a whole number from ${least} to ${most}`);
  return number;
}
