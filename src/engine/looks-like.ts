import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { type CsvHeader, csvHeader } from './csv-header.ts';

export type FileFormat = 'csv' | 'json' | 'parquet' | 'fix' | 'duckdb';

/** A data file before the engine sees it. */
export type FileStart =
  | {
      readonly ok: true;
      readonly format: FileFormat;
      /** Present for CSV. */
      readonly header?: CsvHeader;
      /** Present for FIX: what stands between two fields. */
      readonly fixSeparator?: FixSeparator;
      readonly bytes: number;
    }
  | { readonly ok: false; readonly detail: string };

/** SOH itself, or how logs write it. */
export type FixSeparator = '\u0001' | '|' | '^A';

const headBytes = 64 * 1024;

/**
 * Reads the first bytes of a file and says whether it is what its name claims, in plain words: the engine's own errors for
 * a CSV called .parquet name neither.
 */
export function startOfFile(path: string): FileStart {
  const format = formatOf(path);
  if (format === undefined) {
    const detail = /\.zip$/i.test(path)
      ? 'it is a zip archive; unzip it, and give the file that was inside'
      : 'the name must end in .csv, .tsv, .parquet, .json, .jsonl or .ndjson (or these and .gz), .duckdb or .db for a database, or .fix, .log or .txt for FIX messages';
    return { ok: false, detail };
  }
  let bytes: number;
  let head: Buffer;
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return { ok: false, detail: 'this is no file' };
    bytes = stat.size;
    head = readPart(path, Math.min(bytes, headBytes), 0);
  } catch (error) {
    return { ok: false, detail: fileError(error) };
  }
  if (bytes === 0) return { ok: false, detail: 'the file is empty' };
  const looks = looksLike(head);
  const packed = path.toLowerCase().endsWith('.gz');
  if (packed !== (looks === 'gzip')) {
    return {
      ok: false,
      detail: packed
        ? `its name says gzip, but it looks like ${looks}`
        : 'it is packed with gzip, but its name does not end in .gz',
    };
  }
  const text = packed ? unpackStart(head) : head.toString('utf8');
  const inside = packed ? looksLike(Buffer.from(text)) : looks;
  if (!agrees(format, inside))
    return { ok: false, detail: `its name says ${words[format]}, but it looks like ${inside}` };
  if (format === 'json' && !packed && hasNoEnd(path, text, bytes)) {
    return { ok: false, detail: 'it is cut off: the list has no end' };
  }
  if (format === 'fix') {
    const fixSeparator = separatorOf(text);
    if (fixSeparator === undefined)
      return { ok: false, detail: 'it holds no FIX messages (8=FIX…, fields between SOH or |)' };
    return { ok: true, format, bytes, fixSeparator };
  }
  if (format !== 'csv') return { ok: true, format, bytes };
  const header = csvHeader(text);
  return header === undefined ? { ok: false, detail: 'it has no header line' } : { ok: true, format, header, bytes };
}

const words: Record<FileFormat, string> = {
  csv: 'CSV',
  json: 'JSON',
  parquet: 'Parquet',
  fix: 'FIX messages',
  duckdb: 'a DuckDB database',
};

function separatorOf(text: string): FixSeparator | undefined {
  const start = /8=FIXT?\.\d\.\d/.exec(text);
  const rest = start === null ? '' : text.slice(start.index + start[0].length, start.index + start[0].length + 2);
  return (['\u0001', '|', '^A'] as const).find((separator) => rest.startsWith(separator));
}

const formats: Readonly<Record<string, FileFormat>> = {
  csv: 'csv', tsv: 'csv', parquet: 'parquet', json: 'json', jsonl: 'json', ndjson: 'json',
  fix: 'fix', log: 'fix', txt: 'fix', duckdb: 'duckdb', db: 'duckdb', ddb: 'duckdb',
}; // biome-ignore format: a small dictionary

function formatOf(path: string): FileFormat | undefined {
  const extension = /\.([a-z]+)(\.gz)?$/i.exec(path);
  const format = formats[extension?.[1]?.toLowerCase() ?? ''];
  const packed = extension?.[2] !== undefined;
  return packed && (format === 'parquet' || format === 'duckdb') ? undefined : format;
}

function agrees(format: FileFormat, looks: string): boolean {
  if (format === 'parquet') return looks === 'Parquet';
  if (format === 'json') return looks === 'JSON';
  if (format === 'duckdb') return looks === 'DuckDB';
  return looks === 'text' || looks === 'JSON';
}

function looksLike(head: Buffer): string {
  if (head.subarray(0, 4).toString('latin1') === 'PAR1') return 'Parquet';
  if (head.subarray(8, 12).toString('latin1') === 'DUCK') return 'DuckDB';
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004')
    return 'a zip archive or an Excel file (unzip it, or save it as CSV)';
  if (head.subarray(0, 2048).includes(0)) return 'a binary file';
  const text = head.toString('utf8').replace(/^\ufeff/, '');
  if (text.startsWith('version https://git-lfs')) return 'a Git LFS pointer (run git lfs pull)';
  if (/^\s*</.test(text)) return 'HTML or XML';
  return /^\s*[[{]/.test(text) ? 'JSON' : 'text';
}

function readPart(path: string, length: number, from: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(length);
    return buffer.subarray(0, readSync(file, buffer, 0, length, from));
  } finally {
    closeSync(file);
  }
}

function unpackStart(head: Buffer): string {
  try {
    // The head is cut off, which Z_SYNC_FLUSH (2) forgives.
    // Loaded here: hardly any file is packed, and every command that starts would load it.
    const { gunzipSync } = process.getBuiltinModule('node:zlib');
    return gunzipSync(head, { finishFlush: 2, maxOutputLength: 64 * headBytes }).toString('utf8');
  } catch {
    return '';
  }
}

/** A list whose end is missing would be read as far as it goes. */
function hasNoEnd(path: string, text: string, bytes: number): boolean {
  if (!/^\ufeff?\s*\[/.test(text)) return false;
  const length = Math.min(bytes, 4096);
  return !readPart(path, length, bytes - length)
    .toString('latin1')
    .trimEnd()
    .endsWith(']');
}

/** Lines of a text file; a file without an end of line at its end has one more than it has ends. */
export function lineCount(path: string): number {
  const bytes = statSync(path).size;
  let lines = 0;
  let last = 10;
  for (let at = 0; at < bytes; at += 2 ** 20) {
    const part = readPart(path, Math.min(2 ** 20, bytes - at), at);
    for (const byte of part) if (byte === 10) lines++;
    last = part.at(-1) ?? last;
  }
  return last === 10 ? lines : lines + 1;
}

function fileError(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'the file may not be read';
  return `the file can not be read (${code || 'unknown error'})`;
}
