import type { Answer } from '../decision/compare/answer.ts';
import type { Change } from '../decision/compare/compare.ts';
import type { Logic } from '../decision/logic.ts';
import { type Scalar, showScalar } from '../decision/normalise.ts';
import type { SopChange } from '../replay/compare-sops.ts';

/** What `sop compare --format json` prints; `schemas/output/compare.json` describes it. */
export function jsonCompare(found: SopChange) {
  const { before, after, decisions, elsewhere } = found;
  const logics = [before.logic, after.logic];
  return {
    version: 1,
    sop: after.sop.id.value,
    before: { version: before.sop.version.value },
    after: { version: after.sop.version.value },
    decisions: decisions.map(({ segment, change }) => ({
      segment,
      comparable: change.comparable,
      columns: change.columns,
      changes: change.changes.map((one) => jsonChange(one, logics)),
      not_known: change.open.map(({ cells, witness }) => ({
        region: Object.fromEntries(cells.map(({ column, text }) => [column, text])),
        witness: shownWitness(witness, logics),
      })),
      other_rule_same_answer: {
        complete: change.sameAnswer.areAll,
        rules: change.sameAnswer.rules.map(([one, other]) => ({ before: one, after: other })),
      },
    })),
    elsewhere,
  };
}

function jsonChange({ region, direction, before, after, rules }: Change, logics: readonly Logic[]) {
  return {
    direction,
    region: Object.fromEntries(region.cells.map(({ column, text }) => [column, text])),
    before: jsonAnswer(before, rules[0]),
    after: jsonAnswer(after, rules[1]),
    witness: shownWitness(region.witness, logics),
  };
}

function jsonAnswer(answer: Answer, rule: string) {
  if (answer.kind !== 'decided') return { kind: answer.kind, disposition: null, severity: null, rule: null };
  return { kind: answer.kind, disposition: answer.disposition, severity: answer.severity, rule };
}

/** Values as a cell writes them, rounded to the step of their column. */
export function shownWitness(witness: ReadonlyMap<string, Scalar>, logics: readonly Logic[]): Record<string, string> {
  const columns = new Map(logics.flatMap(({ inputs }) => inputs).map((column) => [column.name, column]));
  return Object.fromEntries([...witness].map(([name, value]) => [name, showScalar(value, columns.get(name) ?? null)]));
}
