import { type CaseScore, type Criterion, criterionNames } from './score.ts';
import { noAnswer } from './score-case.ts';

/** So many of so many. */
export interface Share {
  readonly right: number;
  readonly of: number;
}

/** What the scores of all cases come to. */
export interface Summary {
  /** Right in all that was scored. */
  readonly all: Share;
  readonly answered: number;
  readonly criteria: Readonly<Record<Criterion, Share>>;
  /** Cases that show a technique and must be found, and how many were. */
  readonly recall: readonly (Share & { readonly technique: string })[];
  readonly matrix: Matrix;
}

/** Subjects, by what the SOP says of them and what the agent does. Only rows and columns that hold something. */
export interface Matrix {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly counts: readonly (readonly number[])[];
}

/** In the matrix: the SOP knows no such subject. */
export const nobody = 'no subject';
/** In the matrix: nothing was reported. */
export const silent = 'no finding';

export function sumUp(scores: readonly CaseScore[]): Summary {
  return {
    all: share(scores.map(isAllRight)),
    answered: scores.filter(({ failure }) => failure === null).length,
    criteria: Object.fromEntries(
      criterionNames.map((name) => [name, share(scores.map(({ right }) => right[name]))]),
    ) as Summary['criteria'], // each of them
    recall: recallOf(scores),
    matrix: matrixOf(scores),
  };
}

export function isAllRight({ failure, right }: CaseScore): boolean {
  return failure === null && criterionNames.every((name) => right[name] !== false);
}

function share(judged: readonly (boolean | null)[]): Share {
  const scored = judged.filter((one) => one !== null);
  return { right: scored.filter(Boolean).length, of: scored.length };
}

function recallOf(scores: readonly CaseScore[]): Summary['recall'] {
  const sought = scores.filter(({ case: { entry } }) => entry.kind !== 'benign');
  const techniques = [...new Set(sought.map(({ case: { entry } }) => entry.technique.value))].sort();
  return techniques
    .map((technique) => ({
      technique,
      ...share(sought.filter((one) => one.case.entry.technique.value === technique).map(({ found }) => found)),
    }))
    .filter(({ of }) => of > 0);
}

function matrixOf(scores: readonly CaseScore[]): Matrix {
  const order = scores[0]?.case.asked.dispositions.toReversed() ?? [];
  const words = [...order, 'undecided', 'invalid'];
  const pairs = scores.flatMap((one) => one.pairs);
  const cells = new Map<string, number>();
  const key = (row: string, column: string) => JSON.stringify([row, column]);
  for (const { expected, given } of pairs) {
    const cell = key(expected ?? nobody, given ?? silent);
    cells.set(cell, (cells.get(cell) ?? 0) + 1);
  }
  const rows = [...words, nobody].filter((row) => pairs.some(({ expected }) => (expected ?? nobody) === row));
  const columns = [...words, silent, noAnswer].filter((column) =>
    pairs.some(({ given }) => (given ?? silent) === column),
  );
  return { rows, columns, counts: rows.map((row) => columns.map((column) => cells.get(key(row, column)) ?? 0)) };
}
