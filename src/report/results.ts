import type { CheckedLibrary } from '../check/checked.ts';
import { compareDiagnostics, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Code } from '../diagnostics/registry.ts';
import type { CaseOutcome } from '../model/case.ts';
import type { CaseResult } from '../replay/run-case.ts';
import type { ViewResult } from '../replay/run-view-case.ts';
import type { TestRun } from '../replay/test-library.ts';
import { lineStarts, type Position, positionAt, type SourceFile, type Span } from '../text/source.ts';

/** What a call of `sop`, `sop check` or `sop test` found: all that a report for other programs is made of. */
export interface Results {
  readonly command: 'sop' | 'sop check' | 'sop test';
  /** Of this program. */
  readonly version: string;
  readonly checked: CheckedLibrary;
  readonly files: ReadonlyMap<string, SourceFile>;
  /** What is said of SOPs, cases and skills, before any case is run. */
  readonly found: readonly Diagnostic[];
  /** Null where no case was to be run. */
  readonly run: TestRun | null;
  /** The day on which dates were judged. */
  readonly today: string;
  /** Warnings count as errors. */
  readonly strict: boolean;
  /** Where the project lies in its repository: empty, or `risk/` with a slash at its end. */
  readonly prefix: string;
  /** Where a reader can see a file of the repository; null where nobody knows. */
  readonly links: SourceLinks | null;
}

/** Addresses of files: `before`, the path in the repository, `#L` and a line. */
export interface SourceLinks {
  readonly before: string;
}

/** Whether diagnostics of this level make the command fail. */
export function fails({ level }: Diagnostic, { strict }: Pick<Results, 'strict'>): boolean {
  return level === 'error' || (strict && level === 'warning');
}

/** Everything that is said, in its order. */
export function everything({ found, run }: Results): Diagnostic[] {
  return [...found, ...(run?.diagnostics ?? [])].sort(compareDiagnostics);
}

export function hasFailed(results: Results): boolean {
  return everything(results).some((diagnostic) => fails(diagnostic, results));
}

/** How a case counts for a reader that knows only tests. */
export type Verdict = 'passed' | 'failed' | 'error' | 'skipped';

const gapCodes: Partial<Record<CaseOutcome, Code>> = { gap_closed: 'SOP705', gap_expired: 'SOP706' };

/** A case fails too where it came out right and something that was proved about it did not. */
export function verdictOf(result: CaseResult, results: Results): Verdict {
  if (result.outcome === 'error') return 'error';
  if (result.diagnostics.some((diagnostic) => fails(diagnostic, results))) return 'failed';
  if (result.outcome === 'caught' || result.outcome === 'left_alone') return 'passed';
  if (result.outcome === 'known_gap') return 'skipped';
  const code = gapCodes[result.outcome];
  if (code === undefined) return 'failed';
  const told = results.run?.diagnostics.some(
    (diagnostic) =>
      diagnostic.code === code &&
      diagnostic.args['case'] === result.entry.name.value &&
      diagnostic.args['sop'] === result.sop &&
      fails(diagnostic, results),
  );
  return told === true ? 'failed' : 'skipped';
}

export function viewVerdictOf({ passed, why, diagnostics }: ViewResult, results: Results): Verdict {
  if (why !== '') return 'error';
  return passed && !diagnostics.some((diagnostic) => fails(diagnostic, results)) ? 'passed' : 'failed';
}

/** Where a span starts and ends; its end is exclusive. Line 1, column 1 of a file that could not be read. */
export function placesOf(
  { path, start, end }: Span,
  { files }: Pick<Results, 'files'>,
): { from: Position; to: Position } {
  const starts = lineStarts(files.get(path)?.text ?? '');
  return { from: positionAt(starts, start), to: positionAt(starts, end) };
}
