import type { ModdleElement } from 'dmn-moddle';

/** A file's tree, and what stood in it that no version of DMN 1.3 knows; or why there is no tree. */
export type XmlTree =
  | { readonly ok: true; readonly root: ModdleElement; readonly skipped: readonly string[] }
  | { readonly ok: false; readonly why: string };

/** Larger files are refused: a decision table that a person can read has a thousandth of it. */
export const mostBytes = 5_000_000;

const dmn13 = 'https://www.omg.org/spec/DMN/20191111/MODEL/';

/** The other versions of DMN: their tables are written alike. */
const otherVersions = [
  'http://www.omg.org/spec/DMN/20151101/dmn.xsd',
  'http://www.omg.org/spec/DMN/20151101/dmn11.xsd',
  'http://www.omg.org/spec/DMN/20180521/MODEL/',
  'https://www.omg.org/spec/DMN/20211108/MODEL/',
  'https://www.omg.org/spec/DMN/20230324/MODEL/',
  'https://www.omg.org/spec/DMN/20240513/MODEL/',
];

/** Reads XML as DMN. A document type is refused, so that no entity can name a file or swell; the reader knows none anyway. */
export async function readXml(bytes: Uint8Array): Promise<XmlTree> {
  if (bytes.length > mostBytes)
    return { ok: false, why: `it has ${bytes.length} bytes; at most ${mostBytes} are read` };
  const text = decode(bytes);
  if (text === undefined) return { ok: false, why: 'it is no UTF-8 text; save it as UTF-8' };
  const start = skipProlog(text);
  if (text.startsWith('<!DOCTYPE', start))
    return { ok: false, why: 'it has a document type (`<!DOCTYPE`), which could name other files; take it out' };
  if (text.charAt(start) !== '<') return { ok: false, why: 'it is no XML' };
  const { DmnModdle } = await import('dmn-moddle');
  try {
    const { rootElement, warnings } = await new DmnModdle().fromXML(asDmn13(text), 'dmn:Definitions');
    return { ok: true, root: rootElement, skipped: warnings.flatMap(({ message }) => skippedOf(message)) };
  } catch (error) {
    return { ok: false, why: plainReason(error instanceof Error ? error.message : '') };
  }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The place of the first tag that is no declaration, instruction or comment. */
function skipProlog(text: string): number {
  let at = 0;
  for (;;) {
    while (/\s/.test(text.charAt(at))) at++;
    const close = text.startsWith('<?', at) ? '?>' : text.startsWith('<!--', at) ? '-->' : undefined;
    const end = close === undefined ? -1 : text.indexOf(close, at);
    if (close === undefined || end < 0) return at;
    at = end + close.length;
  }
}

function asDmn13(text: string): string {
  let read = text;
  for (const version of otherVersions)
    read = read.replaceAll(`"${version}"`, `"${dmn13}"`).replaceAll(`'${version}'`, `'${dmn13}'`);
  return read;
}

/** Pictures of the diagram and attributes of other tools say nothing about decisions. */
function skippedOf(message: string): string[] {
  const [first = ''] = message.split('\n');
  const what = /^unparsable content (.*) detected$/.exec(first)?.[1];
  if (what === undefined || /^<[\w.-]*:?(?:DMNDI|extensionElements)\b/.test(what)) return [];
  const line = /line: (\d+)/.exec(message)?.[1];
  const reason = /nested error: (.*)/.exec(message)?.[1]?.trim();
  const about = reason?.startsWith('duplicate ID')
    ? ', because its id stands twice'
    : reason?.startsWith('illegal ID')
      ? ', because its id does not begin with a letter or `_`, or holds what XML allows in none'
      : '';
  return [`${what}${line === undefined ? '' : ` in line ${Number(line) + 1}`}${about}`];
}

function plainReason(message: string): string {
  if (message.startsWith('failed to parse document as'))
    return 'its outermost element is no `<definitions>` of DMN 1.1 to 1.6';
  const line = /line: (\d+)/.exec(message)?.[1];
  const reason = /nested error: (.*)/.exec(message)?.[1]?.trim();
  const where = line === undefined ? '' : ` in line ${Number(line) + 1}`;
  return `its XML is broken${where}${reason === undefined || reason === '' ? '' : `: ${reason}`}`;
}
