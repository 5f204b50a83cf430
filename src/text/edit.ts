import type { Span } from './source.ts';

/** Replace the text of `span` by `text`. An empty span inserts. */
export interface TextEdit {
  readonly span: Span;
  readonly text: string;
}

/**
 * Applies edits of one file, last place first. Of two edits that overlap, the one that starts earlier wins and the
 * other is left for the next run: half an edit would be worse than none. The same edit of two diagnostics is made once.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = [...edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  let result = '';
  let at = 0;
  let last: TextEdit | undefined;
  for (const edit of ordered) {
    const isRepeated =
      edit.span.start === last?.span.start && edit.span.end === last.span.end && edit.text === last.text;
    if (edit.span.start < at || isRepeated) continue;
    last = edit;
    result += text.slice(at, edit.span.start) + edit.text;
    at = edit.span.end;
  }
  return result + text.slice(at);
}
