import type { CheckedSop } from '../check/checked.ts';
import type { Coverage, SopLogic } from '../coverage/coverage.ts';
import type { ObligationKind, SqlReach, Witness } from '../coverage/obligation.ts';
import type { Answer, CrossSops } from '../coverage/techniques/cross-sops.ts';
import { type Cell, countCells } from '../coverage/techniques/technique-matrix.ts';
import { showScalar } from '../decision/normalise.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { signalColumns } from '../replay/evaluate.ts';
import type { SourceFile } from '../text/source.ts';
import { jsonDiagnostic } from './json-check.ts';

/** What `sop coverage --format json` prints; `schemas/output/coverage.json` describes it. `floors`: what lies below its floor. */
export function jsonCoverage(
  { library, cells, steps, cross, logic, drafts }: Coverage,
  floors: readonly Diagnostic[],
  files: ReadonlyMap<string, SourceFile>,
  today: string,
) {
  return {
    version: 1,
    as_of: today,
    markets: library.desk.markets,
    dispositions: library.desk.dispositions,
    techniques: jsonTechniques(cells),
    next: steps.map(({ kind, cells: about, says, fix }) => ({
      kind,
      cells: about.map(({ technique, market }) => ({ technique: technique.id.value, market })),
      says,
      fix,
    })),
    ...jsonCross(cross),
    sops: logic.map(jsonLogic),
    drafts,
    diagnostics: floors.map((diagnostic) => jsonDiagnostic(diagnostic, files)),
  };
}

/** How many cells are in each state, and each that can happen. */
export function jsonTechniques(cells: readonly Cell[]) {
  const { not_applicable: _, ...counts } = countCells(cells);
  const applicable = cells.filter(({ state }) => state !== 'not_applicable');
  return { ...counts, cells: applicable.map(jsonCell) };
}

function jsonCell({ technique, market, state, claimedBy, results, attacks, innocents }: Cell) {
  return {
    technique: technique.id.value,
    name: technique.name,
    family: technique.family,
    market,
    state,
    claimed_by: claimedBy.map(({ id, status }) => ({ sop: id.value, status: status.value })),
    caught: attacks.length,
    left_alone: innocents.length,
    cases: results.map(({ entry, sop, outcome, observed }) => ({
      case: entry.name.value,
      sop,
      kind: entry.kind,
      input: entry.input.kind === 'given' ? 'data' : 'signals',
      outcome,
      observed,
    })),
  };
}

function jsonCross({ sightings, alone, disagreements }: CrossSops) {
  return {
    sightings: sightings.map(({ entry, answers }) => ({
      case: entry.name.value,
      kind: entry.kind,
      technique: entry.technique.value,
      market: entry.market.value,
      answers: answers.map(jsonAnswer),
    })),
    alone: alone.map(({ technique, sop, claimedToo, seenBy }) => ({
      technique: technique.id.value,
      sop,
      claimed_too: claimedToo,
      seen_by: seenBy,
    })),
    disagreements: disagreements.map(({ kind, entry, further, milder }) => ({
      case: entry.name.value,
      kind,
      further: further.map(jsonAnswer),
      milder: milder.map(jsonAnswer),
    })),
  };
}

function jsonAnswer({ sop, disposition, outcome }: Answer) {
  return { sop, disposition, outcome };
}

function jsonLogic({ sop, checked, proof, tallies, why }: SopLogic) {
  const of = (kind: ObligationKind) => {
    const found = tallies.find((tally) => tally.kind === kind);
    if (found === undefined) return null;
    const { kind: _, ...figures } = found;
    return figures;
  };
  return {
    sop,
    rules: of('rule'),
    bounds: of('bound'),
    conditions: of('condition'),
    null: of('null'),
    outputs: of('output'),
    mutants: of('mutant'),
    sql_mutants: proof === null || proof.sql === null ? null : of('sql_mutant'),
    gaps: of('gap'),
    sql: jsonReach(proof?.sql ?? null),
    left_out: proof?.leftOut ?? [],
    open: (proof?.obligations ?? [])
      .filter(({ state }) => state === 'open' || state === 'undecided')
      .map(({ id, kind, state, says, witness, needs }) => {
        const example = witness === null ? null : jsonExample(witness, checked);
        return { id, kind, state, says, example, needs };
      }),
    why,
  };
}

function jsonReach(sql: SqlReach | null) {
  if (sql === null) return null;
  const { refused, dropped, unread, untried } = sql;
  return { refused, dropped, unread, untried: untried.length };
}

function jsonExample({ segment, values, before, after }: Witness, checked: CheckedSop) {
  const columns = signalColumns(checked);
  const signals = [...values].map(([signal, value]) => [signal, showScalar(value, columns.get(signal) ?? null)]);
  return { segment, signals: Object.fromEntries(signals), before, after };
}
