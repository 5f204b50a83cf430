import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';

const require = createRequire(import.meta.url);
const options = { strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false };

/** The schema of SARIF 2.1.0. It is of draft 4: `id` was renamed since. */
export function sarifSchema(): ValidateFunction {
  const path = '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json';
  const { $schema: _, id: __, ...own } = require(path) as Record<string, unknown>;
  return new Ajv(options).compile(own);
}

/** The schema of mutation testing reports. */
export function mutationSchema(): ValidateFunction {
  const schema = require('mutation-testing-report-schema/mutation-testing-report-schema.json') as object;
  return new Ajv(options).compile(schema);
}
