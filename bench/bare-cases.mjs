import { readFileSync } from 'node:fs';
import {
  BIGINT,
  BOOLEAN,
  DECIMAL,
  DOUBLE,
  DuckDBDataChunk,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBTimestampValue,
  TIMESTAMP,
  VARCHAR,
} from '@duckdb/node-api';

/**
 * What `sop test` is compared with: of each case its tables, its rows and its queries, each on the rows of its window, on a connection of
 * its own to one instance with one thread; all rows fetched, nothing else.
 */
const [, , file = ''] = process.argv;
const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
let rows = 0;
for (const line of readFileSync(file, 'utf8').split('\n')) if (line !== '') rows += await runCase(JSON.parse(line));
process.stdout.write(`${rows} rows\n`);

async function runCase({ tables, content, queries }) {
  const connection = await instance.connect();
  for (const { name, columns } of tables) {
    await connection.run(`CREATE TEMP TABLE "${name} rows" (${columns.map((column) => `"${column.name}" ${column.sql}`).join(', ')})`);
    for (const given of content.filter(({ table }) => table === name)) await append(connection, name, columns, given);
  }
  let found = 0;
  let cut = '';
  for (const { sql, parameters, window } of queries) {
    if (JSON.stringify(window) !== cut) await connection.run(tables.map((table) => viewOf(table, window)).join('; '));
    cut = JSON.stringify(window);
    const statement = await connection.prepare(sql);
    for (let index = 1; index <= statement.parameterCount; index++) {
      const { type, value } = parameters.find(({ name }) => name === statement.parameterName(index));
      if (type === 'integer') statement.bindBigInt(index, BigInt(value));
      else if (type === 'timestamp') statement.bindTimestamp(index, timestamp(value));
      else statement.bindDouble(index, Number(value));
    }
    const reader = await statement.runAndReadAll();
    found += reader.getRows().length;
  }
  connection.closeSync();
  return found;
}

/** Only what could be known, and happened since: the same conditions as in a run. */
function viewOf({ name, columns, time, known = [] }, { since, asOf, brokenOff }) {
  const has = (column) => columns.some((candidate) => candidate.name === column);
  const seen = known.filter(has).map((column) => `"${column}"`);
  const conditions = [
    ...(asOf === null || seen.length === 0 ? [] : [`coalesce(coalesce(${seen.join(', ')}) <= make_timestamp(${asOf}), true)`]),
    ...(since === null || time === undefined ? [] : [`"${time}" >= make_timestamp(${since})`]),
    ...(brokenOff?.table !== name ? [] : [`"${time}" <= make_timestamp(${brokenOff.last})`]),
  ];
  return `CREATE OR REPLACE TEMP VIEW "${name}" AS SELECT * FROM "${name} rows"${conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`}`;
}

async function append(connection, name, columns, given) {
  const appender = await connection.createAppender(`${name} rows`, 'main', 'temp');
  const chunk = DuckDBDataChunk.create(columns.map(({ sql }) => typeOf(sql)), given.rows.length);
  chunk.setColumns(
    columns.map((column) => {
      const at = given.columns.indexOf(column.name);
      return given.rows.map((cells) => (at < 0 || cells[at] === null ? null : valueOf(column.sql, cells[at])));
    }),
  );
  appender.appendDataChunk(chunk);
  appender.closeSync();
}

function typeOf(sql) {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(sql);
  if (decimal !== null) return DECIMAL(Number(decimal[1]), Number(decimal[2]));
  return { VARCHAR, TIMESTAMP, DOUBLE, BIGINT, BOOLEAN }[sql];
}

function valueOf(sql, text) {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(sql);
  if (decimal !== null) {
    const [whole, fraction = ''] = text.split('.');
    return new DuckDBDecimalValue(BigInt(whole + fraction.padEnd(Number(decimal[2]), '0')), Number(decimal[1]), Number(decimal[2]));
  }
  if (sql === 'TIMESTAMP') return timestamp(text);
  if (sql === 'BIGINT') return BigInt(text);
  return sql === 'DOUBLE' ? Number(text) : sql === 'BOOLEAN' ? text === 'true' : text;
}

function timestamp(text) {
  return new DuckDBTimestampValue(BigInt(Date.parse(`${text.slice(0, 23).replace(' ', 'T')}Z`)) * 1000n);
}
