import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { type FindingProblem, type ProblemKind, pointerOf, show } from './finding-problem.ts';
import type { PlainJson } from './plain-json.ts';

// Loaded when this module is, which is when somebody checks a finding: no other command reads it.
const { Ajv2020 } = await import('ajv/dist/2020.js');

/** Where the finding breaks the skill's schema, in the schema's order. */
export function againstSchema(finding: PlainJson, schema: unknown): FindingProblem[] {
  return breaks(finding, schema, everyError).map((error) => {
    const path = pathOf(error);
    return { pointer: pointerOf(path), kind: kindOf(path), message: sayError(error), breaksSchema: true };
  });
}

/** The first place where a value of any size breaks a schema. */
export function firstBreak(value: unknown, schema: object): Pick<FindingProblem, 'pointer' | 'message'> | undefined {
  const [error] = breaks(value, schema, firstError);
  return error === undefined ? undefined : { pointer: pointerOf(pathOf(error)), message: sayError(error) };
}

/** Validators by schema: each is compiled once for all that is checked against it. */
interface Way {
  readonly allErrors: boolean;
  readonly compiled: WeakMap<object, ValidateFunction>;
}

const everyError: Way = { allErrors: true, compiled: new WeakMap() };
const firstError: Way = { allErrors: false, compiled: new WeakMap() };

function breaks(value: unknown, schema: unknown, { allErrors, compiled }: Way): readonly ErrorObject[] {
  if (typeof schema !== 'object' || schema === null) throw new Error('a schema is an object');
  const validate =
    compiled.get(schema) ??
    new Ajv2020({ allErrors, strict: false, ownProperties: true, verbose: true, logger: false }).compile(schema);
  compiled.set(schema, validate);
  return validate(value) ? [] : (validate.errors ?? []);
}

function pathOf({ instancePath, keyword, params }: ErrorObject): string[] {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (keyword === 'required') return [...path, String(params['missingProperty'])];
  if (keyword === 'additionalProperties') return [...path, String(params['additionalProperty'])];
  return path;
}

const kinds: Readonly<Record<string, ProblemKind>> = {
  sop: 'skill',
  sop_version: 'skill',
  skill_digest: 'skill',
  decision: 'decision',
  segment: 'decision',
  signals: 'signals',
  steps: 'steps',
  benign_explanations: 'benign',
  evidence: 'evidence',
};

function kindOf([first = '']: readonly string[]): ProblemKind {
  return Object.hasOwn(kinds, first) ? (kinds[first] ?? 'schema') : 'schema';
}

const typeWords: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
};

function sayError({ instancePath, keyword, params, data, parentSchema }: ErrorObject): string {
  switch (keyword) {
    case 'required':
      return `${quoted(params['missingProperty'])} is not there`;
    case 'additionalProperties':
      return `${quoted(params['additionalProperty'])} is not asked for: the schema knows no such name here`;
    case 'const':
      if (/^\/steps\/[^/]+\/done$/.test(instancePath)) return 'this step is a person’s: an agent must leave it undone';
      return `this must be ${show(params['allowedValue'])}, not ${show(data)}`;
    case 'enum':
      return `this must be one of ${show(params['allowedValues'])}, not ${show(data)}`;
    case 'type': {
      const types: readonly unknown[] = [params['type']].flat();
      return `this must be ${types.map((type) => typeWords[String(type)] ?? String(type)).join(', ')}, not ${show(data)}`;
    }
    case 'maxLength':
    case 'maxProperties':
      return `there may be no more than ${show(params['limit'])} ${keyword === 'maxLength' ? 'characters' : 'names'} here`;
    case 'minLength':
      return `nothing is written here${describe(parentSchema)}`;
    default:
      return `this breaks the schema’s rule \`${keyword}\``;
  }
}

function describe(schema: unknown): string {
  const said = typeof schema === 'object' && schema !== null && 'description' in schema ? schema.description : null;
  return typeof said === 'string' ? `: ${said.replace(/[.?]$/, '')}` : '';
}

function quoted(name: unknown): string {
  return `\`${String(name).slice(0, 80)}\``;
}
