import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

export const names = [
  'check',
  'test',
  'build',
  'backtest',
  'data-check',
  'run',
  'ready',
  'what-if',
  'import',
  'compare',
  'sensitivity',
  'suggest',
  'traffic',
  'coverage',
  'eval',
  'evals',
  'all',
] as const;
export type SchemaName = (typeof names)[number];

export const readSchema = (name: SchemaName) =>
  JSON.parse(
    readFileSync(fileURLToPath(new URL(`../../schemas/output/${name}.json`, import.meta.url)), 'utf8'),
  ) as Record<string, unknown>;
const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true });
for (const name of names) ajv.addSchema(readSchema(name));

function schema(name: SchemaName): ValidateFunction {
  const check = ajv.getSchema(`urn:sopwright:output:${name}`);
  if (check === undefined) throw new Error(`no schema ${name}`);
  return check;
}

/** What keeps a text from being what its schema says. */
export function problems(name: SchemaName, text: string): unknown[] {
  const check = schema(name);
  return check(JSON.parse(text))
    ? []
    : (check.errors ?? []).map(({ instancePath, message, params }) => [instancePath, message, params]);
}
