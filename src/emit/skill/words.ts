/** Texts of a SOP, made fit for a place in Markdown. */

export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

export function unix(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** In a cell of a table a bar would begin the next one. */
export function cell(text: string): string {
  return oneLine(text).replaceAll('|', '\\|');
}

/** Words of a case: shown as they stand. Markdown of theirs would be drawn, or hide, and a heading or a link of theirs would be ours. */
export function inert(text: string): string {
  return oneLine(text)
    .replace(/[\\`*[\]|<~&$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&')
    .replace(/#+$/, (marks) => marks.replaceAll('#', '\\#'));
}

/** A file of JSON that people review. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
