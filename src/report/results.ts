import type { CheckedLibrary } from '../check/checked.ts';
import type { SinceReport } from '../coverage/ratchet/since.ts';
import { compareDiagnostics, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Code } from '../diagnostics/registry.ts';
import type { CaseOutcome } from '../model/case.ts';
import type { CaseResult } from '../replay/run-case.ts';
import type { ViewResult } from '../replay/run-view-case.ts';
import type { TestRun } from '../replay/test-library.ts';
import { lineStarts, type Position, positionAt, type SourceFile, type Span } from '../text/source.ts';

/** What a call of `sop`, `sop check`, `sop test` or `sop coverage` found: all that a report for other programs is made of. */
export interface Results {
  readonly command: 'sop' | 'sop check' | 'sop test' | 'sop coverage';
  /** Of this program. */
  readonly version: string;
  readonly checked: CheckedLibrary;
  readonly files: ReadonlyMap<string, SourceFile>;
  /** What is said of SOPs, cases and skills, before any case is run. */
  readonly found: readonly Diagnostic[];
  /** Null where no case was to be run. */
  readonly run: TestRun | null;
  /** What was so before the change that is judged, in files that it does not touch: shown, and counted for nothing. */
  readonly old: readonly Diagnostic[];
  /** What the change lost of what was proved before; null where nothing was compared. */
  readonly since: SinceReport | null;
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
  const isLost = (results.since?.ratchet.losses.length ?? 0) > 0;
  return isLost || everything(results).some((diagnostic) => fails(diagnostic, results));
}

/** How a case counts for a reader that knows only tests. */
export type Verdict = 'passed' | 'failed' | 'error' | 'skipped';

const outcomeCodes: Partial<Record<CaseOutcome, Code>> = {
  missed: 'SOP701', false_alarm: 'SOP702', differs: 'SOP703', error: 'SOP704', gap_closed: 'SOP705', gap_expired: 'SOP706',
}; // biome-ignore format: a small dictionary

/** What is not proved about a case and makes the command fail, beside how it came out. */
export function faultsOf({ diagnostics }: CaseResult, results: Results): Diagnostic[] {
  return diagnostics.filter((diagnostic) => fails(diagnostic, results) && !isIn(diagnostic, results.old));
}

/** A case fails too where it came out right and something that was proved about it did not. What was so before counts for nothing. */
export function verdictOf(result: CaseResult, results: Results): Verdict {
  const { outcome } = result;
  const isFaulty = faultsOf(result, results).length > 0;
  if (outcome === 'caught' || outcome === 'left_alone') return isFaulty ? 'failed' : 'passed';
  if (outcome === 'known_gap') return isFaulty ? 'failed' : 'skipped';
  if (!isFaulty && !isTold(result, results)) return 'skipped';
  return outcome === 'error' ? 'error' : 'failed';
}

/** Whether how it came out fails: unless it is known to have been so before, or a gap's note is only a warning here. */
function isTold(result: CaseResult, results: Results): boolean {
  const { outcome } = result;
  const isAbout = ({ code, args }: Diagnostic) =>
    code === outcomeCodes[outcome] && args['case'] === result.entry.name.value && args['sop'] === result.sop;
  if (results.old.some(isAbout)) return false;
  if (outcome === 'gap_closed' || outcome === 'gap_expired')
    return results.run?.diagnostics.some((found) => isAbout(found) && fails(found, results)) === true;
  if (outcome !== 'error' || results.old.length === 0) return true;
  // Its SQL failed, or its SOP has errors: told by diagnostics of their own, which may be old.
  if (result.diagnostics.some((found) => found.level === 'error')) return false;
  return results.found.some((found) => fails(found, results));
}

/** SQL that fails on the data of ten cases is told with the first of them: there the place is enough. */
function isIn({ code, span, args }: Diagnostic, others: readonly Diagnostic[]): boolean {
  return others.some(
    (other) =>
      other.code === code &&
      other.span.path === span.path &&
      other.span.start === span.start &&
      (/\/SOP\.md$|\.sql$/.test(span.path) || JSON.stringify(other.args) === JSON.stringify(args)),
  );
}

export function viewVerdictOf({ passed, why, diagnostics }: ViewResult, results: Results): Verdict {
  if (why !== '')
    return results.old.length === 0 || results.found.some((found) => fails(found, results)) ? 'error' : 'skipped';
  if (diagnostics.some((diagnostic) => fails(diagnostic, results) && !isIn(diagnostic, results.old))) return 'failed';
  return passed ? 'passed' : 'skipped';
}

/** Where a span starts and ends; its end is exclusive. Line 1, column 1 of a file that could not be read. */
export function placesOf(
  { path, start, end }: Span,
  { files }: Pick<Results, 'files'>,
): { from: Position; to: Position } {
  const starts = lineStarts(files.get(path)?.text ?? '');
  return { from: positionAt(starts, start), to: positionAt(starts, end) };
}
