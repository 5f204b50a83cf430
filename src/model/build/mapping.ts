import { type Diagnostic, diagnose, type Outcome } from '../../diagnostics/diagnostic.ts';
import { childOf, plainOf, textOf, type YamlNode } from '../../syntax/yaml.ts';
import { spanAt } from '../../text/source.ts';
import type { MarketTable } from '../library.ts';
import type { Mapping } from '../mapping.ts';
import { validate } from '../schema/validate.ts';
import { checkMapping } from './check-mapping.ts';
import { type MappingFile, mappingOf } from './mapping-of.ts';

/** Builds a mapping from a file of `sops/mappings/`. `null` where anything is wrong: a mapping that is half understood would fill columns with other things than their names say. */
export function buildMapping(
  path: string,
  node: YamlNode | null,
  tables: readonly MarketTable[],
): Outcome<Mapping | null> {
  if (node?.kind !== 'map') {
    const expected = 'a block of keys such as `mapping: our-fills`';
    const span = node?.span ?? spanAt(path, 0, 1);
    return [null, [diagnose('SOP204', span, { what: 'a mapping file', expected, found: 'something else' })]];
  }
  const found: Diagnostic[] = validate('mapping', node, 'the mapping');
  if (found.length > 0) return [null, found];
  const name = textOf(childOf(node, 'mapping'));
  const expected = (path.split('/').at(-1) ?? '').replace(/\.ya?ml$/, '');
  if (name !== undefined && name.value !== expected)
    found.push(diagnose('SOP226', name.span, { what: 'mapping', found: name.value, expected }));
  found.push(...checkMapping(node, tables));
  if (found.length > 0) return [null, found];
  return [mappingOf(plainOf(node) as MappingFile), []]; // the schema has just admitted it
}
