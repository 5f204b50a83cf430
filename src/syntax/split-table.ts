import type { SourceLine } from './source-lines.ts';

/** A GFM table among the lines of a paragraph, which may have prose above it. */
export interface SplitTable {
  readonly prose: readonly SourceLine[];
  readonly header: SourceLine;
  readonly rows: readonly SourceLine[];
}

/**
 * Finds a table (GFM 0.29 §4.10): a line of cells above a line of as many delimiters; what follows in the paragraph are its
 * rows. Tables end where paragraphs end, so the Markdown parser needs to know nothing of them, and need not walk through
 * every cell for markup that is switched off: that was half of the time of a check.
 */
export function splitTable(lines: readonly SourceLine[]): SplitTable | null {
  const at = lines.findIndex(({ text }, index) => {
    const header = lines[index - 1];
    return (
      header !== undefined &&
      delimiters.test(text) &&
      /[|]/.test(`${header.text}${text}`) &&
      splitRow(header.text).length === splitRow(text).length
    );
  });
  const header = lines[at - 1];
  if (header === undefined) return null;
  return { prose: lines.slice(0, at - 1), header, rows: lines.slice(at + 1) };
}

const delimiters = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

/** A cell's content within its row: offsets without the blanks around it; an empty cell begins after its pipe. */
export interface CellPlace {
  readonly start: number;
  readonly end: number;
}

/** Splits a row at its pipes; `\|` is no pipe, `\\|` is one. The outer pipes may be left out. */
export function splitRow(row: string): CellPlace[] {
  const cells: CellPlace[] = [];
  const indent = row.length - row.trimStart().length;
  let from = row.charAt(indent) === '|' ? indent + 1 : indent;
  for (let at = from; at < row.length; at++) {
    const unit = row.charAt(at);
    if (unit === '\\' && (row.charAt(at + 1) === '|' || row.charAt(at + 1) === '\\')) at++;
    else if (unit === '|') {
      cells.push(trimmed(row, from, at));
      from = at + 1;
    }
  }
  const last = trimmed(row, from, row.length);
  return last.start < last.end || cells.length === 0 ? [...cells, last] : cells;
}

function trimmed(row: string, from: number, to: number): CellPlace {
  const text = row.slice(from, to);
  const start = from + text.length - text.trimStart().length;
  const end = from + text.trimEnd().length;
  return start < end ? { start, end } : { start: from, end: from };
}
