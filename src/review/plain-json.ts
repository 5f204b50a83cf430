import { type FindingProblem, problem } from './finding-problem.ts';

/** A record of JSON. It has no prototype: no name in it can reach what every object has. */
export type PlainRecord = { readonly [key: string]: PlainJson };

export type PlainJson = string | number | boolean | null | readonly PlainJson[] | PlainRecord;

/** A finding is a page or two; what is far beyond that is not read. */
export const findingLimits = { depth: 16, values: 20_000, characters: 2_000_000 } as const;

export type PlainCopy =
  | { readonly ok: true; readonly value: PlainJson }
  | { readonly ok: false; readonly problem: FindingProblem };

/** Copies what JSON can say, within limits. Whatever else it is given (a loop, a function, an object with a class) is a problem, and nothing throws. */
export function plainCopy(given: unknown): PlainCopy {
  const budget = { values: findingLimits.values, characters: findingLimits.characters };
  try {
    return { ok: true, value: copy(given, [], budget) };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, problem: problem('schema', error.path, error.message) };
    // A getter or a proxy of the caller threw: what it throws is not ours to pass on.
    return { ok: false, problem: problem('schema', [], 'the finding cannot be read as JSON') };
  }
}

class Refused extends Error {
  readonly path: readonly string[];

  constructor(path: readonly string[], message: string) {
    super(message);
    this.path = path;
  }
}

interface Budget {
  values: number;
  characters: number;
}

function copy(given: unknown, path: readonly string[], budget: Budget): PlainJson {
  budget.values -= 1;
  if (budget.values < 0) throw new Refused([], `the finding holds more than ${findingLimits.values} values`);
  if (given === null || typeof given === 'boolean') return given;
  if (typeof given === 'string') {
    spend(given, budget);
    return given;
  }
  if (typeof given === 'number') {
    if (!Number.isFinite(given)) throw new Refused(path, `${given} is no number of JSON`);
    return given;
  }
  if (typeof given !== 'object') throw new Refused(path, `a ${typeof given} is no value of JSON`);
  if (path.length >= findingLimits.depth)
    throw new Refused([], `the finding is nested more than ${findingLimits.depth} levels deep`);
  return Array.isArray(given) ? copyList(given, path, budget) : copyRecord(given, path, budget);
}

function copyList(given: readonly unknown[], path: readonly string[], budget: Budget): PlainJson[] {
  if (given.length > budget.values) throw new Refused([], `the finding holds more than ${findingLimits.values} values`);
  return Array.from({ length: given.length }, (_, at) => copy(given[at], [...path, String(at)], budget));
}

function copyRecord(given: object, path: readonly string[], budget: Budget): PlainRecord {
  const prototype: unknown = Object.getPrototypeOf(given);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw new Refused(path, 'an object with a class of its own is no value of JSON');
  const copied: Record<string, PlainJson> = Object.create(null);
  for (const [key, value] of Object.entries(given)) {
    spend(key, budget);
    copied[key] = copy(value, [...path, key], budget);
  }
  return copied;
}

function spend(text: string, budget: Budget): void {
  budget.characters -= text.length;
  if (budget.characters < 0)
    throw new Refused([], `the finding holds more than ${findingLimits.characters} characters of text`);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a path leads to, own names only; undefined where it leads nowhere. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const key of path) {
    if (!isRecord(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found;
}

export function entriesAt(value: unknown, ...path: readonly string[]): readonly (readonly [string, unknown])[] {
  const found = at(value, ...path);
  return isRecord(found) ? Object.entries(found) : [];
}

/** True of a text of blanks in which nothing is written. One without any character breaks the schema, which says so. */
export function isOnlyBlanks(value: unknown): boolean {
  return typeof value === 'string' && /^[\s\p{Default_Ignorable_Code_Point}]+$/u.test(value);
}
