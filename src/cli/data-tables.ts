import { existsSync } from 'node:fs';
import type { Library } from '../model/library.ts';
import type { Contract, Mapping, Reading } from '../model/mapping.ts';
import type { SqlEngine, TableData } from '../model/ports.ts';
import { nearest } from '../text/nearest.ts';
import { existing, openOrRefuse, readAll } from './data-files.ts';
import { UsageError } from './exit.ts';

/** How data is named on the command line. */
export interface DataFlags {
  readonly table: readonly string[];
  readonly map: readonly string[];
  readonly contract: readonly string[];
}

export type FileData = Extract<TableData, { kind: 'files' }>;

type Known = Pick<Library, 'tables' | 'mappings'>;

/**
 * `trades=FILE`, `trades@binance-spot=FILE`, `trades=desk.duckdb#fills`, as often as wanted: the files of each table and how
 * they are read. Contract sizes come from `--contract` and from the instruments, if these are given.
 */
export async function namedTables(flags: DataFlags, known: Known, engine: SqlEngine): Promise<FileData[]> {
  const stated = flags.table.map((entry) => parseTable(entry, known));
  const contracts = await contractsOf(flags, stated, known, engine);
  return stated.map(({ table, mapping, file }) => readFileAs(table, mapping, file, flags, known, contracts));
}

/** One file of a table, with the mappings that may read it. */
export function readFileAs(
  table: string,
  mapping: string | null,
  file: string,
  flags: Pick<DataFlags, 'map'>,
  known: Known,
  contracts: readonly Contract[],
): FileData {
  const own = known.mappings.filter((candidate) => candidate.table === table);
  const chosen = mapping === null ? own.filter(({ name }) => flags.map.includes(name)) : own.filter(fitsName(mapping));
  const stated = mapping !== null || chosen.length > 0;
  if (mapping !== null && chosen.length === 0) throw new UsageError(noMapping(mapping, table, known.mappings));
  const { path, inside } = splitFile(file);
  const reading: Reading = {
    mappings: stated ? chosen : own,
    stated,
    contracts,
    ...(inside === undefined ? {} : { inside }),
  };
  return { kind: 'files', table, absolute: [existing(path)], reading };
}

interface Stated {
  readonly table: string;
  readonly mapping: string | null;
  readonly file: string;
}

function parseTable(entry: string, known: Known): Stated {
  const at = entry.indexOf('=');
  const [table = '', mapping] = entry.slice(0, Math.max(0, at)).split('@', 2);
  const names = known.tables.map((candidate) => candidate.name);
  if (at < 1 || at === entry.length - 1)
    throw new UsageError(`\`--table ${entry}\`: write NAME=FILE, such as trades=trades.parquet`);
  if (!names.includes(table)) {
    const [near] = nearest(table, names);
    const hint = near === undefined ? `; there are: ${names.join(', ')}` : `; did you mean \`${near}\`?`;
    throw new UsageError(`there is no market table \`${table}\`${hint}`);
  }
  return { table, mapping: mapping ?? null, file: entry.slice(at + 1) };
}

/** `binance-spot` stands for every mapping whose name begins so: the file's content decides among them. */
const fitsName = (stated: string) => (mapping: Mapping) =>
  mapping.name === stated || mapping.name.startsWith(`${stated}-`);

export function noMapping(name: string, table: string | null, mappings: readonly Mapping[]): string {
  const names = mappings.filter((mapping) => table === null || mapping.table === table).map((mapping) => mapping.name);
  const [near] = nearest(name, names);
  const into = table === null ? '' : ` into \`${table}\``;
  const hint =
    near === undefined ? (names.length === 0 ? '' : `; there are: ${names.join(', ')}`) : `; did you mean \`${near}\`?`;
  return `there is no mapping \`${name}\`${into}${hint}`;
}

/** `desk.duckdb#fills`, unless the file's own name holds the `#`. */
export function splitFile(file: string): { readonly path: string; readonly inside?: string } {
  const at = file.lastIndexOf('#');
  if (at < 1 || existsSync(file) || !/\.(duckdb|db|ddb)$/i.test(file.slice(0, at))) return { path: file };
  const inside = file.slice(at + 1);
  if (inside === '') throw new UsageError(`\`${file}\` names no table behind the #`);
  return { path: file.slice(0, at), inside };
}

/** `BTC-USDT-SWAP=0.01`, `BTCUSD_PERP=100,inverse`; what is stated here goes before what the instruments say. */
export async function contractsOf(
  flags: Pick<DataFlags, 'contract'>,
  stated: readonly Stated[],
  known: Known,
  engine: SqlEngine,
): Promise<Contract[]> {
  const own = flags.contract.map(parseContract);
  const files = stated.filter(({ table }) => table === 'instruments');
  const listed = files.length === 0 ? [] : await instrumentSizes(files, known, engine);
  return [...own, ...listed.filter(({ symbol }) => !own.some((contract) => contract.symbol === symbol))];
}

function parseContract(entry: string): Contract {
  const [symbol = '', size = '', ...more] = entry.split(/[=,]/).map((part) => part.trim());
  const number = Number(size);
  const inverse = more[0] === 'inverse';
  if (symbol === '' || size === '' || !(number > 0) || more.length > (inverse ? 1 : 0))
    throw new UsageError(
      `\`--contract ${entry}\`: write SYMBOL=SIZE, or SYMBOL=SIZE,inverse, such as BTC-USDT-SWAP=0.01`,
    );
  return { symbol, size: number, inverse };
}

async function instrumentSizes(files: readonly Stated[], known: Known, engine: SqlEngine): Promise<Contract[]> {
  const table = known.tables.find((candidate) => candidate.name === 'instruments');
  if (table === undefined) return [];
  const content = files.map(({ mapping, file }) => readFileAs('instruments', mapping, file, { map: [] }, known, []));
  const data = await openOrRefuse(engine, [table], content);
  const present = data.files[0]?.present ?? [];
  const wanted = ['symbol', 'contract_size', 'inverse'].filter((name) => present.includes(name));
  if (!wanted.includes('symbol') || !wanted.includes('contract_size')) {
    await data.close();
    return [];
  }
  const columns = table.columns.filter((column) => wanted.includes(column.name));
  const rows = await readAll(data, { ...table, columns });
  await data.close();
  const place = (name: string) => columns.findIndex((column) => column.name === name);
  const found = new Map<string, Contract>();
  for (const row of rows) {
    const symbol = row[place('symbol')];
    const size = row[place('contract_size')];
    if (typeof symbol !== 'string' || typeof size !== 'number') continue;
    const contract = { symbol, size, inverse: row[place('inverse')] === true };
    const before = found.get(symbol);
    if (before !== undefined && (before.size !== size || before.inverse !== contract.inverse))
      throw new UsageError(
        `the instruments give ${symbol} two contract sizes, ${before.size} and ${size}: state the one that holds for these files with --contract ${symbol}=SIZE`,
      );
    found.set(symbol, contract);
  }
  return [...found.values()].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
}
