/** A text that has the same blocks as a longer one, and the way back to places in the longer one. */
export interface Shortened {
  readonly text: string;
  /** The offset in the longer text of a place in the shorter one. `line` and `column` start at 1. */
  readonly offsetAt: (place: { readonly line: number; readonly column: number }) => number;
}

/**
 * Cuts the ends of lines that cannot change which blocks a Markdown text has. Inline Markdown is switched off, so the
 * parser would only walk over them, twice, a character at a time: that was three quarters of the time of a check.
 * `The agent MUST list every order.` becomes `T`, `| R1 | >= 12 | escalate |` becomes `| R`. Lines stay lines, and what
 * is left of a line is its beginning; so a column is either unchanged or the line's end.
 */
export function shortenLines(text: string): Shortened {
  const lines = text.split(lineEnd);
  // What ends an HTML block may stand anywhere in a line.
  const whole = maybeHtml.test(text);
  const starts: number[] = [];
  const ends: number[] = [];
  const kept: number[] = [];
  let short = '';
  let at = 0;
  for (let index = 0; index < lines.length; index += 2) {
    const line = lines[index] ?? '';
    const keep = whole ? line.length : lengthThatCounts(line, lines[index + 2] ?? '');
    starts.push(at);
    ends.push(at + line.length);
    kept.push(keep);
    const ending = lines[index + 1] ?? '';
    short += line.slice(0, keep) + ending;
    at += line.length + ending.length;
  }
  const offsetAt: Shortened['offsetAt'] = ({ line, column }) => {
    const start = starts[line - 1] ?? 0;
    return column > (kept[line - 1] ?? 0) ? (ends[line - 1] ?? start) : start + column - 1;
  };
  return { text: short, offsetAt };
}

const lineEnd = /(\r\n|\n|\r)/;

/** A line whose first character, after the marks of lists and quotations, is `<`. */
const maybeHtml = /^[\s>*+\-\d.)]*</m;

/**
 * After the first letter nothing can start or end a block, if what comes before it is no mark of a heading or fence. A
 * pipe at the start is a row of a table or prose; how many cells the row has does not matter to the blocks. (`| -` could
 * become the delimiters of a table.)
 */
const beginning = /^[ \t>*+\-\d.)(,_"']*(?:\|[ \t]*[^\s|\\:-]|[A-Za-z])/;

/** The second line of a table. It and the first one are kept whole: they must have the same number of cells. */
const maybeDelimiters = /^[ \t>*+\d.)|:-]*-[ \t|:-]*$/;

function lengthThatCounts(line: string, next: string): number {
  if (line.length <= 8 || /[ \t]$/.test(line)) return line.length;
  if (maybeDelimiters.test(line) || maybeDelimiters.test(next)) return line.length;
  return beginning.exec(line)?.[0].length ?? line.length;
}
