import type Big from 'big.js';
import { compileTest } from '../../decision/compile-test.ts';
import type { Column, Test, TestAtom } from '../../decision/logic.ts';
import { normalise, type Scalar } from '../../decision/normalise.ts';

/** Numbers beside each other: from `low` to `high`, or one of them alone. */
export interface Zone {
  readonly low: Big;
  readonly high: Big;
  readonly lowClosed: boolean;
  readonly highClosed: boolean;
}

/** The test that says the opposite in a zone, throughout which it says one thing as it stands. `sample` lies in the zone. */
export function flipIn(test: Test, zone: Zone, sample: Big, column: Column): Test {
  const isIn = compileTest(test, column)(scalarAt(sample, column));
  if (test.kind === 'any') return { kind: 'tests', negated: true, atoms: [atomOf(zone)], alsoNull: true, text: '' };
  const grows = isIn === test.negated;
  const atoms = grows ? [...test.atoms, atomOf(zone)] : test.atoms.flatMap((atom) => without(atom, zone));
  return { ...test, atoms };
}

/** A number as a column holds it; null where it cannot hold it. */
export function scalarAt(value: Big, column: Column): Scalar {
  const read = normalise(value, column);
  return read.ok ? read.value : null;
}

function atomOf({ low, high, lowClosed, highClosed }: Zone): TestAtom {
  return low.eq(high) ? { kind: 'equal', value: low } : { kind: 'interval', low, high, lowClosed, highClosed };
}

/** What is left of a test's part outside the zone. */
function without(atom: TestAtom, zone: Zone): TestAtom[] {
  const span = spanOf(atom);
  if (span === null) return [atom];
  const below: Stretch = { ...span, high: lesser(span.high, { at: zone.low, closed: !zone.lowClosed }) };
  const above: Stretch = { ...span, low: greater(span.low, { at: zone.high, closed: !zone.highClosed }) };
  return [below, above].flatMap(partOf);
}

interface End {
  readonly at: Big;
  readonly closed: boolean;
}

interface Stretch {
  readonly low: End | null;
  readonly high: End | null;
}

/** Null for words, truth values and null. */
function spanOf(atom: TestAtom): Stretch | null {
  switch (atom.kind) {
    case 'null':
      return null;
    case 'equal': {
      const { value } = atom;
      if (typeof value !== 'object') return null;
      const end: End = { at: value, closed: true };
      return { low: end, high: end };
    }
    case 'compare': {
      const end: End = { at: atom.bound, closed: atom.operator.endsWith('=') };
      return atom.operator.startsWith('>') ? { low: end, high: null } : { low: null, high: end };
    }
    case 'interval':
      return {
        low: { at: atom.low, closed: atom.lowClosed },
        high: { at: atom.high, closed: atom.highClosed },
      };
  }
}

function lesser(one: End | null, other: End): End {
  if (one === null || other.at.lt(one.at)) return other;
  return one.at.eq(other.at) ? { at: one.at, closed: one.closed && other.closed } : one;
}

function greater(one: End | null, other: End): End {
  if (one === null || other.at.gt(one.at)) return other;
  return one.at.eq(other.at) ? { at: one.at, closed: one.closed && other.closed } : one;
}

function partOf({ low, high }: Stretch): TestAtom[] {
  if (low === null)
    return high === null ? [] : [{ kind: 'compare', operator: high.closed ? '<=' : '<', bound: high.at }];
  if (high === null) return [{ kind: 'compare', operator: low.closed ? '>=' : '>', bound: low.at }];
  if (low.at.gt(high.at) || (low.at.eq(high.at) && !(low.closed && high.closed))) return [];
  return [atomOf({ low: low.at, high: high.at, lowClosed: low.closed, highClosed: high.closed })];
}
