import Big from 'big.js';
import type { Logic, Test, TestAtom } from '../decision/logic.ts';
import type { BoundPlace } from './movable-bounds.ts';

/** Where a moved bound stands, seen from a value. */
export type Relation = 'below' | 'at' | 'above';

/** The logic in which bounds stand as stated to the value of their column, whatever that is. `null` leaves them as they are. */
export function forceBounds(
  logic: Logic,
  places: readonly BoundPlace[],
  relations: readonly (Relation | null)[],
): Logic {
  const tables = logic.tables.map((table, at) => ({
    ...table,
    rules: table.rules.map((rule, row) => {
      const own = places.flatMap((place, index) => {
        const relation = relations[index];
        return place.table === at && place.rule === row && relation !== null && relation !== undefined
          ? [{ place, relation }]
          : [];
      });
      if (own.length === 0) return rule;
      return {
        ...rule,
        tests: rule.tests.map((test, column) =>
          forceTest(
            test,
            own.filter(({ place }) => place.column === column),
          ),
        ),
      };
    }),
  }));
  return { ...logic, tables };
}

interface Forced {
  readonly place: BoundPlace;
  readonly relation: Relation;
}

function forceTest(test: Test, own: readonly Forced[]): Test {
  if (test.kind === 'any' || own.length === 0) return test;
  const atoms = test.atoms.flatMap((atom, index) => {
    const here = own.filter(({ place }) => place.atom === index);
    return here.length === 0 ? [atom] : forceAtom(atom, here);
  });
  return { ...test, atoms };
}

/** Every number is one or the other. */
const zero = new Big(0);
const allNumbers: readonly TestAtom[] = [
  { kind: 'compare', operator: '<', bound: zero },
  { kind: 'compare', operator: '>=', bound: zero },
];

/** What is left to ask: nothing where no value passes, all numbers where each does. */
function forceAtom(atom: TestAtom, own: readonly Forced[]): readonly TestAtom[] {
  switch (atom.kind) {
    case 'null':
      return [atom];
    case 'equal':
      return own.every(({ relation }) => relation === 'at') ? allNumbers : [];
    case 'compare':
      return own.every(({ relation }) => passes(atom.operator, relation)) ? allNumbers : [];
    case 'interval': {
      const from = atom.lowClosed ? '>=' : '>';
      const to = atom.highClosed ? '<=' : '<';
      if (!own.every(({ place, relation }) => passes(place.end === 'low' ? from : to, relation))) return [];
      const isMoved = (end: BoundPlace['end']) => own.some(({ place }) => place.end === end);
      if (isMoved('low') && isMoved('high')) return allNumbers;
      const [operator, bound] = isMoved('low') ? ([to, atom.high] as const) : ([from, atom.low] as const);
      return [{ kind: 'compare', operator, bound }];
    }
  }
}

function passes(operator: '<' | '<=' | '>' | '>=', relation: Relation): boolean {
  return relation === 'at' ? operator.endsWith('=') : (relation === 'below') === operator.startsWith('>');
}
