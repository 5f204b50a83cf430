import type { EvalReport } from '../review/eval-report.ts';
import { type CaseScore, criterionNames } from '../review/score.ts';
import { isAllRight, type Share } from '../review/sum-up.ts';

/** What `sop eval --format json` prints; `schemas/output/eval.json` describes it. */
export function jsonEval({ agent, skills, scores, summary, left, kept }: EvalReport) {
  return {
    version: 1,
    agent,
    skills: skills.map(({ id, version, digest }) => ({ skill: id, sop_version: version, digest })),
    summary: {
      cases: scores.length,
      answered: summary.answered,
      all_right: summary.all.right,
      answers_of_an_earlier_run: kept,
      criteria: Object.fromEntries(criterionNames.map((name) => [name, jsonShare(summary.criteria[name])])),
      recall: summary.recall.map(({ technique, ...share }) => ({ technique, ...jsonShare(share) })),
      matrix: summary.matrix.rows.flatMap((expected, row) =>
        summary.matrix.columns.flatMap((given, column) => {
          const subjects = summary.matrix.counts[row]?.[column] ?? 0;
          return subjects === 0 ? [] : [{ expected, given, subjects }];
        }),
      ),
    },
    left_out: left.map(({ case: name, sop, why }) => ({ case: name, sop, why })),
    cases: scores.map(jsonScore),
  };
}

/** One case, a line of `--format jsonl` as well. */
export function jsonScore(score: CaseScore) {
  const { case: asked, failure, outcome, found, right, pairs, problems } = score;
  const { entry } = asked;
  return {
    case: entry.name.value,
    sop: entry.sop,
    kind: entry.kind,
    technique: entry.technique.value,
    market: entry.market.value,
    all_right: isAllRight(score),
    failure,
    outcome,
    found,
    right,
    // Nobody is listed whom the SOP dismisses and the agent does not name.
    subjects: pairs.filter(({ expected, given }) => given !== null || expected !== asked.asked.dispositions[0]),
    problems: problems
      .filter(({ text }) => text !== '')
      .map(({ criterion, subject, text }) => ({ criterion, subject, text })),
  };
}

function jsonShare({ right, of }: Share) {
  return { right, of };
}
