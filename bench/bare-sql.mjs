import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { DuckDBInstance } from '@duckdb/node-api';

/** What the back-test is compared with: the SOP's own SQL over the same file, as many threads, all rows fetched, nothing else. */
const [, , file = ''] = process.argv;
const text = readFileSync('sops/pump-and-dump/SOP.md', 'utf8');
const groups = [...text.matchAll(/```sql\r?\n([\s\S]*?)```/g)].map(([, sql]) => sql);
const rows = [...text.matchAll(/^\|\s*`(\w+)`\s*\|\s*(integer|number)\s*\|\s*([\d.]+)\s*\|/gm)];
const instance = await DuckDBInstance.create(':memory:', { threads: String(availableParallelism()) });
const connection = await instance.connect();
await connection.run("SET TimeZone = 'UTC'");
await connection.run(`CREATE VIEW trades AS SELECT * FROM read_parquet('${file.replaceAll("'", "''")}')`);
let count = 0;
for (const sql of groups) {
  const statement = await connection.prepare(sql);
  for (const [, name, type, value] of rows) {
    if (!sql.includes(`$${name}`)) continue;
    const index = statement.parameterIndex(name);
    if (type === 'integer') statement.bindBigInt(index, BigInt(value));
    else statement.bindDouble(index, Number(value));
  }
  const result = await statement.runAndReadAll();
  count += result.getColumns()[0]?.length ?? 0;
}
process.stdout.write(`${count} rows\n`);
