import { cpSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { generateCases } from './generate-cases.ts';
import type { Pair } from './pairs.ts';
import { watch } from './process-tree.ts';
import { traceCases } from './trace-cases.ts';

const sop = resolve('dist/sop.mjs');
const few = 250;
const many = 1_000;

/** 1,000 cases with market data, all that `sop test` does of them, against their tables, rows and queries alone. */
export async function casePair(folder: string): Promise<Pair> {
  const root = libraryOf(folder, many);
  const trace = join(folder, 'cases.jsonl');
  await traceCases(root, sop, trace);
  return {
    what: `${many} cases with data`,
    ours: testOf(root, folder),
    peer: {
      name: 'the SQL in DuckDB',
      argv: [process.execPath, resolve('bench/bare-cases.mjs'), trace],
      cwd: resolve('.'),
    },
    runs: 3,
    atMost: 1.5,
  };
}

/** Whether memory grows with the number of cases: the parent holds them all, the SQL process must not. */
export async function caseMemoryLine(folder: string): Promise<string> {
  const [small, large] = [await peakOf(folder, few), await peakOf(folder, many)];
  const show = ({ all, below }: Peak) => `${all} MB, ${below} of them for SQL`;
  return `memory of sop test: ${few} cases ${show(small)}; ${many} cases ${show(large)}`;
}

interface Peak {
  readonly all: string;
  readonly below: string;
}

async function peakOf(folder: string, count: number): Promise<Peak> {
  const { megabytes, below, code, stderr } = await watch(testOf(libraryOf(folder, count), folder));
  if (code !== 0) throw new Error(`sop test ended with ${code}: ${stderr.slice(-500)}`);
  return { all: megabytes?.toFixed(0) ?? '?', below: below?.toFixed(0) ?? '?' };
}

function testOf(cwd: string, folder: string) {
  const cache = { XDG_CACHE_HOME: join(folder, 'cases-warm') };
  return { name: 'sop test', argv: [process.execPath, sop, 'test', '--quiet'], cwd, prepare: () => cache } as const;
}

function libraryOf(folder: string, count: number): string {
  const root = join(folder, `cases-${count}`);
  mkdirSync(join(root, 'sops'), { recursive: true });
  for (const file of ['desk.yaml', 'taxonomy.yaml']) cpSync(join('sops', file), join(root, 'sops', file));
  generateCases(root, count, 1);
  return root;
}
