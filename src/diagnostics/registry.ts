import { caseCodes } from './codes/cases.ts';
import { configCodes } from './codes/config.ts';
import { emitCodes } from './codes/emit.ts';
import { governanceCodes } from './codes/governance.ts';
import { logicCodes } from './codes/logic.ts';
import { mappingCodes } from './codes/mappings.ts';
import { nameCodes } from './codes/names.ts';
import { ratchetCodes } from './codes/ratchet.ts';
import { shapeCodes } from './codes/shape.ts';
import { sharingCodes } from './codes/sharing.ts';
import { syntaxCodes } from './codes/syntax.ts';
import { typeCodes } from './codes/types.ts';
import type { CodeEntry } from './define.ts';

/**
 * Every diagnostic there is. Codes are permanent: 1xx Markdown and YAML, 2xx shape, 3xx names and references, 4xx types
 * and SQL, 5xx decision logic, 6xx emitters, 7xx cases and coverage, 8xx review, 9xx governance.
 */
export const codes = {
  ...syntaxCodes,
  ...shapeCodes,
  ...mappingCodes,
  ...nameCodes,
  ...configCodes,
  ...typeCodes,
  ...logicCodes,
  ...emitCodes,
  ...caseCodes,
  ...ratchetCodes,
  ...governanceCodes,
  ...sharingCodes,
} as const;

export type Code = keyof typeof codes;

export type ArgsOf<C extends Code> = (typeof codes)[C] extends CodeEntry<infer A> ? A : never;

export function isCode(text: string): text is Code {
  return Object.hasOwn(codes, text);
}
