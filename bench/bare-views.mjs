import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { DuckDBInstance } from '@duckdb/node-api';

/** What a run of sybil-clusters is compared with: its views, signals and members over the same files, as many threads, all rows fetched. */
const [, , transfers = '', accounts = ''] = process.argv;
const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
const instance = await DuckDBInstance.create(':memory:', { threads: String(availableParallelism()) });
const connection = await instance.connect();
await connection.run("SET TimeZone = 'UTC'");

// The empty tables have every column; the two files are read by what their mappings say.
for (const table of ['transfers', 'accounts', 'trades', 'addresses']) {
  const { properties } = JSON.parse(readFileSync(`schemas/tables/${table}.json`, 'utf8'));
  const columns = Object.entries(properties).map(([name, column]) => `"${name}" ${typeOf(column)}`);
  await connection.run(`CREATE TABLE ${table} (${columns.join(', ')})`);
}
await connection.run(`INSERT INTO transfers BY NAME
  SELECT concat_ws(' ', chain, kind, from_address, to_address) AS transfer_id, TIMESTAMP '2022-05-01' AS ts,
         from_address AS from_account, to_address AS to_account, chain, 'internal' AS kind
  FROM read_parquet(${quoted(transfers)})`);
await connection.run(
  `INSERT INTO accounts BY NAME SELECT address AS account_id, 'retail' AS type FROM read_csv(${quoted(accounts)})`,
);

for (const view of ['account_owners', 'customer_accounts', 'shared_traits', 'account_clusters']) {
  const text = readFileSync(`sops/views/${view}.sql`, 'utf8');
  const values = new Map([...text.matchAll(/^ {2}(\w+): \{type: \w+, value: ([\d.]+)/gm)].map((found) => found.slice(1)));
  await connection.run(`CREATE TABLE ${view} AS ${filled(text.slice(text.indexOf('*/') + 2), values)}`);
}
const sop = readFileSync('sops/sybil-clusters/SOP.md', 'utf8');
const parameters = new Map(
  [...sop.matchAll(/^\|\s*`(\w+)`\s*\|\s*(?:integer|decimal)\s*\|\s*([\d.]+)\s*\|/gm)].map((found) => found.slice(1)),
);
for (const [, sql = ''] of sop.matchAll(/```sql(?: members)?\r?\n([\s\S]*?)```/g)) {
  const result = await connection.runAndReadAll(filled(sql, parameters));
  process.stdout.write(`${result.getColumns()[0]?.length ?? 0} rows\n`);
}

function filled(sql, values) {
  return sql.replaceAll(/\$(\w+)/g, (whole, name) => values.get(name) ?? whole);
}

function typeOf({ type, format, 'x-sql': sql }) {
  if (sql !== undefined) return sql;
  if (format === 'date-time') return 'TIMESTAMP';
  const [first] = [type].flat().filter((name) => name !== 'null');
  return { string: 'VARCHAR', number: 'DOUBLE', integer: 'BIGINT', boolean: 'BOOLEAN' }[first] ?? 'VARCHAR';
}
