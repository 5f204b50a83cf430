import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { CaseResult } from '../../replay/run-case.ts';

export interface DebtInput {
  readonly found: readonly Diagnostic[];
  /** All that was found before. */
  readonly before: readonly Diagnostic[];
  readonly resultsBefore: readonly CaseResult[];
  readonly results: readonly CaseResult[];
  /** Paths of files that changed. */
  readonly touched: ReadonlySet<string>;
}

export interface Parted {
  readonly counted: readonly Diagnostic[];
  /** The base has these too, in files that nobody touched: they fail no change that is not about them. */
  readonly old: readonly Diagnostic[];
}

/** Parts what a change answers for from what was there before it. */
export function partDebt({ found, before, resultsBefore, results, touched }: DebtInput): Parted {
  const known = new Set(before.map(placeOf));
  const old = found.filter((diagnostic) => {
    const { path } = diagnostic.span;
    const result = resultAt(diagnostic, results);
    if (diagnostic.code === 'SOP706')
      return result !== undefined && ![...touched].some((other) => other.startsWith(`sops/${result.entry.sop}/`));
    if (touched.has(path)) return false;
    if (result === undefined) return known.has(placeOf(diagnostic));
    const was = resultsBefore.find(
      ({ entry, sop }) => entry.name.value === result.entry.name.value && sop === result.sop,
    );
    // `differs` is the mildest of failures: what was worse before has not got worse.
    const failedBefore = was !== undefined && isFailing(was);
    return failedBefore && (was.outcome === result.outcome || result.outcome === 'differs');
  });
  const isOld = new Set(old);
  return { counted: found.filter((diagnostic) => !isOld.has(diagnostic)), old };
}

/** In a file that did not change, places did not either. At the place of a floor, several SOPs may lie below it. */
function placeOf({ code, span, args }: Diagnostic): string {
  return JSON.stringify([code, span.path, span.start, span.end, args['sop'] ?? null, args['figure'] ?? null]);
}

/** The case that a diagnostic is about, where it says how a case came out. */
function resultAt({ code, args }: Diagnostic, results: readonly CaseResult[]): CaseResult | undefined {
  if (!/^SOP70[1-6]$/.test(code)) return undefined;
  return results.find(({ entry, sop }) => entry.name.value === args['case'] && sop === args['sop']);
}

function isFailing({ outcome }: CaseResult): boolean {
  return ['error', 'missed', 'false_alarm', 'differs', 'gap_closed'].includes(outcome);
}
