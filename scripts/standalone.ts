import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { ownKeywords, schemaOptions } from '../src/model/schema/options.ts';

const names = {
  sop: 'sop',
  case: 'case',
  caseTable: 'case-table',
  config: 'config',
  desk: 'desk',
  taxonomy: 'taxonomy',
  mapping: 'mapping',
  sets: 'sets',
  table: 'table',
  view: 'view',
  viewCase: 'view-case',
} as const;

/** The module that replaces `src/model/schema/compiled.ts` in the shipped file: validators as plain code. */
export async function standaloneValidators(): Promise<string> {
  const ajv = new Ajv2020({ ...schemaOptions, code: { source: true, esm: true } }).addVocabulary([...ownKeywords]);
  const ids: Record<string, string> = {};
  for (const [name, file] of Object.entries(names)) {
    const schema = JSON.parse(await readFile(`schemas/${file}.json`, 'utf8')) as { $id: string };
    ajv.addSchema(schema);
    ids[`${name}Validator`] = schema.$id; // `case` is a word of the language
  }
  // Why the cast: the package is CommonJS, and its types promise the function itself.
  const generate = (standaloneCode as unknown as { default: typeof standaloneCode }).default;
  return `${generate(ajv, ids)}\nexport const compiled = { ${Object.keys(names)
    .map((name) => `${name}: ${name}Validator`)
    .join(', ')} };\n`;
}
