import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { bundle, environment, today } from './sop.ts';

export const command = (root: string, ...more: string[]) => [bundle, 'mcp', '--root', root, '--as-of', today, ...more];

/** A client of the protocol's SDK, with a server that it started itself. */
export async function stdioClient(root: string): Promise<{ client: Client; pid: number }> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: command(root),
    env: definite(environment()),
    stderr: 'pipe',
  });
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport);
  return { client, pid: transport.pid ?? 0 };
}

function definite(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** A server as a process, with what it said so far. */
export class Spawned {
  readonly process: ChildProcessWithoutNullStreams;
  stdout = '';
  stderr = '';
  readonly ended: Promise<number | null>;

  constructor(root: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
    this.process = spawn(process.execPath, command(root, ...args), { env: environment(env) });
    this.process.stdout.setEncoding('utf8').on('data', (text) => (this.stdout += text));
    this.process.stderr.setEncoding('utf8').on('data', (text) => (this.stderr += text));
    this.process.stdin.on('error', () => undefined);
    this.ended = new Promise((resolve) => this.process.on('close', resolve));
  }

  /** Waits until it has said something. */
  async until(pattern: RegExp, stream: 'stdout' | 'stderr' = 'stdout'): Promise<RegExpExecArray> {
    for (let turn = 0; turn < 1_000; turn++) {
      const found = pattern.exec(this[stream]);
      if (found !== null) return found;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`${pattern} was not said:\n${this.stdout}\n${this.stderr}`);
  }
}

/** The processes that a process started; empty where the system does not tell. */
export function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

export function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** One owner who trades with itself, and who is seen by the end of the next day. */
export const selfTrade = {
  accounts: [
    { account_id: 'a1', owner_id: 'o1', type: 'retail', created_ts: '2026-11-02T09:00:00Z' },
    { account_id: 'a2', owner_id: 'o1', type: 'retail', created_ts: '2026-11-02T09:00:00Z' },
  ],
  trades: [
    {
      trade_id: 't1',
      symbol: 'BTC-USDT',
      ts: '2026-11-02T10:00:00Z',
      notional_usd: 150000,
      buy_account_id: 'a1',
      sell_account_id: 'a2',
    },
    // The feed is alive at the end of the day, when the first trade has settled.
    {
      trade_id: 't2',
      symbol: 'ETH-USDT',
      ts: '2026-11-03T00:00:00Z',
      notional_usd: 20,
      buy_account_id: 'a1',
      sell_account_id: 'x',
    },
  ],
};

/** Rows whose join takes longer than any test waits. */
export function endless() {
  const accounts = Array.from({ length: 8_000 }, () => ({ account_id: 'a1', owner_id: 'o1', type: 'retail' }));
  const trades = Array.from({ length: 3_000 }, (_, at) => ({
    ...selfTrade.trades[0],
    trade_id: `t${at}`,
    sell_account_id: 'a1',
  }));
  return { accounts, trades };
}
