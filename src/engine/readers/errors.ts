import { quoteText } from '../quote.ts';

/** Between the parts of a message of `error()`, by which a view tells what it could not read. */
export const mark = '\u0001';

/** SQL that fails with "this value can't be read as the column's type"; `text` is SQL for the value. */
export function cellError(table: string, column: string, text: string): string {
  return `error(${quoteText(`cell${mark}${table}${mark}${column}${mark}`)} || ${text})`;
}

/** SQL that fails with words of ours; `words` is SQL for them. */
export function saidError(table: string, column: string, words: string): string {
  return `error(${quoteText(`said${mark}${table}${mark}${column}${mark}`)} || ${words})`;
}

export interface ReadError {
  readonly table: string;
  readonly column: string;
  readonly text: string;
  /** True where `text` is a message, false where it is the value that could not be read. */
  readonly said: boolean;
}

/** What `error()` said about one value; undefined for any other message of the engine. */
export function readError(message: string): ReadError | undefined {
  const [first, table, column, ...text] = message.split(mark);
  const said = first?.endsWith('said') === true;
  if (!(said || first?.endsWith('cell') === true) || table === undefined || column === undefined) return undefined;
  return { table, column, text: text.join(mark), said };
}
