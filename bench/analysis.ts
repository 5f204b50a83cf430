import { analyse } from '../src/decision/analysis/analyse.ts';
import { findPairs } from '../src/decision/analysis/find-pairs.ts';
import { frameOf } from '../src/decision/analysis/frame.ts';
import { findReach } from '../src/decision/analysis/reach.ts';
import { mergeBoxes } from '../src/decision/boxes/area.ts';
import { defaultBudget, meterOf } from '../src/decision/boxes/budget.ts';
import type { Logic } from '../src/decision/logic.ts';
import { allPairs, sweepGaps } from './fixed-order.ts';
import { looseTable, treeTable } from './tree-table.ts';

const runs = 5;

/** Gaps, overlaps and masked rules of a table, from its cells; what they are, and whether all was looked at. */
export function structure(logic: Logic) {
  const frame = frameOf(logic, 0);
  const { visits } = defaultBudget();
  const reach = findReach(frame, meterOf(visits));
  const gaps = mergeBoxes(reach.gaps).length;
  const { met, isWhole } = findPairs(frame, frame.layers[0], meterOf(visits));
  const pairs = met.reduce((sum, others) => sum + others.length, 0) / 2;
  return { gaps, pairs, isWhole: isWhole && reach.open.length === 0 };
}

/** Milliseconds of the middle one of several runs, after one that warms up. */
export function middle(run: () => unknown): number {
  const times: number[] = [];
  for (let at = 0; at <= runs; at++) {
    const start = performance.now();
    run();
    if (at > 0) times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[runs >> 1] ?? Number.NaN;
}

/** A line for each target, each beside the plain way in the same process, or beside what was published. */
export function* analysisLines(): Generator<string> {
  for (const [rules, most] of [
    [1_000, 100],
    [10_000, 2_000],
  ] as const) {
    const logic = treeTable({ rules, inputs: 10, policy: 'U', noise: 0, seed: 1 });
    const frame = frameOf(logic, 0);
    const ours = middle(() => structure(logic));
    const plain = middle(() => allPairs(frame));
    yield `gaps, overlaps, masked rules of ${rules} × 10: ${ours.toFixed(0)} ms, ${ours <= most ? 'within' : 'OVER'} ${most}; overlaps alone, all pairs: ${plain.toFixed(0)} ms`;
  }
  const small = treeTable({ rules: 100, inputs: 10, policy: 'U', noise: 0, seed: 1 });
  const frame = frameOf(small, 0);
  const swept = middle(() => sweepGaps(frame));
  const cut = middle(() => findReach(frame, meterOf(defaultBudget().visits)));
  yield `gaps of 100 × 10, axes at hand: ${cut.toFixed(1)} ms, input after input in a fixed order: ${swept.toFixed(0)} ms`;
  for (const [rules, inputs, overlap, missing] of [
    [1_012, 9, 4.9, 6.6],
    [1_514, 15, 196, 705],
  ] as const) {
    const logic = treeTable({ rules, inputs, policy: 'U', noise: 0.1, seed: 1 });
    const ours = middle(() => structure(logic)) / 1000;
    const { gaps, pairs, isWhole } = structure(logic);
    yield `${rules} × ${inputs}, 10 % noise: ${ours.toFixed(2)} s (${pairs} pairs, ${gaps} gaps, ${isWhole ? 'complete' : 'NOT complete'}); published for a like table (Calvanese et al. 2018): overlaps ${overlap} s, gaps ${missing} s`;
    const all = middle(() => analyse(logic, defaultBudget())) / 1000;
    const { open } = analyse(logic, defaultBudget());
    const left = open.length === 0 ? 'nothing open' : `open: ${open.map(({ question }) => question).join(', ')}`;
    yield `${rules} × ${inputs}, all findings with confirmed witnesses: ${all.toFixed(2)} s, ${left}, ${all <= 2 ? 'within' : 'OVER'} 2 s`;
  }
  for (const [rules, tested] of [
    [100, 4],
    [1_000, 6],
  ] as const) {
    const logic = looseTable({ rules, inputs: 10, policy: 'U', tested, seed: 1 });
    const all = middle(() => analyse(logic, defaultBudget())) / 1000;
    const { open } = analyse(logic, defaultBudget());
    const left = open.length === 0 ? 'nothing open' : `open: ${open.map(({ question }) => question).join(', ')}`;
    yield `${rules} × 10 loose rules, all findings: ${all.toFixed(2)} s, ${left}, ${all <= 2 ? 'within' : 'OVER'} 2 s`;
  }
}
