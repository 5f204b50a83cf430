/** The header of a CSV, read by us: the engine's guessing reports a ragged line as "no dialect" and renames columns. */
export interface CsvHeader {
  readonly delimiter: string;
  /** Names as written, without spaces around them; made unique, because SQL needs that. */
  readonly names: readonly string[];
  /** Empty lines before the header. */
  readonly skip: number;
}

const delimiters = [',', ';', '\t', '|'];

/** `text` is the beginning of the file; undefined where it holds no line with a name. */
export function csvHeader(text: string): CsvHeader | undefined {
  const body = text.replace(/^\ufeff/, '');
  const blank = /^(?:[ \t]*(?:\r\n|\n|\r))*/.exec(body)?.[0] ?? '';
  const rest = body.slice(blank.length);
  const plain = (rest.split(/\r\n|\n|\r/, 1)[0] ?? '').replace(/"[^"]*"/g, '');
  const counts = delimiters.map((mark) => ({ mark, count: plain.split(mark).length }));
  const delimiter = counts.reduce((best, next) => (next.count > best.count ? next : best)).mark;
  const names = firstRecord(rest, delimiter).map((name) => name.trim());
  if (names.every((name) => name === '')) return undefined;
  return { delimiter, names: unique(names), skip: blank.split(/\r\n|\n|\r/).length - 1 };
}

/** Values of the first record; a value in quotes may hold the separator and line ends. */
function firstRecord(text: string, delimiter: string): string[] {
  const values: string[] = [];
  let value = '';
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charAt(at);
    if (quoted) {
      if (unit !== '"') value += unit;
      else if (text.charAt(at + 1) === '"') {
        value += '"';
        at++;
      } else quoted = false;
    } else if (unit === '"' && value.trim() === '') {
      value = '';
      quoted = true;
    } else if (unit === delimiter) {
      values.push(value);
      value = '';
    } else if (unit === '\n' || unit === '\r') break;
    else value += unit;
  }
  return [...values, value];
}

function unique(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.map((name, at) => {
    let free = name === '' ? `column ${at + 1}` : name;
    for (let count = 2; seen.has(free.toLowerCase()); count++) free = `${name} (${count})`;
    seen.add(free.toLowerCase());
    return free;
  });
}
