import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command, Pair } from './pairs.ts';

const sop = resolve('dist/sop.mjs');
const data = process.env['SOPWRIGHT_DATA'] ?? '../shared/data';
/** All processes of a run together, in megabytes. */
const memory = 1000;

/** Pairs on real data, which is no part of this repository; a text says what is skipped. `folder` takes what runs write. */
export function dataPairs(folder: string): readonly (Pair | string)[] {
  return [
    onFiles('the back-test', ['pump/trades.parquet', 'pump/events.csv'], backtestPair),
    onFiles('the run of pump-and-dump', ['pump/trades.parquet'], (trades) => pumpPair(trades, folder)),
    onFiles('the run of sybil-clusters', ['sybil/hop_edges.parquet', 'sybil/hop_addresses.csv'], (edges, addresses) =>
      sybilPair(edges, addresses, folder),
    ),
  ];
}

function onFiles(what: string, files: readonly string[], pair: (...paths: string[]) => Pair): Pair | string {
  const paths = files.map((file) => resolve(data, file));
  const absent = paths.find((path) => !existsSync(path));
  return absent === undefined
    ? pair(...paths)
    : `skipped: ${what}, because there is no ${absent} (SOPWRIGHT_DATA names the folder)`;
}

/** The whole back-test, from reading the SOP to the figures, against its SQL alone. */
function backtestPair(trades: string, labels: string): Pair {
  const how = ['--match', 'onset_at', '--within', '2m', '--near', '24h', '--by', 'symbol'];
  const flags = ['--table', `trades=${trades}`, '--labels', labels, ...how];
  return {
    what: 'back-test of pump-and-dump, 2.9 million trades',
    ours: ours('sop backtest', ['backtest', 'pump-and-dump', ...flags]),
    peer: bare('bench/bare-sql.mjs', [trades]),
    runs: 5,
    atMost: 2,
  };
}

/** Required data, decisions, alerts, evidence and files on top of the same SQL. */
function pumpPair(trades: string, folder: string): Pair {
  const flags = ['--table', `trades=${trades}`, '--out', join(folder, 'pump')];
  return {
    what: 'run of pump-and-dump, 2.9 million trades',
    ours: ours('sop run', ['run', 'pump-and-dump', ...flags]),
    peer: bare('bench/bare-sql.mjs', [trades]),
    runs: 5,
    atMost: 1.5,
    atMostMegabytes: memory,
  };
}

/** Files read through the desk's mappings; the empty tables are there because `coverage` says so. */
function sybilPair(edges: string, addresses: string, folder: string): Pair {
  const coverage = join(folder, 'coverage.csv');
  const rows = ['accounts', 'transfers', 'trades', 'addresses'].map((table) => `${table},2022-01-01,2022-05-01\n`);
  writeFileSync(coverage, `table_name,from_ts,to_ts\n${rows.join('')}`);
  const tables = [`transfers=${edges}`, `accounts=${addresses}`, `coverage=${coverage}`];
  const flags = [...tables.flatMap((table) => ['--table', table]), '--out', join(folder, 'sybil')];
  return {
    what: 'run of sybil-clusters, the Hop airdrop',
    ours: ours('sop run', ['run', 'sybil-clusters', ...flags]),
    peer: bare('bench/bare-views.mjs', [edges, addresses]),
    runs: 5,
    atMost: 1.5,
    atMostMegabytes: memory,
  };
}

function ours(name: string, flags: readonly string[]): Command {
  return { name, argv: [process.execPath, sop, ...flags], cwd: resolve('.') };
}

function bare(script: string, files: readonly string[]): Command {
  return { name: 'the SQL in DuckDB', argv: [process.execPath, resolve(script), ...files], cwd: resolve('.') };
}
