import type Big from 'big.js';
import type { TestAtom } from '../decision/logic.ts';

/** A stretch of numbers; null: without an end. */
export interface Stretch {
  readonly low: Big | null;
  readonly lowClosed: boolean;
  readonly high: Big | null;
  readonly highClosed: boolean;
}

/** The numbers that none of the tests matches, in order: so `not(…)` is written without a word that engines read differently. */
export function complement(atoms: readonly TestAtom[]): Stretch[] {
  const covered = atoms.flatMap(stretchOf).sort(byLow);
  const gaps: Stretch[] = [];
  let from: Big | null = null;
  let fromClosed = false;
  for (const { low, lowClosed, high, highClosed } of covered) {
    if (low !== null) {
      const gap = { low: from, lowClosed: fromClosed, high: low, highClosed: !lowClosed };
      if (!isEmpty(gap)) gaps.push(gap);
    }
    if (high === null) return gaps;
    if (from === null || high.gt(from) || (high.eq(from) && highClosed)) {
      from = high;
      fromClosed = !highClosed;
    }
  }
  return [...gaps, { low: from, lowClosed: fromClosed, high: null, highClosed: false }];
}

function stretchOf(atom: TestAtom): Stretch[] {
  switch (atom.kind) {
    case 'null':
      return [];
    case 'equal':
      return typeof atom.value === 'object'
        ? [{ low: atom.value, lowClosed: true, high: atom.value, highClosed: true }]
        : [];
    case 'compare': {
      const closed = atom.operator.endsWith('=');
      return atom.operator.startsWith('<')
        ? [{ low: null, lowClosed: false, high: atom.bound, highClosed: closed }]
        : [{ low: atom.bound, lowClosed: closed, high: null, highClosed: false }];
    }
    case 'interval':
      return isEmpty(atom) ? [] : [atom];
  }
}

function isEmpty({ low, lowClosed, high, highClosed }: Stretch): boolean {
  if (low === null || high === null) return false;
  return low.gt(high) || (low.eq(high) && !(lowClosed && highClosed));
}

function byLow(a: Stretch, b: Stretch): number {
  if (a.low === null || b.low === null) return a.low === b.low ? 0 : a.low === null ? -1 : 1;
  return a.low.cmp(b.low) || Number(b.lowClosed) - Number(a.lowClosed);
}
