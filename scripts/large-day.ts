import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { type Watched, watch } from '../bench/process-tree.ts';

/**
 * `npm run large-day [trades …]`: makes days of trades, runs pump-and-dump on each, and writes what it took to
 * `docs/throughput.md`. The same numbers give the same trades.
 */
const sizes = process.argv.slice(2).map(Number);
const symbols = 300;
/** 2 November 2026 in microseconds since 1970 UTC. */
const start = Date.UTC(2026, 10, 2) * 1000;
const folder = mkdtempSync(join(tmpdir(), 'sopwright-day-'));

interface Measured {
  readonly trades: number;
  readonly megabytes: number;
  readonly ran: Watched;
  readonly result: Result | null;
}

/** What `run.json` says of the one SOP, as far as it is shown here. */
interface Result {
  readonly subjects: number;
  readonly undecided: readonly { readonly subjects: number }[];
  readonly alerts: readonly unknown[];
}

try {
  const measured: Measured[] = [];
  for (const trades of sizes.length === 0 ? [5_000_000, 50_000_000] : sizes) {
    const file = join(folder, `${trades}.parquet`);
    await makeDay(file, trades);
    measured.push(await measure(file, trades));
    rmSync(file);
  }
  await writeFile('docs/throughput.md', page(measured));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * One file, sorted by time. Orders of two fills each, half of them buys; few symbols have most of the trades. In twenty stretches
 * of 25 seconds one order in twenty goes to one quiet symbol, buys, and pays up to 15 % more. What a row is follows from its number.
 */
async function makeDay(file: string, trades: number): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '1GB' });
  const connection = await instance.connect();
  const orders = Math.ceil(trades / 2);
  await connection.run(`COPY (
    WITH fill AS (
      SELECT range AS i, range // 2 AS o, (range // 2) * 86400000 // ${orders} AS ms FROM range(${trades})
    ),
    draw AS (
      SELECT i, ms, ms // 4320000 AS stretch, ms % 4320000 AS into_stretch,
             hash(o * 4) % 1000000 / 1e6 AS which, hash(o * 4 + 1) % 2 = 0 AS buys,
             hash(o * 4 + 2) % 20 = 0 AS joins, hash(i * 4 + 3) % 1000000 / 1e6 AS noise
      FROM fill
    ),
    told AS (
      SELECT *, joins AND into_stretch BETWEEN 2160000 AND 2184999 AS pumped,
             CASE WHEN joins AND into_stretch BETWEEN 2160000 AND 2184999 THEN ${symbols} - 1 - stretch
                  ELSE CAST(floor(${symbols} * which * which) AS BIGINT) END AS s
      FROM draw
    )
    SELECT 't' || i AS trade_id, 'synthetic' AS venue, format('C{:03d}-USDT', s) AS symbol, make_timestamp(${start} + ms * 1000) AS ts,
           round((1 + s) * (1 + 0.01 * sin(ms / 9e6 + s) + 0.001 * noise
             + CASE WHEN pumped THEN 0.15 * (into_stretch - 2160000) / 25000 ELSE 0 END), 5) AS price,
           round(-20 * ln(noise + 1e-6), 3) + 0.001 AS qty,
           CASE WHEN pumped OR buys THEN 'buy' ELSE 'sell' END AS taker_side
    FROM told
  ) TO '${file.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`);
  connection.closeSync();
  instance.closeSync();
}

/** The feed is stated to have run since the day before, so that a day's history is there for all; no trade happened before. */
async function measure(file: string, trades: number): Promise<Measured> {
  const coverage = join(folder, 'coverage.csv');
  await writeFile(coverage, 'table_name,from_ts,to_ts\ntrades,2026-10-31,2026-11-04\n');
  const tables = ['--table', `trades=${file}`, '--table', `coverage=${coverage}`];
  const out = join(folder, `out-${trades}`);
  const ran = await watch({
    name: 'sop run',
    argv: [process.execPath, 'dist/sop.mjs', 'run', 'pump-and-dump', ...tables, '--out', out],
    cwd: resolve('.'),
  });
  const result = ran.code === 0 ? await readResult(join(out, 'run.json')) : null;
  process.stderr.write(`${describe({ trades, megabytes: 0, ran, result })}\n`);
  return { trades, megabytes: statSync(file).size / 1e6, ran, result };
}

async function readResult(file: string): Promise<Result | null> {
  const { runs } = JSON.parse(await readFile(file, 'utf8')) as { runs: Result[] }; // the command's own schema describes it
  return runs[0] ?? null;
}

function describe({ trades, ran, result }: Measured): string {
  const memory = ran.megabytes === null ? 'memory not known' : `${ran.megabytes.toFixed(0)} MB`;
  const said = ran.stderr.trim().split('\n').slice(-3).join(' ');
  return `${trades} trades: exit code ${ran.code}, ${ran.seconds.toFixed(1)} s, ${memory}, ${result?.subjects ?? 'no'} subjects; ${ran.stdout.slice(0, 400)} ${said}`;
}

function page(measured: readonly Measured[]): string {
  const sizes = measured.map(({ trades }) => trades).join(' ');
  return `# Throughput

Made by \`npm run large-day -- ${sizes}\`; no figure here was typed by hand.

\`sop run pump-and-dump --out DIR\` on made-up days of trades, from the first process to the last file. Another machine gives other
figures.

| Trades | Parquet | Wall time | Rows a second | Peak memory, all processes | of it SQL | Subjects | Undecided | Alerts |
|---:|---:|---:|---:|---:|---:|---:|---:|---:|
${measured.map(row).join('\n')}

${measured.flatMap(failure).join('')}**Machine.** ${machine()}; Node ${process.versions.node}.

**Data.** One day of ${symbols} symbols in one Parquet file, sorted by time, made by SQL in which each row follows from its number: the same
numbers, the same day. The symbols differ in how much they trade. An order has two fills in one millisecond. In twenty stretches of 25
seconds, buyers crowd into one quiet symbol and pay more and more. A file \`coverage\` states that the feed ran since two days before;
without it the whole first day would be warm-up.

**Memory.** The highest resident memory of each process of the run, summed up: never less than what they held at once. The SQL process makes one row of
all fills of a symbol in one millisecond and holds these rows in a hash table, because it may write no temporary file: its memory grows with the number of
orders. The command itself holds one decision a subject. The bound of the SQL process is 70 % of the machine's memory (at least 1 GB); a run that would need more is stopped, and
says so. With \`--from\` it needs no less as long as the SOP has no \`lookback\`: its SQL reads everything before as well.
To need less, give it files of fewer symbols: what this SOP says of one symbol does not depend on the others. \`sop run\` does not part the data
by itself.
`;
}

function row({ trades, megabytes, ran, result }: Measured): string {
  const cells = [
    whole(trades),
    `${whole(megabytes)} MB`,
    `${ran.seconds.toFixed(1)} s`,
    result === null ? '–' : whole(trades / ran.seconds),
    memory(ran.megabytes),
    memory(ran.below),
    result === null ? '–' : whole(result.subjects),
    result === null ? '–' : whole(result.undecided.reduce((sum, { subjects }) => sum + subjects, 0)),
    result === null ? '–' : whole(result.alerts.length),
  ];
  return `| ${cells.join(' | ')} |`;
}

function memory(megabytes: number | null): string {
  return megabytes === null ? 'not known' : `${whole(megabytes)} MB`;
}

/** A run that did not come to its end is a result as well. */
function failure({ trades, ran, result }: Measured): string[] {
  if (result !== null) return [];
  const said = `${ran.stdout}\n${ran.stderr}`.trim().split('\n').slice(0, 12).join('\n');
  return [
    `With ${whole(trades)} trades it ended with exit code ${ran.code}:\n\n\`\`\`text\n${said.replaceAll(folder, '…')}\n\`\`\`\n\n`,
  ];
}

function machine(): string {
  return `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${(totalmem() / 1e9).toFixed(0)} GB of memory`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-GB');
}
