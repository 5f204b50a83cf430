import { Ajv, type ValidateFunction } from 'ajv';
import { optional } from './optional.ts';

/** The schema of SARIF 2.1.0, where a package that holds it is installed. It is of draft 4: `id` was renamed since. */
export function sarifSchema(): ValidateFunction | undefined {
  const schema = optional('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  if (schema === undefined) return undefined;
  const { $schema: _, id: __, ...own } = schema as Record<string, unknown>;
  return new Ajv({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false }).compile(own);
}

/** The schema of mutation testing reports, where its package is installed. */
export function mutationSchema(): ValidateFunction | undefined {
  const schema = optional('mutation-testing-report-schema/mutation-testing-report-schema.json');
  return typeof schema !== 'object' || schema === null
    ? undefined
    : new Ajv({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false }).compile(schema);
}
