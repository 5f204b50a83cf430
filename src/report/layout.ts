import { dotted } from '../text/invisible.ts';
import { widthOf } from './width.ts';

/** Text from a file, safe on a terminal: no control or direction characters, tabs as one space. */
export function printable(text: string): string {
  return dotted(text.replace(/\t/g, ' '));
}

/** Breaks text at spaces so that no line is wider than `columns`; a longer word stands alone. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    const next = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(next) > columns) {
      lines.push(line);
      line = word;
    } else line = next;
  }
  return line === '' ? lines : [...lines, line];
}

/** A mark, then a sentence broken where the page ends and indented as far as what stands before the mark, and two more. */
export function marked(mark: string, text: string, columns: number): string[] {
  const indent = `${/^ */.exec(mark)?.[0] ?? ''}  `;
  return wrap(text, columns - indent.length).map((line, index) =>
    index === 0 ? `${mark}${line}` : `${indent}${line}`,
  );
}

/** Columns under their headings: the first `words` of them text, the others numbers. */
export function aligned(rows: readonly (readonly string[])[], words: number): string[] {
  const width = (column: number) => Math.max(...rows.map((row) => widthOf(row[column] ?? '')));
  return rows.map((row) => {
    const cells = row.map((cell, column) =>
      column < words ? padEnd(cell, width(column)) : padStart(cell, width(column)),
    );
    return `  ${cells.join('  ')}`;
  });
}

/** Text of at most `columns`; what is cut ends with an ellipsis. */
export function clip(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let shown = '';
  for (const character of text) {
    if (widthOf(shown + character) > columns - 1) break;
    shown += character;
  }
  return `${shown}…`;
}

/** Pads to a width as a terminal counts it. */
export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)));
}

export function padStart(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - widthOf(text))) + text;
}

export { widthOf };
