import { exactNumber } from '../model/build/literals.ts';
import type { DmnText } from './dmn-model.ts';
import { type Constants, fitsCell } from './feel-cell.ts';
import { type Taken, taken, untaken } from './taken.ts';
import { whyNot } from './why-not.ts';

/** A literal of FEEL. */
export type FeelValue =
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'boolean'; readonly text: 'true' | 'false' }
  | { readonly kind: 'null' };

/** Reads a literal; null where the text is an expression. */
export function readValue(text: string): FeelValue | null {
  const trimmed = text.trim();
  if (trimmed === 'true' || trimmed === 'false') return { kind: 'boolean', text: trimmed };
  if (trimmed === 'null') return { kind: 'null' };
  const quoted = /^"((?:[^"\\]|\\["\\])*)"$/.exec(trimmed)?.[1];
  if (quoted !== undefined) return { kind: 'text', text: quoted.replace(/\\(["\\])/g, '$1') };
  return exactNumber(trimmed) === undefined ? null : { kind: 'number', text: trimmed };
}

/** An output of DMN as an output cell of ours: a literal, or the name of a parameter. Nothing written means null. */
export function outputOf({ text, language }: DmnText, constants: Constants): Taken<string> {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === '-') return taken('null');
  if (language !== null) return untaken(`it is written in ${language}, and not in FEEL`);
  const parameter = constants.get(trimmed.replace(/\s+/g, ' '));
  if (parameter !== undefined) return taken(parameter);
  const value = readValue(trimmed);
  if (value === null)
    return untaken(whyNot(trimmed, 'an output is a plain value here: a number, a text in quotes, true or false'));
  return fitsCell(showValue(value));
}

/** Output cells need no escapes: what stands between the outer quotes is the text. */
export function showValue(value: FeelValue): string {
  if (value.kind === 'null') return 'null';
  return value.kind === 'text' ? `"${value.text}"` : value.text;
}
