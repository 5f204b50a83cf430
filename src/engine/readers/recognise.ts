import type { DuckDBConnection } from '@duckdb/node-api';
import type { Mapping, Reading } from '../../model/mapping.ts';
import { quoteText } from '../quote.ts';
import { fitsFile, plainName } from './pattern.ts';
import { isHeadless, jsonPath, jsonRows, type RawFile } from './raw-relation.ts';

type Chosen =
  | { readonly ok: true; readonly value: Mapping | undefined }
  | { readonly ok: false; readonly detail: string };

/** Rows of a JSON file that are looked at. */
const looked = 20;

/** The mapping for a file, from its content and name; none where its columns are the table's own. Two that fit are no answer. */
export async function recognise(
  connection: DuckDBConnection,
  path: string,
  file: RawFile,
  reading: Reading,
): Promise<Chosen> {
  const [only, second] = reading.mappings;
  if (reading.stated && only !== undefined && second === undefined) return { ok: true, value: only };
  const fitting = await fittingMappings(connection, path, file, reading.mappings);
  const [first, other] = fitting;
  if (first !== undefined && other !== undefined) {
    const names = fitting.map((mapping) => `\`${mapping.name}\``).join(' or ');
    const how = `--table ${first.table}@${first.name}=FILE`;
    return { ok: false, detail: `it could be ${names}: say which, as in ${how}` };
  }
  if (first === undefined && reading.stated) {
    const names = reading.mappings.map((mapping) => mapping.name).join(', ');
    return { ok: false, detail: `it does not look like any of ${names}: other columns, or another file name` };
  }
  return { ok: true, value: first };
}

export async function fittingMappings(
  connection: DuckDBConnection,
  path: string,
  file: RawFile,
  mappings: readonly Mapping[],
): Promise<Mapping[]> {
  const fitting: Mapping[] = [];
  for (const mapping of mappings) if (await fits(connection, path, file, mapping)) fitting.push(mapping);
  return fitting;
}

async function fits(connection: DuckDBConnection, path: string, file: RawFile, mapping: Mapping): Promise<boolean> {
  const { recognise: by, source } = mapping;
  if (by === null) return false;
  if (by.file.length > 0 && !by.file.some((pattern) => fitsFile(path, pattern))) return false;
  if (by.notFile.some((pattern) => fitsFile(path, pattern))) return false;
  if (source.format === 'fix') return file.start.format === 'fix';
  if (file.start.format === 'fix') return false;
  if (file.start.format === 'json') return source.format !== 'csv' && fitsJson(connection, file, mapping);
  if (source.format === 'json') return false;
  if (isHeadless(mapping, file)) return true;
  const own = new Set([...file.columns.keys()].map(plainName));
  const wanted = source.format === 'csv' && by.columns.length === 0 ? source.columns : by.columns;
  if (wanted.length === 0) return by.file.length > 0;
  return wanted.every((name) => own.has(plainName(name))) && !by.without.some((name) => own.has(plainName(name)));
}

/** Each column stands in some of the first rows; a row that is a list has the stated length. */
async function fitsJson(connection: DuckDBConnection, file: RawFile, mapping: Mapping): Promise<boolean> {
  const by = mapping.recognise;
  const rows = mapping.source.format === 'json' ? mapping.source.rows : [];
  const has = (name: string) =>
    name.startsWith('^.')
      ? `bool_or(json_exists(up, ${quoteText(jsonPath(name.slice(2)))}))`
      : `bool_or(json_exists("row", ${quoteText(jsonPath(name))}))`;
  const tests = [
    by?.width === null || by?.width === undefined
      ? `bool_and(json_type("row") = 'OBJECT')`
      : `bool_and(json_type("row") = 'ARRAY' AND json_array_length("row") = ${Math.trunc(by.width)})`,
    ...(by?.columns ?? []).map(has),
    ...(by?.without ?? []).map((name) => `NOT ${has(name)}`),
  ];
  const sql = `SELECT ${tests.join(' AND ')} FROM (SELECT * FROM ${jsonRows(rows, file.documents)} LIMIT ${looked})`;
  const [[answer] = []] = (await connection.runAndReadAll(sql)).getRowsJson();
  return answer === true;
}
