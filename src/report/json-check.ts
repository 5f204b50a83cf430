import { type Diagnostic, wording } from '../diagnostics/diagnostic.ts';
import { lineStarts, positionAt, type SourceFile } from '../text/source.ts';

/** A diagnostic as scripts read it. `severity` is the key that readers of compiler output know; it holds our level. */
export function jsonDiagnostic(diagnostic: Diagnostic, files: ReadonlyMap<string, SourceFile>) {
  const { message, why, fix } = wording(diagnostic);
  const starts = lineStarts(files.get(diagnostic.span.path)?.text ?? '');
  const start = positionAt(starts, diagnostic.span.start);
  const end = positionAt(starts, diagnostic.span.end);
  return {
    code: diagnostic.code,
    severity: diagnostic.level,
    message,
    file: diagnostic.span.path,
    line: start.line,
    column: start.column,
    end_line: end.line,
    end_column: end.column,
    why,
    fix,
    fixable: diagnostic.edits.length > 0,
    witness: diagnostic.witness ?? null,
  };
}

export function jsonCheck(sops: number, diagnostics: readonly Diagnostic[], files: ReadonlyMap<string, SourceFile>) {
  const count = (level: Diagnostic['level']) => diagnostics.filter((diagnostic) => diagnostic.level === level).length;
  return {
    version: 1,
    summary: { sops, errors: count('error'), warnings: count('warning'), notes: count('note') },
    diagnostics: diagnostics.map((diagnostic) => jsonDiagnostic(diagnostic, files)),
  };
}
