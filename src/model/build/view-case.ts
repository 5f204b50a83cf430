import { type Diagnostic, diagnose, type Outcome } from '../../diagnostics/diagnostic.ts';
import type { PackedYaml } from '../../syntax/pack-yaml.ts';
import { childOf, textOf, textsOf, type YamlNode } from '../../syntax/yaml.ts';
import { spanAt } from '../../text/source.ts';
import { validate } from '../schema/validate.ts';
import type { ViewCase } from '../view.ts';
import { buildGivens, buildRow } from './case.ts';

/** Builds a case of a view. `null` where it breaks the schema: nothing half-read is run. Its rows come from `packed`, the same tree. */
export function buildViewCase(
  path: string,
  node: YamlNode | null,
  packed: PackedYaml | null,
): Outcome<ViewCase | null> {
  if (node?.kind !== 'map') {
    const expected = 'a block of keys such as `case: my-case`';
    const args = { what: 'a case of a view', expected, found: 'something else' };
    return [null, [diagnose('SOP204', node?.span ?? spanAt(path, 0, 1), args)]];
  }
  const found: Diagnostic[] = validate('viewCase', node, 'the case of a view');
  if (found.length > 0) return [null, found];
  const text = (key: string) => textOf(childOf(node, key)) ?? { value: '', span: node.span };
  const name = text('case');
  const expected = (path.split('/').at(-1) ?? '').replace(/\.ya?ml$/, '');
  if (name.value !== expected) {
    const edits = [{ span: name.span, text: expected }];
    found.push(diagnose('SOP226', name.span, { what: 'case', found: name.value, expected }, { edits }));
  }
  const given: Diagnostic[] = [];
  const { tables, provided } = buildGivens(childOf(node, 'given'), packed, given);
  const [first] = provided;
  if (first !== undefined)
    given.push(diagnose('SOP228', first.span, { what: 'a view computes from tables alone: it has nothing provided' }));
  if (given.length > 0) return [null, [...found, ...given]];
  const expect = childOf(node, 'expect');
  const others = text('others').value === 'any' ? 'any' : 'none';
  const rows = (expect?.kind === 'list' ? expect.items : []).map(buildRow).filter((row) => row !== undefined);
  if (rows.length === 0 && others === 'any') found.push(diagnose('SOP256', name.span, { case: name.value }));
  return [
    {
      name,
      title: text('title').value,
      path,
      view: text('view'),
      source: text('source').value,
      given: tables,
      asOf: textOf(childOf(node, 'as_of')) ?? null,
      expect: rows,
      others,
      replaces: textsOf(childOf(node, 'replaces')),
      span: name.span,
    },
    found,
  ];
}
