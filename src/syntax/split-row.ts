/** A cell's content within its row: offsets without the blanks around it; an empty cell begins after its pipe. */
export interface CellPlace {
  readonly start: number;
  readonly end: number;
}

/** Splits a row of a GFM table at its pipes; `\|` is no pipe, `\\|` is one. The outer pipes may be left out. */
export function splitRow(row: string): CellPlace[] {
  const cells: CellPlace[] = [];
  let from = row.startsWith('|') ? 1 : 0;
  for (let at = from; at < row.length; at++) {
    const unit = row[at];
    if (unit === '\\' && (row[at + 1] === '|' || row[at + 1] === '\\')) at++;
    else if (unit === '|') {
      cells.push(trimmed(row, from, at));
      from = at + 1;
    }
  }
  const last = trimmed(row, from, row.length);
  return last.start < last.end || cells.length === 0 ? [...cells, last] : cells;
}

function trimmed(row: string, from: number, to: number): CellPlace {
  let start = from;
  let end = to;
  while (start < end && isBlank(row[start])) start++;
  while (end > start && isBlank(row[end - 1])) end--;
  return start < end ? { start, end } : { start: from, end: from };
}

function isBlank(unit: string | undefined): boolean {
  return unit !== undefined && /\s/.test(unit);
}
