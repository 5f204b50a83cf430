import { type Span, spanAt } from '../text/source.ts';

/** A value with its place; the span holds the quotes, too. */
export interface CsvCell {
  readonly text: string;
  readonly span: Span;
}

export interface CsvRecord {
  readonly cells: readonly CsvCell[];
  /** The line, or from the first to the last one where a quoted value runs over several. */
  readonly span: Span;
}

export interface CsvProblem {
  readonly what: string;
  readonly span: Span;
}

/**
 * Reads comma-separated text as RFC 4180 writes it, and refuses what it leaves open: a quote inside a bare value, text
 * behind a closing quote, spaces around a value, an empty line. What is read is what every other program reads.
 */
export function parseCsv(path: string, text: string): readonly [readonly CsvRecord[], readonly CsvProblem[]] {
  const records: CsvRecord[] = [];
  const problems: CsvProblem[] = [];
  let at = 0;
  while (at < text.length) {
    const start = at;
    const cells: CsvCell[] = [];
    for (;;) {
      const cell = text.charAt(at) === '"' ? quoted(path, text, at) : bare(path, text, at);
      if (cell.problem !== undefined) problems.push(cell.problem);
      cells.push(cell.cell);
      at = cell.cell.span.end;
      if (text.charAt(at) !== ',') break;
      at++;
    }
    const span = spanAt(path, start, Math.max(at, start + 1));
    at += /^(?:\r\n|\n|\r)/.exec(text.slice(at, at + 2))?.[0].length ?? 0;
    const isEmpty = cells.length === 1 && cells[0]?.text === '';
    if (isEmpty) problems.push({ what: 'an empty line stands between the entries', span });
    else records.push({ cells, span });
  }
  return [records, problems];
}

interface Read {
  readonly cell: CsvCell;
  readonly problem?: CsvProblem;
}

function bare(path: string, text: string, start: number): Read {
  const value = /^[^,\r\n]*/.exec(text.slice(start, lineEnd(text, start)))?.[0] ?? '';
  const span = spanAt(path, start, start + value.length);
  const cell = { text: value, span };
  const quote = value.indexOf('"');
  if (quote >= 0) {
    const what = 'a quote stands inside a value: put the whole value in quotes, and write each quote in it twice';
    return { cell, problem: { what, span: spanAt(path, start + quote, start + quote + 1) } };
  }
  return value === value.trim() ? { cell } : { cell, problem: { what: 'a value begins or ends with a space', span } };
}

function quoted(path: string, text: string, start: number): Read {
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) {
      const span = spanAt(path, start, text.length);
      const what = 'a quote is opened and never closed';
      return { cell: { text: '', span }, problem: { what, span: spanAt(path, start, start + 1) } };
    }
    at = quote + 2;
    if (text.charAt(quote + 1) !== '"') {
      at = quote + 1;
      break;
    }
  }
  const value = text.slice(start + 1, at - 1).replaceAll('""', '"');
  const end = at + (/^[^,\r\n]*/.exec(text.slice(at, lineEnd(text, at)))?.[0].length ?? 0);
  const cell = { text: value, span: spanAt(path, start, end) };
  if (end > at) return { cell, problem: { what: 'text stands behind a closing quote', span: spanAt(path, at, end) } };
  return value === value.trim()
    ? { cell }
    : { cell, problem: { what: 'a value begins or ends with a space', span: cell.span } };
}

function lineEnd(text: string, from: number): number {
  const end = text.slice(from).search(/[\r\n]/);
  return end < 0 ? text.length : from + end;
}
