import { type Diagnostic, diagnose } from '../../diagnostics/diagnostic.ts';
import type { Cell } from '../../syntax/markdown.ts';
import { nearest, onlyNearest } from '../../text/nearest.ts';
import type { Located, Span } from '../../text/source.ts';
import { type ValueType, valueTypes } from '../value.ts';

const namePattern = /^[a-z][a-z0-9_]{0,62}$/;

/** A signal's or parameter's name: what SQL can use without quotes. One that is none goes by the name that it should have. */
export function readName(cell: Cell, found: Diagnostic[]): Located<string> {
  if (!namePattern.test(cell.text)) {
    const suggestion = snakeCase(cell.text);
    const edits = suggestion === '' ? [] : [{ span: cell.span, text: suggestion }];
    found.push(diagnose('SOP304', cell.span, { name: cell.text, suggestion }, { edits }));
    if (suggestion !== '') return { value: suggestion, span: cell.span };
  }
  return { value: cell.text, span: cell.span };
}

/** A file's name as a name for SQL. */
export function readFileName(path: string, ending: string, span: Span, found: Diagnostic[]): Located<string> {
  const name = (path.split('/').at(-1) ?? '').slice(0, -ending.length - 1);
  const problems: Diagnostic[] = [];
  readName({ text: name, span }, problems);
  // The name is the file's: no edit of the text would mend it.
  found.push(...problems.map((problem) => ({ ...problem, edits: [] })));
  return { value: name, span };
}

export function snakeCase(text: string): string {
  const name = text
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return namePattern.test(name) ? name : '';
}

/** An unknown type is read as `number`, so that the rest of the row can still be checked. */
export function readType(cell: Cell, found: Diagnostic[]): ValueType {
  const type = valueTypes.find((known) => known === cell.text);
  if (type !== undefined) return type;
  const only = onlyNearest(cell.text, valueTypes);
  const edits = only === undefined ? [] : [{ span: cell.span, text: only }];
  found.push(
    diagnose(
      'SOP401',
      cell.span,
      { type: cell.text, near: nearest(cell.text, valueTypes), known: valueTypes },
      { edits },
    ),
  );
  return 'number';
}
