import Big from 'big.js';
import type { Logic, Test, TestAtom } from '../decision/logic.ts';
import type { BoundPlace } from './movable-bounds.ts';

/** Where a moved bound stands, seen from a value. */
export type Relation = 'below' | 'at' | 'above';

const far = new Big('1e400');

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
          own
            .filter(({ place }) => place.column === column)
            .reduce((one, { place, relation }) => forceTest(one, place, relation), test),
        ),
      };
    }),
  }));
  return { ...logic, tables };
}

function forceTest(test: Test, place: BoundPlace, relation: Relation): Test {
  if (test.kind === 'any') return test;
  return {
    ...test,
    atoms: test.atoms.map((atom, index) => (index === place.atom ? forceAtom(atom, place.end, relation) : atom)),
  };
}

function forceAtom(atom: TestAtom, end: BoundPlace['end'], relation: Relation): TestAtom {
  const least = (closed: boolean) => (relation === 'below' || (relation === 'at' && closed) ? far.neg() : far);
  const most = (closed: boolean) => (relation === 'above' || (relation === 'at' && closed) ? far : far.neg());
  switch (atom.kind) {
    case 'null':
      return atom;
    case 'equal':
      return { kind: 'compare', operator: '>=', bound: relation === 'at' ? far.neg() : far };
    case 'compare':
      return {
        ...atom,
        bound: atom.operator.startsWith('>') ? least(atom.operator === '>=') : most(atom.operator === '<='),
      };
    case 'interval':
      return end === 'low' ? { ...atom, low: least(atom.lowClosed) } : { ...atom, high: most(atom.highClosed) };
  }
}
