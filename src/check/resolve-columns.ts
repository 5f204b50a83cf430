import Big from 'big.js';
import type { Column, Test } from '../decision/logic.ts';
import { exactNumber } from '../model/build/literals.ts';
import type { Parameter, Range, Signal } from '../model/sop.ts';
import { isTimeType, type Literal, type TimeType, type ValueType } from '../model/value.ts';
import { parseDuration, parseTime } from '../text/time.ts';
import { literalTest } from './resolve-test.ts';

/** A signal as a column of the decision. */
export function signalColumn(signal: Signal): Column {
  return {
    name: signal.name.value,
    type: signal.type,
    step: stepOf(signal.type, signal.range),
    range: rangeTest(signal.range),
    rangeText: signal.range.text,
    missing: signal.missing.value === null ? null : (literalAs(signal.missing.value, signal.type) ?? null),
  };
}

/** A parameter that heads a column: its value is the same for every subject. */
export function parameterColumn(parameter: Parameter): Column {
  return {
    name: parameter.name.value,
    type: parameter.type,
    step: stepOf(parameter.type, parameter.range),
    range: rangeTest(parameter.range),
    rangeText: parameter.range.text,
    missing: parameterValue(parameter),
    fixed: true,
  };
}

export function parameterValue(parameter: Parameter): Literal {
  return literalAs(parameter.value.value, parameter.type) ?? null;
}

/** Text of a table cell as a value of a type; undefined where it is none. */
export function literalAs(text: string, type: ValueType): Literal | undefined {
  if (type === 'enum') return text;
  if (isTimeType(type)) return timeLiteral(text, type);
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined;
  const number = exactNumber(text);
  if (number === undefined) return undefined;
  return type === 'integer' && !number.eq(number.round(0, Big.roundDown)) ? undefined : number;
}

function timeLiteral(text: string, type: TimeType): Big | undefined {
  const microseconds = type === 'duration' ? parseDuration(text) : parseTime(text);
  return microseconds === undefined ? undefined : new Big(microseconds);
}

function stepOf(type: ValueType, range: Range): Big | null {
  if (isTimeType(type)) return new Big(1);
  if (range.step !== null) return new Big(range.step);
  return type === 'integer' ? new Big(1) : null;
}

function rangeTest(range: Range): Test {
  return literalTest(range.test, range.text);
}
