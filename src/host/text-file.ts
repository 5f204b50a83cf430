import type { FileContent } from '../model/ports.ts';

/** Longest text that is read; a procedure or a case is a few kilobytes. */
const limits = { '.md': 1_000_000, '.yaml': 5_000_000, '.yml': 5_000_000, '.json': 5_000_000 } as const;
const otherLimit = 5_000_000;

/** The most bytes that a file of this name may have to be read. */
export function limitFor(path: string): number {
  const extension = /\.[a-z]+$/.exec(path)?.[0] ?? '';
  return Object.entries(limits).find(([known]) => known === extension)?.[1] ?? otherLimit;
}

/** A byte-order mark is dropped; bytes that are no UTF-8, and NUL, are no text. */
export function decodeText(bytes: Buffer): FileContent {
  const zero = bytes.indexOf(0);
  if (zero >= 0) return { kind: 'not_text', offset: zero };
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    const readable = Buffer.from(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
    let offset = 0;
    while (offset < bytes.length && bytes[offset] === readable[offset]) offset++;
    return { kind: 'not_text', offset };
  }
}

export function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
