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

/** `stage` decides what a failed conversion means: on binding it is a literal, on running a row. `written` as in `failure`. */
export function engineProblem(
  error: EngineError,
  stage: 'bind' | 'run',
  places: Places,
  known: KnownNames,
  written: (byte: number) => number = (byte) => byte,
): SqlProblem {
  const byte = error.byte === undefined ? undefined : written(error.byte);
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
  return { reason: otherReason(error.type, stage), detail };
}

/** What an error is that no rule knows. */
function otherReason(type: string, stage: 'bind' | 'run'): SqlProblem['reason'] {
  if (type === 'Parser') return 'syntax';
  if (stage === 'run' && type !== 'Binder' && type !== 'Catalog') return 'runtime';
  return isRowError(type) ? 'type' : 'other';
}

function isRowError(type: string): boolean {
  return type === 'Conversion' || type === 'Out of Range' || type === 'Invalid Input' || type === 'Mismatch Type';
}
