import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { type CsvHeader, csvHeader } from './csv-header.ts';

export type FileFormat = 'csv' | 'json' | 'parquet';

/** A data file before the engine sees it. */
export type FileStart =
  | {
      readonly ok: true;
      readonly format: FileFormat;
      /** Present for CSV. */
      readonly header?: CsvHeader;
      readonly bytes: number;
    }
  | { readonly ok: false; readonly detail: string };

const headBytes = 64 * 1024;

/**
 * Reads the first bytes of a file and says whether it is what its name claims, in plain words: the engine's own errors for
 * a CSV called .parquet name neither.
 */
export function startOfFile(path: string): FileStart {
  const format = formatOf(path);
  if (format === undefined) {
    return {
      ok: false,
      detail: 'the name must end in .csv, .tsv, .parquet, .json, .jsonl or .ndjson (or these and .gz)',
    };
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
  if (format !== 'csv') return { ok: true, format, bytes };
  const header = csvHeader(text);
  return header === undefined ? { ok: false, detail: 'it has no header line' } : { ok: true, format, header, bytes };
}

const words: Record<FileFormat, string> = { csv: 'CSV', json: 'JSON', parquet: 'Parquet' };

function formatOf(path: string): FileFormat | undefined {
  const extension = /\.(csv|tsv|parquet|json|jsonl|ndjson)(\.gz)?$/i.exec(path);
  const name = extension?.[1]?.toLowerCase();
  if (name === undefined || (name === 'parquet' && extension?.[2] !== undefined)) return undefined;
  return name === 'csv' || name === 'tsv' ? 'csv' : name === 'parquet' ? 'parquet' : 'json';
}

function agrees(format: FileFormat, looks: string): boolean {
  if (format === 'parquet') return looks === 'Parquet';
  if (format === 'json') return looks === 'JSON';
  return looks === 'text' || looks === 'JSON';
}

function looksLike(head: Buffer): string {
  if (head.subarray(0, 4).toString('latin1') === 'PAR1') return 'Parquet';
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004') return 'a zip archive or an Excel file';
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

function fileError(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'the file may not be read';
  return `the file can not be read (${code || 'unknown error'})`;
}
