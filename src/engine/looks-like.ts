import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export type FileFormat = 'csv' | 'json' | 'parquet';

/** A data file before the engine sees it. */
export type FileStart =
  | {
      readonly ok: true;
      readonly format: FileFormat;
      /** Separator of a CSV's first line. */
      readonly delimiter: string;
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
    head = readHead(path, Math.min(bytes, headBytes));
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
  return { ok: true, format, delimiter: delimiterOf(text), bytes };
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

function readHead(path: string, length: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(length);
    return buffer.subarray(0, readSync(file, buffer, 0, length, 0));
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

/** The separator that the header has most of, outside quotes. */
function delimiterOf(text: string): string {
  const line = (text.replace(/^\ufeff/, '').split(/\r?\n|\r/, 1)[0] ?? '').replace(/"[^"]*"/g, '');
  const counts = [',', ';', '\t', '|'].map((mark) => ({ mark, count: line.split(mark).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).mark;
}

function fileError(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'the file may not be read';
  return `the file can not be read (${code || 'unknown error'})`;
}
