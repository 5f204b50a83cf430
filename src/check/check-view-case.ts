import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import type { Library } from '../model/library.ts';
import type { ViewCase } from '../model/view.ts';
import { nearest, onlyNearest } from '../text/nearest.ts';
import { parseTime } from '../text/time.ts';
import { checkCell, checkGiven } from './check-case.ts';
import { checkReplaces } from './check-case-reach.ts';

/** A case of a view names a view that is there, and rows that fit its columns and those of the tables. */
export function checkViewCase(entry: ViewCase, library: Library): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const given of entry.given) checkGiven(given, library, found);
  const { asOf } = entry;
  if (asOf !== null && parseTime(asOf.value) === undefined)
    found.push(
      diagnose('SOP205', asOf.span, { what: '`as_of`', value: asOf.value, say: 'a time such as 2026-11-02T02:00:00Z' }),
    );
  found.push(...checkReplaces(entry, entry.view.value, library));
  const { value: name, span } = entry.view;
  const known = library.views.map((view) => view.name.value);
  if (library.unreadSources.includes(name)) return found;
  if (!known.includes(name)) {
    const only = onlyNearest(name, known);
    const edits = only === undefined ? [] : [{ span, text: only }];
    return [...found, diagnose('SOP327', span, { name, near: nearest(name, known), known }, { edits })];
  }
  const table = library.sources.find((source) => source.name === name);
  const cells = entry.expect.flatMap((row) => row.cells);
  return [...found, ...(table === undefined ? [] : cells.flatMap((cell) => checkCell(cell, table)))];
}
