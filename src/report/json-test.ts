import type { CheckedLibrary } from '../check/checked.ts';
import type { SinceReport } from '../coverage/ratchet/since.ts';
import { techniqueMatrix } from '../coverage/techniques/technique-matrix.ts';
import type { Decision } from '../decision/decide.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { CaseOutcome } from '../model/case.ts';
import type { Library } from '../model/library.ts';
import { type RuleReach, rulesReached } from '../replay/rules-reached.ts';
import type { CaseResult } from '../replay/run-case.ts';
import type { DraftResult } from '../replay/run-draft.ts';
import type { TestRun } from '../replay/test-library.ts';
import type { SourceFile } from '../text/source.ts';
import { jsonDiagnostic } from './json-check.ts';
import { jsonTechniques } from './json-coverage.ts';
import { jsonSince } from './json-since.ts';

/** What `sop test --format json` prints; `schemas/output/test.json` describes it. */
export function jsonTest(
  run: TestRun,
  { library, sops }: CheckedLibrary,
  diagnostics: readonly Diagnostic[],
  files: ReadonlyMap<string, SourceFile>,
  since: SinceReport | null = null,
) {
  const of = (outcome: CaseOutcome) => run.results.filter((result) => result.outcome === outcome).length;
  return {
    version: 1,
    summary: {
      sops: new Set(run.results.map((result) => result.sop)).size,
      cases: run.results.length,
      caught: of('caught'),
      left_alone: of('left_alone'),
      missed: of('missed'),
      false_alarm: of('false_alarm'),
      differs: of('differs'),
      known_gap: of('known_gap'),
      gap_closed: of('gap_closed'),
      gap_expired: of('gap_expired'),
      error: of('error'),
      run_again: run.again,
      drafts: new Set(run.drafts.map(({ entry }) => entry.name.value)).size,
      views: {
        total: run.views.length,
        passed: run.views.filter((view) => view.passed).length,
        failed: run.views.filter((view) => !view.passed).length,
      },
    },
    cases: run.results.map(jsonCase),
    drafts: run.drafts.map(jsonDraft),
    elsewhere: run.elsewhere,
    coverage: {
      techniques: run.asked.length === 0 && run.again ? techniquesOf(library, run.results) : null,
      sops: sops
        .filter(({ sop }) => run.results.some((result) => result.sop === sop.id.value))
        .map(({ sop, logic }) => ({
          sop: sop.id.value,
          rules: countRules(rulesReached(sop.id.value, logic, run.results)),
        })),
    },
    dispositions: library.desk.dispositions,
    diagnostics: diagnostics.map((diagnostic) => jsonDiagnostic(diagnostic, files)),
    since: since === null ? null : jsonSince(since, files),
  };
}

/** In short: `sop coverage` gives the cases of each cell, and what to do. */
function techniquesOf(library: Library, results: readonly CaseResult[]) {
  const { cells, ...counts } = jsonTechniques(techniqueMatrix(library, results));
  return { ...counts, cells: cells.map(({ technique, market, state }) => ({ technique, market, state })) };
}

function jsonCase(result: CaseResult) {
  const { entry, expected } = result;
  return {
    case: entry.name.value,
    sop: result.sop,
    kind: entry.kind,
    technique: entry.technique.value,
    market: entry.market.value,
    outcome: result.outcome,
    subject: result.subject,
    expected: {
      disposition: expected.disposition,
      at_most: expected.atMost,
      severity: expected.severity,
      rules: expected.rules,
    },
    actual: jsonDecision(result.actual),
    signals: result.signals,
    why: result.why,
  };
}

/** Without an outcome: whoever counts outcomes does not find it. */
function jsonDraft({ entry, sop, subject, actual, why }: DraftResult) {
  return {
    case: entry.name.value,
    sop,
    kind: entry.kind,
    technique: entry.technique.value,
    market: entry.market.value,
    file: entry.path,
    subject,
    actual: jsonDecision(actual),
    why,
  };
}

function jsonDecision(actual: Decision | null) {
  if (actual === null) return null;
  return actual.kind === 'decided'
    ? { state: actual.kind, disposition: actual.disposition, severity: actual.severity, rule: actual.rule }
    : { state: actual.kind, disposition: null, severity: null, rule: null };
}

function countRules(rules: readonly RuleReach[]): { hit: number; total: number } {
  return { hit: rules.filter(({ by }) => by.length > 0).length, total: rules.length };
}
