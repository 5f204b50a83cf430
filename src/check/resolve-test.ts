import Big from 'big.js';
import { compare } from '../decision/compile-test.ts';
import type { Column, Test, TestAtom } from '../decision/logic.ts';
import { comparable, showScalar } from '../decision/normalise.ts';
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import { literalOfOperand } from '../model/build/literals.ts';
import type { DecisionCell } from '../model/sop.ts';
import { isTimeType, type Literal } from '../model/value.ts';
import type { Atom, Operand, UnaryTest } from '../syntax/unary-test.ts';
import { nearest, onlyNearest } from '../text/nearest.ts';
import { type Span, spanAt } from '../text/source.ts';

/** What a name in a cell may stand for. */
export interface Names {
  readonly parameters: ReadonlyMap<string, { readonly value: Literal; readonly type: Column['type'] }>;
  /** Every name that exists, for suggestions. */
  readonly all: readonly string[];
}

/** A test made of literals only, such as a range. */
export function literalTest(test: UnaryTest, text: string): Test {
  if (test.kind === 'any') return test;
  const atoms = test.tests.map((atom) => resolveAtom(atom, (operand) => literalOfOperand(operand) ?? null));
  return {
    kind: 'tests',
    negated: test.negated,
    alsoNull: test.alsoNull,
    text,
    atoms: atoms.filter((atom) => atom !== undefined),
  };
}

/** A cell with its names resolved; says what cannot be compared with the column. */
export function resolveCell(cell: DecisionCell, column: Column, names: Names, found: Diagnostic[]): Test {
  const { test } = cell;
  if (test === null || test.kind === 'any') return { kind: 'any' };
  const atoms: TestAtom[] = [];
  for (const atom of test.tests) {
    const before = found.length;
    const resolved = resolveAtom(atom, (operand) => operandLiteral(operand, cell, column, names, found));
    if (found.length > before) continue;
    if (resolved === undefined)
      found.push(
        diagnose('SOP402', cell.span, {
          cell: cell.text,
          column: column.name,
          type: typeWords(column),
          example: exampleFor(column),
        }),
      );
    else {
      atoms.push(resolved);
      checkAtom(resolved, atom, cell, column, found);
    }
  }
  return { kind: 'tests', negated: test.negated, alsoNull: test.alsoNull, text: cell.text, atoms };
}

/** Undefined where a bound is no number. */
function resolveAtom(atom: Atom, value: (operand: Operand) => Literal): TestAtom | undefined {
  switch (atom.kind) {
    case 'null':
      return atom;
    case 'equal': {
      const equal = value(atom.operand);
      return equal === null ? undefined : { kind: 'equal', value: equal };
    }
    case 'compare': {
      const bound = value(atom.operand);
      return bound instanceof Big ? { kind: 'compare', operator: atom.operator, bound } : undefined;
    }
    case 'interval': {
      const low = value(atom.low);
      const high = value(atom.high);
      if (!(low instanceof Big) || !(high instanceof Big)) return undefined;
      return { kind: 'interval', low, high, lowClosed: atom.lowClosed, highClosed: atom.highClosed };
    }
  }
}

function operandLiteral(
  operand: Operand,
  cell: DecisionCell,
  column: Column,
  names: Names,
  found: Diagnostic[],
): Literal {
  const span = operandSpan(operand, cell);
  const wrong = () => {
    found.push(
      diagnose('SOP402', span, {
        cell: cell.text.slice(operand.at, operand.at + operand.length),
        column: column.name,
        type: typeWords(column),
        example: exampleFor(column),
      }),
    );
    return null;
  };
  if (operand.kind !== 'name') {
    const literal = literalOfOperand(operand) ?? null;
    return fits(literal, column) && kindOf(operand.kind) === kindOf(column.type) ? literal : wrong();
  }
  const parameter = names.parameters.get(operand.name);
  if (parameter !== undefined)
    return fits(parameter.value, column) && kindOf(parameter.type) === kindOf(column.type) ? parameter.value : wrong();
  if (column.type === 'enum' && enumValues(column).includes(operand.name)) {
    found.push(
      diagnose('SOP302', span, { name: operand.name, near: [] }, { edits: [{ span, text: `"${operand.name}"` }] }),
    );
    return null;
  }
  const only = onlyNearest(operand.name, names.parameters.keys());
  const edits = only === undefined ? [] : [{ span, text: only }];
  found.push(
    diagnose('SOP302', span, { name: operand.name, near: nearest(operand.name, names.parameters.keys()) }, { edits }),
  );
  return null;
}

/** Times and durations are numbers inside, and must not be compared with numbers or with each other. */
function kindOf(type: string): string {
  return isTimeType(type) ? type : 'other';
}

function operandSpan(operand: Operand, cell: DecisionCell): Span {
  return spanAt(cell.span.path, cell.span.start + operand.at, cell.span.start + operand.at + operand.length);
}

function fits(value: Literal, column: Column): boolean {
  if (value === null) return false;
  if (column.type === 'boolean') return typeof value === 'boolean';
  if (column.type === 'enum' || column.type === 'text') return typeof value === 'string';
  return value instanceof Big;
}

/** Bounds that lie between two steps, outside the range or in the wrong order; enum values that never occur. */
function checkAtom(atom: TestAtom, written: Atom, cell: DecisionCell, column: Column, found: Diagnostic[]): void {
  if (atom.kind === 'equal' && typeof atom.value === 'string') {
    const span = written.kind === 'equal' ? operandSpan(written.operand, cell) : cell.span;
    checkWord(atom.value, span, column, found);
    return;
  }
  const before = found.length;
  const bounds = boundsOf(atom);
  for (const bound of bounds) checkStep(bound, cell, column, found);
  if (isEmptyInterval(atom)) found.push(diagnose('SOP502', cell.span, { cell: cell.text }));
  if (found.length === before && bounds.some((bound) => outsideRange(bound, column))) {
    found.push(diagnose('SOP503', cell.span, { cell: cell.text, column: column.name, range: column.rangeText }));
  }
}

function checkWord(value: string, span: Span, column: Column, found: Diagnostic[]): void {
  const known = enumValues(column);
  if (known.length === 0 || known.includes(value)) return;
  const only = onlyNearest(value, known);
  const edits = only === undefined ? [] : [{ span, text: `"${only}"` }];
  found.push(diagnose('SOP406', span, { value, column: column.name, known, near: nearest(value, known) }, { edits }));
}

function boundsOf(atom: TestAtom): Big[] {
  if (atom.kind === 'interval') return [atom.low, atom.high];
  if (atom.kind === 'compare') return [atom.bound];
  return atom.kind === 'equal' && atom.value instanceof Big ? [atom.value] : [];
}

function checkStep(bound: Big, cell: DecisionCell, { name, step }: Column, found: Diagnostic[]): void {
  if (step === null || bound.mod(step).eq(0)) return;
  const towardsZero = bound.div(step).round(0, Big.roundDown);
  const lower = towardsZero.times(step).gt(bound) ? towardsZero.minus(1) : towardsZero;
  const show = (steps: Big) => steps.times(step).toFixed();
  const args = { bound: bound.toFixed(), column: name, step: step.toFixed() };
  found.push(diagnose('SOP405', cell.span, { ...args, below: show(lower), above: show(lower.plus(1)) }));
}

function isEmptyInterval(atom: TestAtom): boolean {
  if (atom.kind !== 'interval') return false;
  return atom.low.gt(atom.high) || (atom.low.eq(atom.high) && !(atom.lowClosed && atom.highClosed));
}

/** True where the bound lies beyond every value that the range allows; the range's own ends are inside. */
function outsideRange(bound: Big, column: Column): boolean {
  if (column.range.kind === 'any') return false;
  const value = comparable(bound, column);
  return column.range.atoms.every((atom) => {
    if (atom.kind === 'interval')
      return compare(value, comparable(atom.low, column)) < 0 || compare(value, comparable(atom.high, column)) > 0;
    if (atom.kind === 'compare') {
      const order = compare(value, comparable(atom.bound, column));
      return atom.operator.startsWith('>') ? order < 0 : order > 0;
    }
    return atom.kind === 'equal' ? compare(value, comparable(atom.value, column)) !== 0 : true;
  });
}

/** The values that an enum may have; empty where its range doesn't say. */
export function enumValues(column: Column): string[] {
  if (column.range.kind === 'any') return [];
  return column.range.atoms.flatMap((atom) =>
    atom.kind === 'equal' && typeof atom.value === 'string' ? [atom.value] : [],
  );
}

export function typeWords(column: Column): string {
  const words = {
    number: 'a number',
    integer: 'a whole number',
    decimal: 'a decimal number',
    boolean: 'true or false',
    enum: 'one of its values',
    text: 'text',
    'date and time': 'a date and time',
    duration: 'a duration',
  };
  return words[column.type];
}

function exampleFor(column: Column): string {
  if (column.type === 'boolean') return 'true';
  if (column.type === 'duration') return '>= duration("PT30M")';
  if (column.type === 'date and time') return '>= date and time("2026-11-02T00:30:00Z")';
  if (column.type === 'enum' || column.type === 'text') return `"${enumValues(column)[0] ?? 'value'}"`;
  const isHalf = column.step === null || new Big('0.5').mod(column.step).eq(0);
  return `>= ${isHalf ? '0.5' : showScalar(2, column)}`;
}
