import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/** The file that is shipped. `build-once.ts` sees to it that it is no older than its sources. */
export const bundle = fileURLToPath(new URL('../../dist/sop.mjs', import.meta.url));

let made: string | undefined;

/** One cache for the tests of a file: nothing of the person who runs them is read or written. */
function cacheOfFile(): string {
  made ??= mkdtempSync(join(tmpdir(), 'sop-cache-'));
  return made;
}

/** The next file begins with an empty one. */
export function removeCache(): void {
  if (made !== undefined) rmSync(made, { recursive: true, force: true });
  made = undefined;
}

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The day on which the tests' dates are judged. */
export const today = '2026-11-01';

export function environment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const cache = cacheOfFile();
  return { PATH: process.env['PATH'], HOME: cache, XDG_CACHE_HOME: cache, COLUMNS: '100', ...extra };
}

/** Runs `sop` in a folder, as a person would. */
export function sop(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  return run(process.execPath, [bundle, ...args], cwd, environment(env));
}

/** The same call runs once: for folders that no test changes. */
export function once(call: (...args: string[]) => Promise<Ran>): (...args: string[]) => Promise<Ran> {
  const known = new Map<string, Promise<Ran>>();
  return (...args) => {
    const key = JSON.stringify(args);
    const ran = known.get(key) ?? call(...args);
    known.set(key, ran);
    return ran;
  };
}

export function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text) => (said.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (said.stderr += text));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, ...said }));
  });
}

/** Nothing that only a programmer could read: no stack, no path of ours, no words of the engine or the parser. */
export function expectPlain({ stdout, stderr }: Ran): void {
  const said = stdout + stderr;
  expect(said).not.toMatch(/^\s+at .*\(?(?:file:|node:|\/).*:\d+:\d+\)?$/m);
  expect(said).not.toMatch(
    /node_modules|sop\.mjs|fault of sopwright|exception_type|Error:|\bundefined\b|\[object|YAMLParse|LINE \d+:/,
  );
}

/** A diagnostic as `--format json` prints it. */
export interface Said {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const base = fileURLToPath(new URL('../diagnostics/base', import.meta.url));

/** The green library of `test/diagnostics`, to make mistakes in. */
export const green = {
  sop: readFileSync(join(base, 'sops/demo/SOP.md'), 'utf8'),
  desk: readFileSync(join(base, 'sops/desk.yaml'), 'utf8'),
  taxonomy: readFileSync(join(base, 'sops/taxonomy.yaml'), 'utf8'),
  attack: readFileSync(join(base, 'sops/demo/cases/demo-self-matched.yaml'), 'utf8'),
  benign: readFileSync(join(base, 'sops/demo/cases/demo-market-maker.yaml'), 'utf8'),
  gap: readFileSync(join(base, 'sops/demo/cases/demo-two-owners.yaml'), 'utf8'),
};

/** The files of the green library. */
export function greenFiles(): Record<string, string> {
  return {
    'sops/desk.yaml': green.desk,
    'sops/taxonomy.yaml': green.taxonomy,
    'sops/demo/SOP.md': green.sop,
    'sops/demo/cases/demo-self-matched.yaml': green.attack,
    'sops/demo/cases/demo-market-maker.yaml': green.benign,
    'sops/demo/cases/demo-two-owners.yaml': green.gap,
  };
}

/** The green SOP under another id, without blind spots (they name cases), with one change that must be possible. */
export function sopWith(id: string, replace: string, by: string): string {
  const text = green.sop.replace('id: demo', `id: ${id}`).replace(/## Blind spots[\s\S]*?(?=## References)/, '');
  if (!text.includes(replace)) throw new Error(`${JSON.stringify(replace)} is not in the SOP`);
  return text.replace(replace, () => by);
}
