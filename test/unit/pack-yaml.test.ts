import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packYaml, unpackYaml } from '../../src/syntax/pack-yaml.ts';
import { parseYaml } from '../../src/syntax/parse-yaml.ts';
import type { YamlNode } from '../../src/syntax/yaml.ts';

const path = 'sops/demo/cases/c.yaml';
const offset = fc.oneof(fc.nat(60), fc.nat(1_000_000));
const span = fc.tuple(offset, offset).map(([start, length]) => ({ path, start, end: start + length }));
const value = fc.oneof(
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);

/** Scalars that parsers give, and those that none gives: a source that is another text, a number in quotes. */
const scalar = fc.record({ value, other: fc.option(fc.string()), quoted: fc.boolean(), span }).map(
  ({ value, other, quoted, span }): YamlNode => ({
    kind: 'scalar',
    value,
    source: other ?? (value === null ? '' : String(value)),
    quoted,
    span,
  }),
);

const { tree } = fc.letrec<{ tree: YamlNode; list: YamlNode; map: YamlNode }>((tie) => ({
  tree: fc.oneof({ depthSize: 'small' }, scalar, tie('list'), tie('map')),
  list: fc.record({ kind: fc.constant('list' as const), items: fc.array(tie('tree')), span }),
  map: fc.record({
    kind: fc.constant('map' as const),
    entries: fc.array(fc.record({ key: fc.record({ value: fc.string(), span }), value: tie('tree') })),
    span,
  }),
}));

test('any tree comes out as it went in, through JSON as well', () => {
  fc.assert(
    fc.property(tree, (node) => {
      expect(unpackYaml(JSON.parse(JSON.stringify(packYaml(node))))).toEqual(node);
    }),
    { numRuns: 500 },
  );
});

test('every YAML file of the library comes out as it was parsed, and is small', () => {
  const files = readdirSync('sops', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
  expect(files.length).toBeGreaterThan(50);
  let [plain, packed] = [0, 0];
  for (const name of files) {
    const [node] = parseYaml(name, readFileSync(join('sops', name), 'utf8'));
    if (node === null) continue;
    expect(unpackYaml(packYaml(node))).toEqual(node);
    plain += JSON.stringify(node).length;
    packed += JSON.stringify(packYaml(node)).length;
  }
  expect(packed / plain).toBeLessThan(0.12);
});
