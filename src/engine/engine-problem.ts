import type { SqlProblem } from '../model/ports.ts';
import { type EngineError, type KnownNames, oneLine, ruleProblem } from './engine-rules.ts';
import type { Place, Places } from './places.ts';

/** The engine failed in itself and will not work on: the child ends after it has said so. */
export const engineBroke = 'the SQL engine failed inside; simplify the query';

/** Reads an error of the engine; one that is not in its JSON form is `undefined` and a mistake of ours. */
export function readEngineError(error: unknown): EngineError | undefined {
  const text = error instanceof Error ? error.message : String(error);
  const start = text.indexOf('{"exception_type"');
  if (start < 0) return undefined;
  try {
    // Fields are read with checks below.
    const fields = JSON.parse(text.slice(start)) as Record<string, unknown>;
    const field = (name: string) => (typeof fields[name] === 'string' ? fields[name] : undefined);
    const position = Number(field('position') ?? Number.NaN);
    return {
      type: field('exception_type') ?? '',
      message: field('exception_message') ?? '',
      name: field('name'),
      subtype: field('error_subtype'),
      byte: Number.isSafeInteger(position) ? position : undefined,
      call: field('call'),
    };
  } catch {
    return undefined;
  }
}

/** A text that the parser refuses. */
export function syntaxProblem(message: string, position: string, sql: string, places: Places): SqlProblem {
  if (message === 'SELECT INTO not supported!')
    return { reason: 'not_one_select', name: 'INTO', ...places.ofName('into'), detail: 'SELECT INTO makes a table' };
  if (message === 'A CTE needs a SELECT')
    return { reason: 'not_one_select', ...places.ofName('with'), detail: 'WITH must hold SELECTs only' };
  if (message === 'SELECT clause without selection list') {
    return { reason: 'syntax', ...places.ofName('select'), detail: 'SELECT has no columns' };
  }
  if (message.startsWith('Max expression depth')) return { reason: 'other', detail: 'the SQL is nested too deeply' };
  if (message.startsWith('SELECT locking clause')) {
    return { reason: 'not_one_select', ...places.ofName('for'), name: 'FOR', detail: 'FOR UPDATE locks rows' };
  }
  const near = /at or near "([\s\S]*)"$/.exec(message)?.[1];
  const place = position === '' ? undefined : places.atByte(Number(position));
  const quoted = /^[a-z ]*"([^"]+)"/i.exec(message)?.[1];
  const found = place ?? (quoted === undefined ? undefined : places.ofName(quoted));
  if (message.startsWith('syntax error at end'))
    return { reason: 'syntax', offset: sql.length, length: 0, detail: 'the text ends too early' };
  if (message.startsWith('unterminated')) {
    return {
      reason: 'syntax',
      ...found,
      detail: `${message.split(' at or near ')[0]} has no end`.replace('unterminated ', ''),
    };
  }
  if (near !== undefined)
    return { reason: 'syntax', ...found, name: oneLine(near).slice(0, 40), detail: 'this was not expected here' };
  return { reason: 'syntax', ...found, ...(quoted === undefined ? {} : { name: quoted }), detail: oneLine(message) };
}

/** `stage` decides what a failed conversion means: on binding it is a literal, on running a row. */
export function engineProblem(
  error: EngineError,
  stage: 'bind' | 'run',
  places: Places,
  known: KnownNames,
  shift = 0,
): SqlProblem {
  const byte = error.byte === undefined ? undefined : error.byte - shift;
  const problem = match(error, stage, known);
  const place: Place | undefined =
    places.atByte(byte) ?? (problem.name === undefined ? undefined : places.ofName(problem.name));
  return { ...problem, ...place };
}

function match(error: EngineError, stage: 'bind' | 'run', known: KnownNames): SqlProblem {
  if (/^(internal|fatal)$/i.test(error.type)) return { reason: 'other', detail: engineBroke };
  if (error.type === 'Out of Memory') return { reason: 'memory', detail: 'the query needs more memory than allowed' };
  const problem = ruleProblem(error, known);
  if (problem !== undefined) {
    return stage === 'run' && problem.reason === 'type' && isRowError(error.type)
      ? { ...problem, reason: 'runtime' }
      : problem;
  }
  const detail = oneLine(error.message.split('\n')[0] ?? '').replace(/!$/, '');
  if (isRowError(error.type)) return { reason: stage === 'run' ? 'runtime' : 'type', detail };
  return {
    reason: error.type === 'Parser' ? 'syntax' : stage === 'run' && error.type !== 'Binder' ? 'runtime' : 'other',
    detail,
  };
}

function isRowError(type: string): boolean {
  return type === 'Conversion' || type === 'Out of Range' || type === 'Invalid Input' || type === 'Mismatch Type';
}
