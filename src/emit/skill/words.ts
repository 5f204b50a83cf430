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
