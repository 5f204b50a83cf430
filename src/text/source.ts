/** A file as the rest of the program sees it: decoded text under a path relative to the project, with `/` separators. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A stretch of one file. Offsets count UTF-16 units from the file's start; `end` is exclusive. */
export interface Span {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** A value and the place where the analyst wrote it. */
export interface Located<T> {
  readonly value: T;
  readonly span: Span;
}

/** A place as editors show it: both numbers start at 1, the column counts UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export function spanAt(path: string, start: number, end: number): Span {
  return { path, start, end };
}

/** Offsets at which each line begins; LF, CRLF and a lone CR all end a line. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const endsLine = unit === 10 || (unit === 13 && text.charCodeAt(at + 1) !== 10);
    if (endsLine) starts.push(at + 1);
  }
  return starts;
}

export function positionAt(starts: readonly number[], offset: number): Position {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}
