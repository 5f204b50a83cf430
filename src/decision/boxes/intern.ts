import { anything, type Test, type TestAtom } from '../logic.ts';

/** Cells that say the same become one object, so that each is worked out once. Told by what they mean, not by how they are written. */
export type Intern = (test: Test | undefined) => Test;

export function internTests(): Intern {
  const known = new Map<string, Test>();
  const seen = new Map<Test, Test>();
  return (test = anything) => {
    const found = seen.get(test);
    if (found !== undefined) return found;
    const key = testKey(test);
    const kept = known.get(key) ?? test;
    known.set(key, kept);
    seen.set(test, kept);
    return kept;
  };
}

/** The same text for tests that let the same through because they say the same. */
export function testKey(test: Test): string {
  if (test.kind === 'any') return '-';
  const atoms = test.atoms.map(atomKey);
  return `${test.negated ? 'not ' : ''}${test.alsoNull ? 'or null ' : ''}${atoms.join()}`;
}

function atomKey(atom: TestAtom): string {
  switch (atom.kind) {
    case 'null':
      return 'null';
    case 'equal':
      return `= ${typeof atom.value === 'string' ? JSON.stringify(atom.value) : atom.value}`;
    case 'compare':
      return `${atom.operator} ${atom.bound}`;
    case 'interval':
      return `${atom.lowClosed ? '[' : '('}${atom.low} ${atom.high}${atom.highClosed ? ']' : ')'}`;
  }
}
