import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { analysisLines } from './analysis.ts';
import { bundled } from './bundled.ts';
import { caseMemoryLines, casePair } from './case-pair.ts';
import { dataPairs } from './data-pairs.ts';
import { decisionPairs } from './decision-pairs.ts';
import { generateLibrary } from './generate.ts';
import { describe, type Measured, measure, type Pair } from './pairs.ts';

/**
 * `npm run bench`: the shipped command against real peers, in turn, each as a ratio: whole processes, then decisions and the
 * analysis of decision tables within this one. `--json` for scripts.
 */
const sop = resolve('dist/sop.mjs');
const folder = mkdtempSync(join(tmpdir(), 'sopwright-bench-'));
const json = process.argv.includes('--json');

try {
  const measured: Measured[] = [];
  for (const pair of [
    await startPair(),
    await coldPair(),
    tablesPair(),
    await casePair(folder),
    ...dataPairs(folder),
  ]) {
    if (typeof pair === 'string') {
      process.stderr.write(`${pair}\n`);
      continue;
    }
    const result = await measure(pair);
    measured.push(result);
    if (!json) process.stdout.write(`${describe(result)}\n`);
  }
  for (const result of await decisionPairs()) {
    measured.push(result);
    if (!json) process.stdout.write(`${describe(result)}\n`);
  }
  if (!json) for await (const line of caseMemoryLines(folder)) process.stdout.write(`${line}\n`);
  if (!json) for (const line of analysisLines()) process.stdout.write(`${line}\n`);
  if (!json) {
    const { mutationLines } = await bundled<typeof import('./mutation.ts')>('bench/mutation.ts', folder);
    for await (const line of mutationLines()) process.stdout.write(`${line}\n`);
  }
  if (json) process.stdout.write(`${JSON.stringify(measured, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** One SOP whose text was parsed and whose SQL was bound before, against a Node process that does nothing. */
async function startPair(): Promise<Pair> {
  const root = join(folder, 'one');
  mkdirSync(join(root, 'sops'), { recursive: true });
  await generateLibrary(root, 1, 1);
  cpSync('sops/desk.yaml', join(root, 'sops/desk.yaml'));
  cpSync('sops/taxonomy.yaml', join(root, 'sops/taxonomy.yaml'));
  const cache = { XDG_CACHE_HOME: join(folder, 'warm') };
  return {
    what: 'start, one SOP bound before',
    ours: { name: 'sop check', argv: [process.execPath, sop, 'check'], cwd: root, prepare: () => cache },
    peer: { name: 'node -e 0', argv: [process.execPath, '-e', '0'] },
    runs: 15,
    atMost: 2.5,
  };
}

/**
 * 500 generated SOPs that nobody has seen before: parsed, built, resolved and bound by us; parsed as Markdown, and their
 * front-matter checked against the same schema, by remark-cli with remark-lint-frontmatter-schema.
 */
async function coldPair(): Promise<Pair> {
  const root = join(folder, 'many');
  mkdirSync(join(root, 'sops'), { recursive: true });
  cpSync('sops/desk.yaml', join(root, 'sops/desk.yaml'));
  cpSync('sops/taxonomy.yaml', join(root, 'sops/taxonomy.yaml'));
  await generateLibrary(root, 500, 1);
  // The plugin knows draft 7 only; the keywords that this schema uses mean the same there.
  const schema = readFileSync('schemas/sop.json', 'utf8').replace(
    'https://json-schema.org/draft/2020-12/schema',
    'http://json-schema.org/draft-07/schema#',
  );
  writeFileSync(join(root, 'sop.json'), schema);
  const { resolve: find } = createRequire(import.meta.url);
  const plugins = ['remark-frontmatter', 'remark-lint-frontmatter-schema'].map((name) => find(name));
  const settings = `import frontmatter from ${JSON.stringify(plugins[0])};\nimport schema from ${JSON.stringify(plugins[1])};\nexport default { plugins: [frontmatter, [schema, { schemas: { './sop.json': ['sops/*/SOP.md', './sops/*/SOP.md'] } }]] };\n`;
  writeFileSync(join(root, '.remarkrc.mjs'), settings);
  let run = 0;
  const empty = () => ({ XDG_CACHE_HOME: join(folder, `cold-${run++}`) });
  return {
    what: '500 SOPs cold',
    ours: { name: 'sop check', argv: [process.execPath, sop, 'check', '--quiet'], cwd: root, prepare: empty },
    peer: {
      name: 'remark-cli',
      argv: [process.execPath, resolve('node_modules/remark-cli/cli.js'), '--no-stdout', '--quiet', 'sops'],
      cwd: root,
    },
    runs: 5,
    atMost: 1 / 2.5,
  };
}

/** Which inputs two large tables decide otherwise: by parting the inputs, and by asking both about every combination of pieces. */
function tablesPair(): Pair {
  const argv = (how: string) => [process.execPath, '--import', 'tsx', 'bench/compare-tables.ts', how] as const;
  return {
    what: 'comparing two tables, 500 rules, 3 columns, five cells apart',
    ours: { name: 'parting', argv: [...argv('parting')], cwd: resolve('.') },
    peer: { name: 'every combination', argv: [...argv('combinations')], cwd: resolve('.') },
    runs: 3,
    atMost: 0.5,
  };
}
