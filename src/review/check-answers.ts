import { type FindingProblem, problem } from './finding-problem.ts';
import { at, entriesAt, isOnlyBlanks } from './plain-json.ts';

/** The notes on steps and benign explanations say something, and what weighs more than the mildest disposition names its rows. */
export function checkAnswers(finding: unknown, schema: unknown): FindingProblem[] {
  return [
    ...entriesAt(finding, 'steps').flatMap(([step, answer]) => checkStep(step, answer)),
    ...entriesAt(finding, 'benign_explanations').flatMap(([row, answer]) => checkBenign(row, answer)),
    ...checkEvidence(finding, schema),
  ];
}

function checkStep(step: string, answer: unknown): FindingProblem[] {
  if (!isOnlyBlanks(at(answer, 'note'))) return [];
  return [problem('steps', ['steps', step, 'note'], 'say what was done, or why it was not')];
}

function checkBenign(row: string, answer: unknown): FindingProblem[] {
  return (['looked_for', 'found'] as const)
    .filter((part) => isOnlyBlanks(at(answer, part)))
    .map((part) =>
      problem(
        'benign',
        ['benign_explanations', row, part],
        part === 'found' ? 'say what was found' : 'say what was looked for, and where',
      ),
    );
}

function checkEvidence(finding: unknown, schema: unknown): FindingProblem[] {
  const rows = at(finding, 'evidence');
  if (!Array.isArray(rows)) return [];
  if (rows.length === 0 && needsEvidence(finding, schema))
    return [
      problem('evidence', ['evidence'], 'name the rows behind the signals: there are none, and somebody is accused'),
    ];
  return rows.flatMap((row: unknown, place) =>
    (['source_table', 'row_id'] as const)
      .filter((part) => isOnlyBlanks(at(row, part)) || (part === 'row_id' && isNothing(at(row, part))))
      .map((part) => problem('evidence', ['evidence', String(place), part], 'name the row: its table and its id')),
  );
}

/** The schema lets an id be any value of a table. */
function isNothing(id: unknown): boolean {
  return id === null || id === '' || typeof id === 'boolean';
}

/** Rows are asked for where a decision weighs more than the mildest, and rests on a value that SQL computed from rows. */
function needsEvidence(finding: unknown, schema: unknown): boolean {
  const [mildest] = listAt(schema, 'properties', 'decision', 'properties', 'disposition', 'enum');
  const disposition = at(finding, 'decision', 'disposition');
  if (typeof disposition !== 'string' || disposition === mildest) return false;
  return entriesAt(finding, 'signals').some(([, signal]) => at(signal, 'source') === 'sql');
}

function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}
