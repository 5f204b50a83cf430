import { type Diagnostic, diagnose, type Outcome } from '../../diagnostics/diagnostic.ts';
import { parseYaml } from '../../syntax/parse-yaml.ts';
import { childOf, entryOf, textOf, textsOf, type YamlEntry, type YamlNode } from '../../syntax/yaml.ts';
import { nearest, onlyNearest } from '../../text/nearest.ts';
import { type Located, spanAt } from '../../text/source.ts';
import { validate } from '../schema/validate.ts';
import type { Parameter, SqlText } from '../sop.ts';
import { type View, type ViewColumn, type ViewType, viewTypes } from '../view.ts';
import { readFileName, readName, readType } from './names.ts';
import { readRange } from './ranges.ts';

/** Reads a view: YAML in a comment at the top, one SELECT below it. `null` where its columns could not be known. */
export function buildView(path: string, text: string): Outcome<View | null> {
  const opening = /^\s*\/\*/.exec(text)?.[0].length;
  if (opening === undefined) return [null, [noHeader(path, text, 'the file does not begin with a comment `/* … */`')]];
  const end = text.indexOf('*/', opening);
  if (end < 0) return [null, [noHeader(path, text, 'the comment at the top is never closed')]];
  const [node, parsed] = parseYaml(path, text.slice(opening, end), opening);
  if (parsed.length > 0) return [null, parsed];
  if (node?.kind !== 'map')
    return [null, [noHeader(path, text, 'the comment at the top holds no keys such as `title:`')]];
  const found: Diagnostic[] = validate('view', node, 'the header of the view');
  if (found.length > 0) return [null, found];
  const columns = entriesOf(node, 'columns').map((entry) => readColumn(entry, found));
  const key = textsOf(childOf(node, 'key'));
  found.push(...strangeKeys(key, columns));
  const title = textOf(childOf(node, 'title')) ?? { value: '', span: node.span };
  const name = readFileName(path, 'sql', title.span, found);
  const view: View = {
    path,
    name,
    title: title.value,
    parameters: entriesOf(node, 'parameters').map((entry) => readParameter(entry, text, found)),
    columns,
    key,
    sql: sqlBelow(path, text, end + 2),
  };
  return [found.length > 0 ? null : view, found];
}

function strangeKeys(key: readonly Located<string>[], columns: readonly ViewColumn[]): Diagnostic[] {
  const known = columns.map((column) => column.name.value);
  return key.flatMap(({ value, span }) => {
    if (known.includes(value)) return [];
    const only = onlyNearest(value, known);
    const edits = only === undefined ? [] : [{ span, text: only }];
    return [diagnose('SOP329', span, { name: value, near: nearest(value, known), known }, { edits })];
  });
}

function noHeader(path: string, text: string, what: string): Diagnostic {
  const start = /^\s*/.exec(text)?.[0].length ?? 0;
  const length = text.slice(start).split(/\r|\n/, 1)[0]?.length ?? 0;
  return diagnose('SOP250', spanAt(path, start, start + Math.max(1, length)), { what });
}

function entriesOf(node: YamlNode, key: string): readonly YamlEntry[] {
  const value = childOf(node, key);
  return value?.kind === 'map' ? value.entries : [];
}

function readColumn({ key, value }: YamlEntry, found: Diagnostic[]): ViewColumn {
  const type = (textOf(value) ?? textOf(childOf(value, 'type')))?.value as ViewType; // the schema admits these words only
  return {
    name: readName({ text: key.value, span: key.span }, found),
    type,
    sql: viewTypes[type],
    unit: textOf(childOf(value, 'unit'))?.value ?? '',
    meaning: textOf(childOf(value, 'meaning'))?.value ?? '',
  };
}

function readParameter({ key, value }: YamlEntry, text: string, found: Diagnostic[]): Parameter {
  const type = textOf(childOf(value, 'type')) ?? { value: '', span: key.span };
  const range = entryOf(value, 'range');
  return {
    name: readName({ text: key.value, span: key.span }, found),
    type: readType({ text: type.value, span: type.span }, found),
    value: textOf(childOf(value, 'value')) ?? { value: '', span: key.span },
    bySegment: [],
    unit: textOf(childOf(value, 'unit'))?.value ?? '',
    range: readRange(rangeCell(range, text, key), found),
    meaning: textOf(childOf(value, 'meaning'))?.value ?? '',
  };
}

/** YAML reads `[5..1440]` without quotes as a list: it is taken as written. */
function rangeCell(range: YamlEntry | undefined, text: string, key: Located<string>) {
  if (range === undefined) return { text: '', span: key.span };
  const { span } = range.value;
  if (range.value.kind !== 'scalar') return { text: text.slice(span.start, span.end), span };
  // Inside the quotes, so that a place in the range is a place in the file.
  const inner = range.value.quoted ? spanAt(span.path, span.start + 1, span.end - 1) : span;
  return { text: range.value.source, span: inner };
}

/** What stands below the header, from its first word to its last. */
function sqlBelow(path: string, text: string, from: number): SqlText {
  const rest = text.slice(from);
  const start = from + (/^\s*/.exec(rest)?.[0].length ?? 0);
  const sql = rest.trim();
  const place = sql === '' ? from - 2 : start;
  return { text: sql, start: place, span: spanAt(path, place, place + Math.max(2, sql.length)) };
}
