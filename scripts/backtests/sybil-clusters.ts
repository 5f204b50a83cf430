import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { share } from './share.ts';

/** The addresses that a method calls sybil. */
type Flagged = ReadonlySet<string>;

interface Graph {
  /** Each listed address, and whether it was eliminated. */
  readonly listed: ReadonlyMap<string, boolean>;
  readonly edges: readonly (readonly [string, string])[];
}

interface Unit {
  readonly half: number;
  readonly addresses: readonly string[];
}

interface Score {
  readonly flagged: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** The part of `docs/backtests.md` about sybil-clusters; nothing where the data is not there. */
export async function sybilClusters(data: string): Promise<string | undefined> {
  const files = { addresses: `${data}/sybil/hop_addresses.csv`, edges: `${data}/sybil/hop_edges.parquet` };
  if (!existsSync(files.addresses) || !existsSync(files.edges)) return undefined;
  const dir = mkdtempSync(join(tmpdir(), 'backtest-'));
  try {
    const outside = join(dir, 'transfers.parquet');
    const graph = await read(files, outside);
    const between = graph.edges.filter(([from, to]) => graph.listed.has(from) && graph.listed.has(to));
    const components = joined(between);
    const units = unitsOf(graph, components);
    const tuned = units.filter((unit) => unit.half === 0);
    const size = best([5, 6, 7, 8, 9, 10, 12, 15, 20], (n) => score(graph, tuned, larger(graph, components, n)).f1);

    const sop = tiers(files.addresses, ['--table', `transfers@hop-edges=${files.edges}`], join(dir, 'sop'));
    const wide = tiers(files.addresses, ['--table', `transfers=${outside}`], join(dir, 'outside'));
    const methods: [string, Flagged][] = [
      ['**SOP, escalate**', sop.escalate],
      ['**SOP, investigate and above**', sop.investigate],
      ['SOP, monitor and above', sop.monitor],
      ['Component of at least 10', larger(graph, components, 10)],
      [`Component of at least ${size}, the best bound on the first half`, larger(graph, components, size)],
      ['Component of 10 to 1,000', larger(graph, components, 10, 1000)],
      ['Component of at least 10, with all edges', larger(graph, joined(graph.edges), 10)],
      ['Shares an outside address with 1 to 19 others', sharers(graph)],
      ['SOP, escalate, if outside addresses were known to be private', wide.escalate],
    ];
    return page(graph, units, methods);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Reads the graph, and writes the transfers with outside addresses as sources and destinations. */
async function read(files: { addresses: string; edges: string }, outside: string): Promise<Graph> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(
    `CREATE TABLE listed AS SELECT address, eliminated_sybil = 1 AS sybil FROM '${files.addresses}'`,
  );
  await connection.run(`CREATE TABLE edge AS SELECT *, from_address IN (SELECT address FROM listed) AS f,
    to_address IN (SELECT address FROM listed) AS t FROM '${files.edges}'`);
  await connection.run(`COPY (SELECT concat_ws(' ', chain, kind, from_address, to_address) AS transfer_id,
    TIMESTAMP '2022-05-01' AS ts, chain, CASE WHEN f THEN from_address END AS from_account,
    CASE WHEN t THEN to_address END AS to_account, CASE WHEN NOT f THEN from_address END AS from_address,
    CASE WHEN NOT t THEN to_address END AS address, NULL::DECIMAL(38, 8) AS usd,
    CASE WHEN NOT f THEN 'deposit' WHEN NOT t THEN 'withdraw' ELSE 'internal' END AS kind
    FROM edge ORDER BY transfer_id) TO '${outside}'`);
  const listed = await connection.runAndReadAll('SELECT address, sybil FROM listed ORDER BY address');
  const edges = await connection.runAndReadAll('SELECT DISTINCT from_address, to_address FROM edge ORDER BY 1, 2');
  connection.closeSync();
  return {
    listed: new Map(listed.getRows().map(([address, sybil]) => [String(address), sybil === true])),
    edges: edges.getRows().map(([from, to]) => [String(from), String(to)] as const),
  };
}

/** What `sop run` says of each address, at or above each disposition. */
function tiers(addresses: string, transfers: readonly string[], out: string) {
  const tables = ['trades', 'addresses', 'coverage'].flatMap((name) => ['--table', `${name}=bench/hop/${name}.csv`]);
  const flags = ['--table', `accounts@hop-addresses=${addresses}`, ...transfers, ...tables, '--out', out, '--quiet'];
  execFileSync(process.execPath, ['dist/sop.mjs', 'run', 'sybil-clusters', ...flags], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const alerts = readFileSync(join(out, 'alerts.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { disposition: string; members: string[] });
  const from = (words: readonly string[]) =>
    new Set(alerts.filter((alert) => words.includes(alert.disposition)).flatMap((alert) => alert.members));
  return {
    escalate: from(['escalate']),
    investigate: from(['escalate', 'investigate']),
    monitor: from(['escalate', 'investigate', 'monitor']),
  };
}

/** Connected components, each under its smallest address. */
function joined(edges: readonly (readonly [string, string])[]): Map<string, string[]> {
  const parent = new Map<string, string>();
  const root = (address: string): string => {
    let at = address;
    for (let up = parent.get(at); up !== undefined && up !== at; up = parent.get(at)) {
      parent.set(at, parent.get(up) ?? up);
      at = up;
    }
    return at;
  };
  for (const [from, to] of edges) {
    const [a, b] = [root(from), root(to)];
    const [low, high] = a < b ? [a, b] : [b, a];
    parent.set(high, low);
    parent.set(low, low);
  }
  const components = new Map<string, string[]>();
  for (const address of parent.keys())
    components.set(root(address), [...(components.get(root(address)) ?? []), address]);
  return components;
}

function larger(graph: Graph, components: ReadonlyMap<string, string[]>, least: number, most = Infinity): Flagged {
  const inside = [...components.values()].map((all) => all.filter((address) => graph.listed.has(address)));
  return new Set(inside.filter((all) => all.length >= least && all.length <= most).flat());
}

function sharers(graph: Graph): Flagged {
  const around = new Map<string, Set<string>>();
  for (const [from, to] of graph.edges) {
    if (graph.listed.has(from) === graph.listed.has(to)) continue;
    const [own, other] = graph.listed.has(from) ? [from, to] : [to, from];
    around.set(other, (around.get(other) ?? new Set()).add(own));
  }
  return new Set([...around.values()].filter((all) => all.size >= 2 && all.size <= 20).flatMap((all) => [...all]));
}

/** Connected addresses fall into one half, by a hash of the smallest of them. */
function unitsOf(graph: Graph, components: ReadonlyMap<string, string[]>): Unit[] {
  const half = (name: string) => (createHash('sha256').update(name).digest()[0] ?? 0) % 2;
  const inside = new Set([...components.values()].flat());
  const alone = [...graph.listed.keys()].filter((address) => !inside.has(address));
  return [
    ...[...components].map(([name, addresses]) => ({ half: half(name), addresses })),
    ...alone.map((address) => ({ half: half(address), addresses: [address] })),
  ];
}

function score(graph: Graph, units: readonly Unit[], flagged: Flagged): Score {
  return of(units.map((unit) => counts(graph, unit, flagged)));
}

function counts(graph: Graph, unit: Unit, flagged: Flagged): readonly [number, number, number] {
  const named = unit.addresses.filter((address) => flagged.has(address));
  const sybil = (all: readonly string[]) => all.filter((address) => graph.listed.get(address)).length;
  return [named.length, sybil(named), sybil(unit.addresses)];
}

function of(all: Iterable<readonly [number, number, number]>): Score {
  let [flagged, right, sybil] = [0, 0, 0];
  for (const [a, b, c] of all) {
    flagged += a;
    right += b;
    sybil += c;
  }
  return { flagged, precision: right / flagged, recall: right / sybil, f1: (2 * right) / (flagged + sybil) };
}

/** 95 % of F1 when connected groups are drawn again: 1,000 times, with numbers that are the same in each run. */
function interval(graph: Graph, units: readonly Unit[], flagged: Flagged): [number, number] {
  // Nine of ten addresses that nobody is connected with are in no set; only those that count are drawn.
  const all = units.map((unit) => counts(graph, unit, flagged)).filter((unit) => unit.some((count) => count > 0));
  let state = 1;
  const draw = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return all[Math.floor((state / 2 ** 32) * all.length)] ?? [0, 0, 0];
  };
  const f1 = Array.from({ length: 1000 }, () => of(Array.from(all, draw)).f1).sort((a, b) => a - b);
  return [f1[25] ?? 0, f1[974] ?? 0];
}

function best(values: readonly number[], figure: (value: number) => number): number {
  return values.reduce((most, value) => (figure(value) > figure(most) ? value : most));
}

function page(graph: Graph, units: readonly Unit[], methods: readonly (readonly [string, Flagged])[]): string {
  const sybil = [...graph.listed.values()].filter(Boolean).length;
  const halves = [0, 1].map((half) => units.filter((unit) => unit.half === half));
  const whole = methods.map(([name, flagged]) => {
    const [low, high] = interval(graph, units, flagged);
    const all = score(graph, units, flagged);
    const figures = [share(all.precision), share(all.recall), `${share(all.f1)} [${share(low)}–${share(high)}]`];
    return `| ${name} | ${all.flagged.toLocaleString('en-GB')} | ${figures.join(' | ')} |`;
  });
  const parts = methods.slice(0, 6).map(([name, flagged]) => {
    const figures = halves.flatMap((half) => {
      const part = score(graph, half, flagged);
      return [share(part.precision), share(part.recall), share(part.f1)];
    });
    return `| ${name} | ${figures.join(' | ')} |`;
  });
  const edges = graph.edges.filter(([from, to]) => graph.listed.has(from) && graph.listed.has(to)).length;
  return `## sybil-clusters

**Data.** ${graph.listed.size.toLocaleString('en-GB')} addresses that were eligible for the Hop airdrop of 2022, of which ${sybil.toLocaleString('en-GB')} were eliminated as sybil, and who
sent something to whom: ${graph.edges.length.toLocaleString('en-GB')} pairs on five chains, ${edges.toLocaleString('en-GB')} of them between two listed addresses (hop-protocol/hop-airdrop; not
part of this repository). No amounts, no times, no devices, no trades.

**What it can show.** The labels were partly made from the same transfers, by people who looked for chains and stars of them. So the
figures say how far two methods agree, and not how many people were right. ${share(sybil / graph.listed.size)} of all addresses are labelled: a method that
flags by chance has that precision. Most of what is missed has no transfer with another listed address at all. Of the SOP, only
\`cluster_size\`, \`tied_owners\` and \`closed_owners\` are tried here, and its rule for clusters whose dates nobody knows; devices, dates,
introductions and trading are not.

**Counting.** An address counts once, with the gravest decision about a cluster that holds it. "Component" joins addresses by their transfers; without a
word, by those between two listed addresses. Brackets: 95 % interval of F1 by drawing connected groups again (1,000 times).

| | Flagged | Precision | Recall | F1 |
|---|---:|---:|---:|---:|
${whole.join('\n')}

The last row shows what an unlabelled hub does. Nobody knows whose the outside addresses are, so to the SOP they join nobody.
If each were taken for a private source or destination, most of the graph would be one purse.

**Two halves.** Connected addresses fall into one half, by a hash of the smallest of them. The SOP's bounds on size and on closed
owners, its \`inner_part\` and the bound of the fifth row were chosen by the first half. But what to measure at all was found by looking at
the whole, and figures of both halves were seen on the way: the second half is no unseen data. The giant of the graph lies in the first half; where
there is none, the wide tier says what a good bound on size says, and the narrow tier finds less than the component of 10 to 1,000, with a
higher precision.

| | First: P | R | F1 | Second: P | R | F1 |
|---|---:|---:|---:|---:|---:|---:|
${parts.join('\n')}

To repeat it: \`npm run backtests\`, or the SOP alone by the command in [bench/hop](../bench/hop/README.md).
`;
}
