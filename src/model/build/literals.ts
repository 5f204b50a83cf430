import Big from 'big.js';
import type { Operand } from '../../syntax/unary-test.ts';
import type { Literal } from '../value.ts';

/** The value of an operand that is a literal; undefined for a name. */
export function literalOfOperand(operand: Operand): Literal | undefined {
  switch (operand.kind) {
    case 'number':
      return exactNumber(operand.text);
    case 'text':
      return operand.text;
    case 'boolean':
      return operand.value;
    case 'date and time':
    case 'duration':
      return new Big(operand.microseconds);
    case 'name':
      return undefined;
  }
}

/** A number with every digit that was written. Undefined where the text is no plain decimal number. */
export function exactNumber(source: string): Big | undefined {
  const plain = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/.test(source);
  return plain ? new Big(source.replace(/^\+/, '').replace(/\.(?=$|[eE])/, '')) : undefined;
}
