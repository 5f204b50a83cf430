import type { SqlProblem } from '../model/ports.ts';
import { oneLine } from './engine-rules.ts';
import type { Places } from './places.ts';

/** Sentences of the parser that are about more than one word, with the keyword at which they are told. */
const sentences: readonly (readonly [start: string, keyword: string, problem: SqlProblem])[] = [
  ['SELECT INTO', 'into', { reason: 'not_one_select', name: 'INTO', detail: 'SELECT INTO makes a table' }],
  ['A CTE needs a SELECT', 'with', { reason: 'not_one_select', detail: 'WITH must hold SELECTs only' }],
  ['SELECT locking clause', 'for', { reason: 'not_one_select', name: 'FOR', detail: 'FOR UPDATE locks rows' }],
  ['SELECT clause without selection list', 'select', { reason: 'syntax', detail: 'SELECT has no columns' }],
  ['Max expression depth', '', { reason: 'other', detail: 'the SQL is nested too deeply' }],
];

/** A text that the parser refuses; `position` is a byte offset as text, or empty. */
export function syntaxProblem(message: string, position: string, sql: string, places: Places): SqlProblem {
  const sentence = sentences.find(([start]) => message.startsWith(start));
  if (sentence !== undefined) return { ...sentence[2], ...places.ofName(sentence[1]) };
  if (message.startsWith('syntax error at end')) {
    return { reason: 'syntax', offset: sql.length, length: 0, detail: 'the text ends too early' };
  }
  const quoted = /^[a-z ]*"([^"]+)"/i.exec(message)?.[1];
  const place =
    (position === '' ? undefined : places.atByte(Number(position))) ??
    (quoted === undefined ? undefined : places.ofName(quoted));
  const unfinished = /^unterminated (.+?) at or near/.exec(message)?.[1];
  if (unfinished !== undefined) return { reason: 'syntax', ...place, detail: `${unfinished} has no end` };
  const near = /at or near "([\s\S]*)"$/.exec(message)?.[1];
  if (near !== undefined) {
    return { reason: 'syntax', ...place, name: oneLine(near).slice(0, 40), detail: 'this was not expected here' };
  }
  return { reason: 'syntax', ...place, ...(quoted === undefined ? {} : { name: quoted }), detail: oneLine(message) };
}
