/** A line without its ending; `start` is its offset in the file, in UTF-16 units. */
export interface SourceLine {
  readonly text: string;
  readonly start: number;
}

/** The lines of a text that begins at `offset` of its file; LF, CRLF and a lone CR all end a line. */
export function linesOf(text: string, offset = 0): SourceLine[] {
  const lines: SourceLine[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit !== 10 && unit !== 13) continue;
    lines.push({ text: text.slice(start, at), start: offset + start });
    if (unit === 13 && text.charCodeAt(at + 1) === 10) at++;
    start = at + 1;
  }
  lines.push({ text: text.slice(start), start: offset + start });
  return lines;
}
