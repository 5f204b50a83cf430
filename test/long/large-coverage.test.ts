import { expect, test } from 'vitest';
import { proveSop } from '../../src/coverage/prove-sop.ts';
import { suggest } from '../../src/coverage/suggest.ts';
import { largeSop } from '../support/large-sop.ts';
import { desk } from '../support/sops.ts';

test('a table of 300 rules ends, and what it had no room for is said to be not known, or to be looked at later', () => {
  const checked = largeSop(300);
  const proof = proveSop(checked, [], desk);
  const count = (state: string) => proof.obligations.filter((one) => one.state === state).length;
  expect(proof.obligations.length).toBeGreaterThan(20_000);
  expect(count('proven')).toBe(0);
  expect(count('open')).toBeGreaterThan(10_000);
  expect(count('open') + count('impossible') + count('undecided')).toBe(proof.obligations.length);
  const { suggestions, later, left } = suggest(checked, [], desk, proof, []);
  expect(suggestions).toHaveLength(200);
  const closed = suggestions.reduce((sum, { closes }) => sum + closes.length, 0);
  expect(closed + left.length + later.length).toBe(count('open'));
}, 60_000);
