import { type Diagnostic, diagnose } from '../../diagnostics/diagnostic.ts';
import { childOf, textOf, textsOf, type YamlEntry, type YamlMap, type YamlNode } from '../../syntax/yaml.ts';
import { nearest } from '../../text/nearest.ts';
import type { MarketTable } from '../library.ts';
import { conditionTests, heads } from './mapping-of.ts';

/** Expressions in expressions: deeper ones are nobody's format, and each level makes their SQL three times as long. */
const deepest = 5;
const mostStars = 2;

/** What a mapping's schema cannot say: names of tables and columns, one head an expression, units where times are. */
export function checkMapping(root: YamlMap, tables: readonly MarketTable[]): Diagnostic[] {
  const found: Diagnostic[] = [];
  const named = textOf(childOf(root, 'table'));
  const table = tables.find((candidate) => candidate.name === named?.value);
  if (named !== undefined && table === undefined) {
    const known = tables.map((candidate) => candidate.name).sort();
    found.push(diagnose('SOP270', named.span, { name: named.value, near: nearest(named.value, known), known }));
  }
  checkSource(root, found);
  const where = childOf(root, 'where');
  for (const condition of where?.kind === 'list' ? where.items : []) checkCondition(condition, 1, found);
  const columns = childOf(root, 'columns');
  const entries = columns?.kind === 'map' ? columns.entries : [];
  for (const entry of entries) {
    checkExpression(entry.value, 1, found);
    if (table !== undefined) checkColumn(entry, table, found);
  }
  for (const key of table?.required ?? []) {
    if (columns === undefined || entries.some((entry) => entry.key.value === key)) continue;
    found.push(diagnose('SOP274', columns.span, { column: key, table: table?.name ?? '' }));
  }
  return found;
}

function checkColumn({ key, value }: YamlEntry, table: MarketTable, found: Diagnostic[]): void {
  const column = table.columns.find((candidate) => candidate.name === key.value);
  if (column === undefined) {
    const known = table.columns.map((candidate) => candidate.name);
    found.push(
      diagnose('SOP271', key.span, { name: key.value, table: table.name, near: nearest(key.value, known), known }),
    );
    return;
  }
  const unit = childOf(value, 'unit') ?? childOf(value, 'zone');
  if (unit !== undefined && column.sql !== 'TIMESTAMP')
    found.push(diagnose('SOP273', unit.span, { column: key.value }));
  const allowed = table.values.get(key.value);
  if (allowed === undefined) return;
  for (const text of wordsMade(value)) {
    if (!allowed.includes(text.value))
      found.push(
        diagnose('SOP275', text.span, {
          value: text.value,
          column: key.value,
          allowed,
          near: nearest(text.value, allowed),
        }),
      );
  }
}

/** Words that an expression can put into its column. */
function wordsMade(node: YamlNode): NonNullable<ReturnType<typeof textOf>>[] {
  const values = childOf(node, 'values');
  if (values?.kind === 'map')
    return values.entries.map(({ value }) => textOf(value)).filter((text) => text !== undefined);
  const first = childOf(node, 'first');
  if (first?.kind === 'list') return first.items.flatMap(wordsMade);
  return ['value', 'negative', 'positive']
    .map((key) => textOf(childOf(node, key)))
    .filter((text) => text !== undefined);
}

function checkSource(root: YamlMap, found: Diagnostic[]): void {
  const source = childOf(root, 'source');
  const format = textOf(childOf(source, 'format'))?.value ?? 'table';
  const columns = childOf(source, 'columns');
  const kinds = childOf(source, 'kinds');
  const rows = childOf(source, 'rows');
  for (const [node, belongs] of [
    [columns, 'csv'],
    [kinds, 'csv'],
    [rows, 'json'],
  ] as const) {
    if (node !== undefined && format !== belongs)
      found.push(diagnose('SOP277', node.span, { say: `belongs to \`format: ${belongs}\` only` }));
  }
  if (format !== 'csv' || source === undefined) return;
  const names = textsOf(columns);
  if (names.length === 0) found.push(diagnose('SOP277', source.span, { say: 'needs `columns`: the names in order' }));
  if (kinds !== undefined && textsOf(kinds).length !== names.length)
    found.push(
      diagnose('SOP277', kinds.span, { say: `must name as many kinds as there are columns (${names.length})` }),
    );
}

function checkExpression(node: YamlNode, depth: number, found: Diagnostic[]): void {
  if (node.kind !== 'map') return;
  if (depth > deepest) {
    found.push(diagnose('SOP278', node.span, { deepest }));
    return;
  }
  const keys = node.entries.map((entry) => entry.key.value);
  const own = heads.filter((head) => keys.includes(head));
  if (own.length !== 1) found.push(diagnose('SOP272', node.span, { found: own, heads, what: 'a value' }));
  for (const [head, other] of companions) {
    if (keys.includes(head) && !keys.includes(other))
      found.push(diagnose('SOP277', node.span, { say: `has \`${head}\` and so needs \`${other}\` beside it` }));
  }
  checkPattern(node, found);
  for (const entry of node.entries) checkInside(entry, depth + 1, found);
}

/** What a head cannot be read without. */
const companions = [
  ['part', 'at'],
  ['ending', 'list'],
  ['contracts', 'price'],
] as const;

function checkInside({ key, value }: YamlEntry, depth: number, found: Diagnostic[]): void {
  if (['list', 'unit', 'values', 'in', 'not_in', 'matches', 'not_matches'].includes(key.value)) return;
  if (key.value === 'only_if' || key.value === 'inverse') checkCondition(value, depth, found);
  else for (const item of value.kind === 'list' ? value.items : [value]) checkExpression(item, depth, found);
}

function checkCondition(node: YamlNode, depth: number, found: Diagnostic[]): void {
  if (node.kind !== 'map') return;
  const keys = node.entries.map((entry) => entry.key.value);
  const tests = conditionTests.filter((test) => keys.includes(test));
  if (tests.length !== 1)
    found.push(diagnose('SOP272', node.span, { found: tests, heads: conditionTests, what: 'a condition' }));
  checkExpression(node, depth, found);
  for (const key of ['matches', 'not_matches'])
    for (const pattern of textsOf(childOf(node, key)))
      if (pattern.value.split('*').length - 1 > mostStars + 1)
        found.push(diagnose('SOP276', pattern.span, { say: `has more than ${mostStars + 1} \`*\`` }));
}

function checkPattern(node: YamlMap, found: Diagnostic[]): void {
  const pattern = textOf(childOf(node, 'file_name'));
  if (pattern === undefined) return;
  const braces = pattern.value.split('{}').length - 1;
  const stars = pattern.value.split('*').length - 1;
  if (braces !== 1)
    found.push(diagnose('SOP276', pattern.span, { say: 'must hold `{}` once: the part that is taken' }));
  else if (stars > mostStars) found.push(diagnose('SOP276', pattern.span, { say: `has more than ${mostStars} \`*\`` }));
}
