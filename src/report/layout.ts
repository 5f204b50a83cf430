import { widthOf } from './width.ts';

/** Text from a file, safe on a terminal: no control or direction characters, tabs as one space. */
export function printable(text: string): string {
  return text.replace(/\t/g, ' ').replace(/\p{C}|[\u2028\u2029]/gu, '·');
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

/** Pads to a width as a terminal counts it. */
export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)));
}

export function padStart(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - widthOf(text))) + text;
}

export { widthOf };
