import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import caseSchema from '../../../schemas/case.json' with { type: 'json' };
import caseTableSchema from '../../../schemas/case-table.json' with { type: 'json' };
import configSchema from '../../../schemas/config.json' with { type: 'json' };
import deskSchema from '../../../schemas/desk.json' with { type: 'json' };
import mappingSchema from '../../../schemas/mapping.json' with { type: 'json' };
import setsSchema from '../../../schemas/sets.json' with { type: 'json' };
import sopSchema from '../../../schemas/sop.json' with { type: 'json' };
import tableSchema from '../../../schemas/table.json' with { type: 'json' };
import taxonomySchema from '../../../schemas/taxonomy.json' with { type: 'json' };
import viewSchema from '../../../schemas/view.json' with { type: 'json' };
import viewCaseSchema from '../../../schemas/view-case.json' with { type: 'json' };
import { ownKeywords, schemaOptions } from './options.ts';

/**
 * The schemas, compiled. The build replaces this module by code that ajv writes beforehand (`scripts/standalone.ts`),
 * so that the shipped command neither loads ajv nor compiles a schema when it starts.
 */
export const compiled = {
  sop: compile(sopSchema),
  case: compile(caseSchema),
  caseTable: compile(caseTableSchema),
  config: compile(configSchema),
  desk: compile(deskSchema),
  taxonomy: compile(taxonomySchema),
  table: compile(tableSchema),
  view: compile(viewSchema),
  viewCase: compile(viewCaseSchema),
  mapping: compile(mappingSchema),
  sets: compile(setsSchema),
} satisfies Record<string, ValidateFunction>;

function compile(schema: object): ValidateFunction {
  return new Ajv2020(schemaOptions).addVocabulary([...ownKeywords]).compile(schema);
}
