import { cpSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { generateCases } from './generate-cases.ts';
import type { Pair } from './pairs.ts';
import { watch } from './process-tree.ts';
import { traceCases } from './trace-cases.ts';

const sop = resolve('dist/sop.mjs');
const many = 1_000;
/** The young generation of the heap is at its full size with the second of these: what grows after it are cases. */
const sizes = [500, many, 2 * many];

/** A case of the bench is 5 kB of text with thirty rows. It is held packed, for frames and reports, with what came out. */
const atMostKilobytes = 40;

/** 1,000 cases with market data, all that `sop test` does of them when it knows nothing, against their tables, rows and queries alone. */
export async function casePair(folder: string): Promise<Pair> {
  const root = libraryOf(folder, many);
  const trace = join(folder, 'cases.jsonl');
  await traceCases(root, sop, trace);
  return {
    what: `${many} cases with data`,
    ours: testOf(root, join(folder, 'cases-warm'), ['--no-cache']),
    peer: {
      name: 'the SQL in DuckDB',
      argv: [process.execPath, resolve('bench/bare-cases.mjs'), trace],
      cwd: resolve('.'),
    },
    runs: 3,
    atMost: 1.5,
  };
}

/**
 * Whether memory grows with the number of cases, with an empty cache and with one that knows them all: the peak of the parent, which holds
 * all cases, and that of the SQL process. What each case adds is told in kB, over the last doubling.
 */
export async function* caseMemoryLines(folder: string): AsyncGenerator<string> {
  for (const state of ['an empty', 'a warm'] as const) {
    const peaks: Peak[] = [];
    for (const count of sizes) peaks.push(await peakOf(folder, count));
    yield memoryLine(`memory of sop test, ${state} cache`, peaks);
  }
}

/** In megabytes of 10^6 bytes. */
interface Peak {
  readonly cases: number;
  readonly parent: number;
  readonly sql: number;
}

function memoryLine(what: string, peaks: readonly Peak[]): string {
  const [first, last] = peaks.slice(-2);
  if (first === undefined || last === undefined || Number.isNaN(last.parent))
    return `${what}: not known on this system`;
  const shown = peaks.map(({ cases, parent, sql }) => `${cases} cases ${parent.toFixed(0)} + ${sql.toFixed(0)} MB`);
  const grown = last.parent + last.sql - first.parent - first.sql;
  const each = (grown * 1000) / (last.cases - first.cases);
  return `${what} + SQL: ${shown.join(', ')}; ${each.toFixed(0)} kB a case, ${each <= atMostKilobytes ? 'within' : 'OVER'} ${atMostKilobytes}`;
}

async function peakOf(folder: string, cases: number): Promise<Peak> {
  const cache = join(folder, `cases-memory-${cases}`);
  const { megabytes, below, code, stderr } = await watch(testOf(libraryOf(folder, cases), cache));
  if (code !== 0) throw new Error(`sop test ended with ${code}: ${stderr.slice(-500)}`);
  return { cases, parent: (megabytes ?? Number.NaN) - (below ?? 0), sql: below ?? Number.NaN };
}

function testOf(cwd: string, cache: string, more: readonly string[] = []) {
  const environment = { XDG_CACHE_HOME: cache };
  return {
    name: 'sop test',
    argv: [process.execPath, sop, 'test', '--quiet', ...more],
    cwd,
    prepare: () => environment,
  } as const;
}

function libraryOf(folder: string, count: number): string {
  const root = join(folder, `cases-${count}`);
  mkdirSync(join(root, 'sops'), { recursive: true });
  for (const file of ['desk.yaml', 'taxonomy.yaml']) cpSync(join('sops', file), join(root, 'sops', file));
  generateCases(root, count, 1);
  return root;
}
