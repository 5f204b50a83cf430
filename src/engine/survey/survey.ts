import type { DuckDBConnection } from '@duckdb/node-api';
import type { DataProblem } from '../../model/ports.ts';
import type { FileFacts, SurveyRequest, SurveyResult, TableFacts } from '../../model/survey.ts';
import { detach } from '../attach.ts';
import {
  columnIn,
  describeFile,
  fileProblem,
  impossibleColumn,
  type SourceFile,
  selectFrom,
  unusedColumns,
} from '../file-source.ts';
import { toRead } from '../open-data.ts';
import { quoteName } from '../quote.ts';
import { ask } from './ask.ts';
import { columnFacts, crossedRows, emptyKeys, notPositive, strangeTimes } from './column-facts.ts';
import { type Readable, surveyFile } from './file-facts.ts';
import { duplicates, lags, notionals, numbering } from './row-facts.ts';
import type { Surveyed } from './surveyed.ts';
import { days, jumpsAndSides, silences } from './time-facts.ts';

const surveyName = 'sop survey';

/** Smaller files are read once and kept; larger ones are read by each query. */
const loadBelowBytes = 32 * 2 ** 20;

/**
 * Counts what the check judges. All SQL here is ours, so it runs where files can be read; each query goes over the files
 * anew and keeps little, so that large files need no more memory than small ones.
 */
export async function survey(connection: DuckDBConnection, request: SurveyRequest): Promise<SurveyResult> {
  const files: SourceFile[] = [];
  try {
    for (const { path, reading } of request.content.flatMap(toRead)) {
      const found = await describeFile(connection, request.shape, path, reading);
      if (!found.ok) return found;
      files.push(found.file);
      const impossible = impossibleColumn(found.file, request.shape);
      if (impossible !== undefined) return { ok: false, problem: impossible };
    }
    return { ok: true, value: await factsOf(connection, files, request) };
  } catch (error) {
    const problem: DataProblem = fileProblem(
      error,
      request.shape.name,
      files.length === 1 ? (files[0]?.path ?? '') : '',
    );
    return { ok: false, problem };
  } finally {
    await drop(connection);
    for (const { attached } of files) if (attached !== undefined) await detach(connection, attached);
  }
}

async function factsOf(
  connection: DuckDBConnection,
  files: readonly SourceFile[],
  request: SurveyRequest,
): Promise<TableFacts> {
  const { shape } = request;
  const told: FileFacts[] = [];
  const readable: Readable[] = [];
  for (const file of files) {
    const [facts, select] = await surveyFile(connection, file, shape, unusedColumns(file, shape));
    told.push(facts);
    readable.push(select);
  }
  await drop(connection);
  const selects = readable.map(
    ({ file, shape: left }, at) => `SELECT ${at} AS "sop file", * FROM (${selectFrom(file, left)})`,
  );
  const small = files.reduce((sum, file) => sum + file.bytes, 0) < loadBelowBytes;
  const kind = small ? 'TABLE' : 'VIEW';
  await connection.run(
    `CREATE OR REPLACE TEMP ${kind} ${quoteName(surveyName)} AS ${selects.join(' UNION ALL BY NAME ')}`,
  );
  const present = new Set(
    shape.columns
      .filter(({ name }) =>
        readable.some(
          ({ file, shape: left }) =>
            left.columns.some((column) => column.name === name) && columnIn(file, name) !== undefined,
        ),
      )
      .map(({ name }) => name),
  );
  const all: Surveyed = {
    connection,
    rows: quoteName(surveyName),
    shape,
    count: told.reduce((sum, file) => sum + file.rows, 0),
    has: (column) => present.has(column),
  };
  const neighbours = await jumpsAndSides(all);
  return {
    table: shape.name,
    rows: all.count,
    files: told,
    columns: await columnFacts(all, request.values),
    days: await days(all),
    silences: await silences(all),
    duplicates: await duplicates(all),
    lags: await lags(all),
    ...neighbours,
    notionals: await notionals(all),
    numbering: await numbering(all),
    notPositive: await notPositive(all),
    crossed: await crossedRows(all),
    strangeTimes: await strangeTimes(all, request.now),
    emptyKeys: await emptyKeys(all, request.required),
  };
}

/** DROP names the kind of what it drops, and fails where it is of the other. */
async function drop(connection: DuckDBConnection): Promise<void> {
  const sql = `SELECT table_type AS kind FROM information_schema.tables WHERE table_name = '${surveyName}'`;
  for (const row of await ask(connection, sql))
    await connection.run(`DROP ${row.text('kind') === 'VIEW' ? 'VIEW' : 'TABLE'} ${quoteName(surveyName)}`);
}
