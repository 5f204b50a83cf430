import Big from 'big.js';
import type { Column, Logic, Test, TestAtom } from '../src/decision/logic.ts';

/** Twelve rules over four inputs, first hit: the shape of a table in a SOP. Every engine of the bench is given this one. */
export const dispositions = ['escalate', 'investigate', 'monitor', 'dismiss'] as const;

/** A rule: least ratio, the ratio that it stays below, least notional, account type, most fills; null where it says nothing. */
export interface BenchRule {
  readonly ratioFrom: number | null;
  readonly ratioBelow: number | null;
  readonly notionalFrom: number | null;
  readonly type: 'mm' | 'retail' | null;
  readonly fillsAtMost: number | null;
  readonly disposition: (typeof dispositions)[number];
  readonly severity: 'high' | 'low';
}

const rule = (
  ratioFrom: number | null,
  ratioBelow: number | null,
  notionalFrom: number | null,
  type: BenchRule['type'],
  fillsAtMost: number | null,
  disposition: BenchRule['disposition'],
  severity: BenchRule['severity'],
): BenchRule => ({ ratioFrom, ratioBelow, notionalFrom, type, fillsAtMost, disposition, severity });

export const rules: readonly BenchRule[] = [
  rule(0.9, null, 900_000, 'retail', null, 'escalate', 'high'),
  rule(0.9, null, 500_000, 'mm', 20, 'escalate', 'high'),
  rule(0.8, 0.9, 800_000, 'retail', null, 'escalate', 'high'),
  rule(0.8, 0.9, 250_000, 'mm', 40, 'investigate', 'high'),
  rule(0.6, 0.8, 750_000, null, 60, 'investigate', 'high'),
  rule(0.6, 0.8, 250_000, 'retail', null, 'investigate', 'low'),
  rule(0.4, 0.6, 600_000, null, null, 'investigate', 'low'),
  rule(0.4, 0.6, 250_000, 'retail', 50, 'monitor', 'low'),
  rule(0.2, 0.4, 800_000, 'mm', null, 'monitor', 'low'),
  rule(0.2, 0.4, 100_000, null, 80, 'monitor', 'low'),
  rule(null, 0.2, 950_000, null, 10, 'monitor', 'low'),
  rule(null, null, null, null, null, 'dismiss', 'low'),
];

export interface BenchRow {
  readonly ratio: number;
  readonly notional: number;
  readonly type: string;
  readonly fills: number;
}

/** Rows that follow from their number alone. */
export function benchRows(count: number): BenchRow[] {
  return Array.from({ length: count }, (_, n) => ({
    ratio: ((n * 7919) % 10_000) / 10_000,
    notional: (n * 104_729) % 1_000_000,
    type: n % 3 === 0 ? 'mm' : 'retail',
    fills: (n * 31) % 100,
  }));
}

const column = (name: string, type: Column['type'], step: string | null): Column => {
  return {
    name,
    type,
    step: step === null ? null : new Big(step),
    range: { kind: 'any' },
    rangeText: '',
    missing: null,
  };
};

const inputs = [
  column('ratio', 'number', '0.0001'),
  column('notional', 'number', null),
  column('type', 'enum', null),
  column('fills', 'integer', '1'),
];

export const logic: Logic = {
  inputs,
  tables: [
    {
      name: 'decision',
      hitPolicy: 'F',
      inputs,
      outputs: ['disposition', 'severity'].map((name) => ({ name, type: 'text', order: null })),
      rules: rules.map((given, index) => ({
        id: `R${index + 1}`,
        tests: [ratioTest(given), from(given.notionalFrom), word(given.type), atMost(given.fillsAtMost)],
        outputs: [given.disposition, given.severity],
      })),
      otherwise: null,
    },
  ],
};

function testOf(atom: TestAtom | null): Test {
  return atom === null ? { kind: 'any' } : { kind: 'tests', negated: false, atoms: [atom], alsoNull: false, text: '' };
}

function ratioTest({ ratioFrom, ratioBelow }: BenchRule): Test {
  if (ratioFrom === null || ratioBelow === null)
    return ratioBelow === null
      ? from(ratioFrom)
      : testOf({ kind: 'compare', operator: '<', bound: new Big(ratioBelow) });
  const [low, high] = [new Big(ratioFrom), new Big(ratioBelow)];
  return testOf({ kind: 'interval', low, high, lowClosed: true, highClosed: false });
}

function from(bound: number | null): Test {
  return testOf(bound === null ? null : { kind: 'compare', operator: '>=', bound: new Big(bound) });
}

function word(value: string | null): Test {
  return testOf(value === null ? null : { kind: 'equal', value });
}

function atMost(bound: number | null): Test {
  return testOf(bound === null ? null : { kind: 'compare', operator: '<=', bound: new Big(bound) });
}
