import Big from 'big.js';
import { literalTest } from '../../src/check/resolve-test.ts';
import { anything, type Column, type LogicRule, type LogicTable, type Test } from '../../src/decision/logic.ts';
import type { HitPolicy } from '../../src/model/sop.ts';
import type { Literal } from '../../src/model/value.ts';
import { parseUnaryTest } from '../../src/syntax/parse-unary-test.ts';

/** A cell of literals, as a check resolves it. */
export function cell(text: string): Test {
  const parsed = parseUnaryTest(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.problem.hint}`);
  return literalTest(parsed.test, text);
}

export function column(name: string, type: Column['type'], extra: { step?: string; range?: string } = {}): Column {
  return {
    name,
    type,
    step: extra.step === undefined ? (type === 'integer' ? new Big(1) : null) : new Big(extra.step),
    range: extra.range === undefined ? anything : cell(extra.range),
    rangeText: extra.range ?? '',
    missing: null,
  };
}

/** `['R1', ['>= 5'], ['escalate']]`; numbers among the outputs become exact. */
export type RuleText = readonly [id: string, cells: readonly string[], outputs: readonly (string | number | null)[]];

export interface TableText {
  readonly policy: HitPolicy;
  readonly inputs: readonly Column[];
  readonly outputs: readonly string[];
  readonly rules: readonly RuleText[];
  readonly otherwise?: readonly (string | number | null)[];
  readonly order?: readonly string[];
  readonly name?: string;
}

export function table({ policy, inputs, outputs, rules, otherwise, order, name = 'decision' }: TableText): LogicTable {
  const built = rules.map(
    ([id, cells, given]): LogicRule => ({ id, tests: cells.map(cell), outputs: given.map(literal) }),
  );
  const all = [...rules.map(([, , given]) => given), ...(otherwise === undefined ? [] : [otherwise])];
  return {
    name,
    hitPolicy: policy,
    inputs,
    outputs: outputs.map((output, index) => ({
      name: output,
      type: all.some((given) => typeof given[index] === 'number') ? 'number' : 'text',
      order: order ?? null,
    })),
    rules: built,
    otherwise: otherwise === undefined ? null : { id: 'else', tests: [], outputs: otherwise.map(literal) },
  };
}

function literal(value: string | number | null): Literal {
  return typeof value === 'number' ? new Big(value) : value;
}
