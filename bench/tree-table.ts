import Big from 'big.js';
import type { Column, Logic, LogicRule, LogicTable, Test } from '../src/decision/logic.ts';
import type { HitPolicy } from '../src/model/sop.ts';

export interface TreeTable {
  readonly rules: number;
  readonly inputs: number;
  readonly policy: HitPolicy;
  /** Share of the rules of which one cell is drawn anew. */
  readonly noise: number;
  readonly seed: number;
}

/** Steps of each input: bounds lie between 0 and this. */
const steps = 10_000;

interface Bounds {
  readonly low: number[];
  readonly high: number[];
}

/**
 * A table as a decision tree gives it: the space of all inputs is cut again and again at a random place of a random input, until there
 * are so many boxes; each box is a rule. Without noise it is complete and nothing overlaps. The same for the same seed.
 */
export function treeTable({ rules, inputs, policy, noise, seed }: TreeTable): Logic {
  const random = randomOf(seed);
  const boxes: Bounds[] = [
    { low: Array.from({ length: inputs }, () => 0), high: Array.from({ length: inputs }, () => steps) },
  ];
  for (let at = 0; boxes.length < rules; at = (at + 1) % boxes.length) {
    const box = boxes[at] as Bounds; // `at` stays below their number
    const dim = Math.floor(random() * inputs);
    const [low = 0, high = steps] = [box.low[dim], box.high[dim]];
    if (high - low < 2) continue;
    const cut = low + 1 + Math.floor(random() * (high - low - 1));
    boxes[at] = { low: box.low, high: box.high.with(dim, cut) };
    boxes.push({ low: box.low.with(dim, cut), high: box.high });
  }
  const noisy = boxes.map((box) => (random() < noise ? redrawn(box, random, inputs) : box));
  const columns = Array.from({ length: inputs }, (_, dim) => columnOf(dim));
  const words = ['dismiss', 'monitor', 'investigate', 'escalate'];
  const table: LogicTable = {
    name: 'decision',
    hitPolicy: policy,
    inputs: columns,
    outputs: [{ name: 'disposition', type: 'text', order: [...words].reverse() }],
    rules: noisy.map(
      (box, at): LogicRule => ({
        id: `R${at + 1}`,
        tests: columns.map((_, dim) => cellOf(box.low[dim] ?? 0, box.high[dim] ?? steps)),
        outputs: [words[Math.floor(random() * words.length)] ?? 'dismiss'],
      }),
    ),
    otherwise: null,
  };
  return { inputs: columns, tables: [table] };
}

function redrawn(box: Bounds, random: () => number, inputs: number): Bounds {
  const dim = Math.floor(random() * inputs);
  const low = Math.floor(random() * (steps - 1));
  const high = low + 1 + Math.floor(random() * (steps - low - 1));
  return { low: box.low.with(dim, low), high: box.high.with(dim, high) };
}

function columnOf(dim: number): Column {
  return {
    name: `input_${dim + 1}`,
    type: 'integer',
    step: new Big(1),
    range: interval(0, steps),
    rangeText: `[0..${steps})`,
    missing: new Big(0),
  };
}

function cellOf(low: number, high: number): Test {
  return low === 0 && high === steps ? { kind: 'any' } : interval(low, high);
}

function interval(low: number, high: number): Test {
  const atom = {
    kind: 'interval',
    low: new Big(low),
    high: new Big(high),
    lowClosed: true,
    highClosed: false,
  } as const;
  return { kind: 'tests', negated: false, atoms: [atom], alsoNull: false, text: `[${low}..${high})` };
}

/** Numbers from 0 to 1, the same for the same seed (a linear congruence modulo 2^32, its upper bits). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Rules that each test a few inputs drawn at random, and leave the others open: nothing holds the table together. */
export function looseTable({
  rules,
  inputs,
  policy,
  tested,
  seed,
}: Omit<TreeTable, 'noise'> & { tested: number }): Logic {
  const base = treeTable({ rules, inputs, policy, noise: 0, seed });
  const random = randomOf(seed);
  const tables = base.tables.map((table) => ({
    ...table,
    rules: table.rules.map((rule) => ({
      ...rule,
      tests: rule.tests.map((): Test => {
        if (random() >= tested / inputs) return { kind: 'any' };
        const low = Math.floor((random() * steps) / 2);
        return interval(low, low + 1 + Math.floor((random() * steps) / 2));
      }),
    })),
  }));
  return { inputs: base.inputs, tables };
}
