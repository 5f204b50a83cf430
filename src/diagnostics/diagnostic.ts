import type { TextEdit } from '../text/edit.ts';
import type { Span } from '../text/source.ts';
import { type ArgsOf, type Code, codes } from './registry.ts';

/** How much a diagnostic weighs. *Severity* is an alert's word and is not used here. */
export type Level = 'error' | 'warning' | 'note';

/** Another place that explains the first one. */
export interface Related {
  readonly span: Span;
  readonly label: string;
}

/** What the compiler reports, as plain data: wording lives in the registry, layout in `report/`. */
export interface Diagnostic {
  readonly code: Code;
  readonly level: Level;
  readonly args: Readonly<Record<string, unknown>>;
  readonly span: Span;
  readonly related: readonly Related[];
  /** Present only where exactly one change is right; `--fix` applies it. */
  readonly edits: readonly TextEdit[];
  /** A concrete input that proves the diagnostic. */
  readonly witness?: string;
}

export interface Extra {
  readonly related?: readonly Related[];
  readonly edits?: readonly TextEdit[];
  readonly witness?: string;
}

/** The value that a stage made, and what it has to say about its input. */
export type Outcome<T> = readonly [T, readonly Diagnostic[]];

export function diagnose<C extends Code>(code: C, span: Span, args: ArgsOf<C>, extra: Extra = {}): Diagnostic {
  return {
    code,
    level: codes[code].level,
    args: args as Readonly<Record<string, unknown>>, // every entry's arguments are an object of plain values
    span,
    related: extra.related ?? [],
    edits: extra.edits ?? [],
    ...(extra.witness === undefined ? {} : { witness: extra.witness }),
  };
}

/** A diagnostic's words. */
export interface Wording {
  readonly message: string;
  readonly label: string;
  readonly why: string;
  readonly fix: string;
}

export function wording(diagnostic: Diagnostic): Wording {
  // Why the cast: the registry pairs each code with its own argument type; `diagnose` checked the pair when it was made.
  const entry = codes[diagnostic.code] as unknown as {
    message: (args: object) => string;
    label: (args: object) => string;
    why: (args: object) => string;
    fix: (args: object) => string;
  };
  const { args } = diagnostic;
  return { message: entry.message(args), label: entry.label(args), why: entry.why(args), fix: entry.fix(args) };
}

const levelOrder: Record<Level, number> = { error: 0, warning: 1, note: 2 };

/** The one order in which diagnostics are listed: by file, place, weight, code. */
export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  if (a.span.path !== b.span.path) return a.span.path < b.span.path ? -1 : 1;
  if (a.span.start !== b.span.start) return a.span.start - b.span.start;
  if (a.level !== b.level) return levelOrder[a.level] - levelOrder[b.level];
  if (a.code !== b.code) return a.code < b.code ? -1 : 1;
  return a.span.end - b.span.end;
}
