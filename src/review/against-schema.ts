import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { type FindingProblem, type ProblemKind, pointerOf, show } from './finding-problem.ts';
import type { PlainJson } from './plain-json.ts';

// Loaded when this module is, which is when somebody checks a finding: no other command reads it.
const { Ajv2020 } = await import('ajv/dist/2020.js');

/** Where the finding breaks the skill's schema, in the schema's order. */
export function againstSchema(finding: PlainJson, schema: unknown): FindingProblem[] {
  const validate = validatorOf(schema);
  if (validate(finding)) return [];
  return (validate.errors ?? []).map((error) => {
    const path = pathOf(error);
    return { pointer: pointerOf(path), kind: kindOf(path), message: sayError(error), breaksSchema: true };
  });
}

/** A skill's schema is compiled once for all findings that are checked against it. */
const compiled = new WeakMap<object, ValidateFunction>();

function validatorOf(schema: unknown): ValidateFunction {
  if (typeof schema !== 'object' || schema === null) throw new Error('the schema of a finding is an object');
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const ajv = new Ajv2020({ allErrors: true, strict: false, ownProperties: true, verbose: true, logger: false });
  const validate = ajv.compile(schema);
  compiled.set(schema, validate);
  return validate;
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
