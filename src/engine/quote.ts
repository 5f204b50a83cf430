/** The engine's parser takes NUL for the end of the SQL: a text that holds one would cut the rest of the statement off. */
const plain = (text: string) => text.replaceAll('\0', '\ufffd');

/** A text as a literal of SQL. */
export function quoteText(text: string): string {
  return `'${plain(text).replaceAll("'", "''")}'`;
}

/** A name as an identifier of SQL. */
export function quoteName(name: string): string {
  return `"${plain(name).replaceAll('"', '""')}"`;
}
