import { snakeCase } from '../model/build/names.ts';
import { type HitPolicy, hitPolicies } from '../model/sop.ts';
import type { DmnDecision, DmnRule, DmnTable, DmnText, DmnType } from './dmn-model.ts';
import { cellOf, isDisputed, valuesIn } from './feel-cell.ts';
import { outputOf } from './feel-value.ts';
import { type ImportScope, placeholder } from './import-scope.ts';
import type { ImportedRule, ImportedTable, NotTaken } from './imported.ts';
import { ownType } from './own-type.ts';
import type { Taken } from './taken.ts';

const letters: Readonly<Record<string, HitPolicy>> = {
  UNIQUE: 'U',
  FIRST: 'F',
  ANY: 'A',
  PRIORITY: 'P',
  COLLECT: 'C',
  'RULE ORDER': 'R',
  'OUTPUT ORDER': 'O',
  'COLLECT SUM': 'C+',
  'COLLECT MIN': 'C<',
  'COLLECT MAX': 'C>',
  'COLLECT COUNT': 'C#',
};

/** One decision table. `outputs` are the names that it was promised. */
export function importTable(
  decision: DmnDecision,
  table: DmnTable,
  outputs: readonly string[],
  types: ReadonlyMap<string, DmnType>,
  scope: ImportScope,
): ImportedTable {
  const name = decision.name;
  const hitPolicy = policyOf(table, name, scope);
  const inputs = table.inputs.map((column, place) =>
    scope.columnOf(
      column,
      place,
      table.rules.flatMap((rule) => rule.cells[place] ?? []),
      name,
    ),
  );
  const ids = ruleIds(table.rules);
  const columns: Columns = { decision: name, inputs, outputs };
  const rules = table.rules.map((rule, index) => importRule(rule, ids[index] ?? `R${index + 1}`, columns, scope));
  const otherwise = defaultRule(table, hitPolicy, columns, scope);
  const annotated = table.annotations.length > 0 || table.rules.some(({ description }) => description !== '');
  const headings = annotated ? noteHeadings(table, scope) : [];
  const padded = [...rules, ...(otherwise === null ? [] : [otherwise])].map((rule) => ({
    ...rule,
    annotations: headings.map((_, place) => rule.annotations[place] ?? ''),
  }));
  const values = ['P', 'O'].includes(hitPolicy) ? orders(table, columns, types, scope) : [];
  return { name: decision.label || name, hitPolicy, inputs, outputs, annotations: headings, rules: padded, values };
}

interface Columns {
  readonly decision: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

function policyOf({ hitPolicy, aggregation }: DmnTable, decision: string, scope: ImportScope): HitPolicy {
  const word = hitPolicy === 'COLLECT' && aggregation !== null ? `COLLECT ${aggregation}` : hitPolicy;
  const letter = letters[word];
  if (letter !== undefined) return letter;
  const why = `it is no hit policy of DMN (${hitPolicies.join(', ')}); the table says F until you choose`;
  scope.notTaken.push({ decision, rule: null, column: null, text: word, why });
  return 'F';
}

/** A label, or an id that a person has written; where one rule lacks it, all are numbered. */
function ruleIds(rules: readonly DmnRule[]): string[] {
  const isGiven = (id: string, most: number) =>
    id.length <= most && /^[\p{L}\p{N}][\p{L}\p{N}_.-]*$/u.test(id) && id.toLowerCase() !== 'else';
  const labels = rules.map(({ label }) => label.trim());
  if (labels.every((id) => isGiven(id, 60)) && new Set(labels).size === labels.length) return labels;
  const ids = rules.map(({ id }) => id);
  if (ids.every((id) => isGiven(id, 16)) && new Set(ids).size === ids.length) return ids;
  return rules.map((_, index) => `R${index + 1}`);
}

function importRule(
  rule: DmnRule,
  id: string,
  { decision, inputs, outputs }: Columns,
  scope: ImportScope,
): ImportedRule {
  const missing: DmnText = { text: '', language: null };
  const say = (column: string, text: string, why: string) =>
    scope.notTaken.push({ decision, rule: id, column, text, why } satisfies NotTaken);
  const cells = inputs.map((column, place) => {
    const cell = rule.cells[place];
    if (cell === undefined) {
      say(column, '', 'the rule has no cell for this column');
      return placeholder('');
    }
    if (isDisputed(cell, scope.constants))
      scope.notes.push(
        `${decision}, rule ${id}, column ${column}: engines differ on whether \`${cell.text.trim()}\` matches null; here it does not. Add \`, null\` behind it where it should`,
      );
    return orPlaceholder(cellOf(cell, scope.constants), cell, (why) => say(column, cell.text, why));
  });
  let refused = rule.cells.length > inputs.length;
  if (refused)
    say('', rule.cells.map(({ text }) => text).join(', '), 'the rule has more cells than the table has columns');
  const given = outputs.map((column, place) => {
    const output = rule.outputs[place] ?? missing;
    const read = outputOf(output, scope.constants);
    if (!read.ok) refused = true;
    return orPlaceholder(read, output, (why) => say(column, output.text, why));
  });
  const annotations = rule.annotations.some((text) => text !== '') ? rule.annotations : [rule.description];
  return { id, cells: refused ? refusing(cells) : cells, outputs: given, annotations };
}

/** An output could be any word, so no check would refuse it: the rule's first cell is made to say that something is open. */
function refusing(cells: readonly string[]): string[] {
  return cells.map((cell, place) => (place === 0 && !cell.startsWith('?') ? `? ${cell}` : cell));
}

function orPlaceholder(read: Taken<string>, { text }: DmnText, say: (why: string) => void): string {
  if (read.ok) return read.value;
  say(read.why);
  return placeholder(text);
}

/** Default outputs are the rule `else`. A sum or a count of nothing is 0 here and null in DMN, so it is written down. */
function defaultRule(
  table: DmnTable,
  hitPolicy: HitPolicy,
  { decision, inputs, outputs }: Columns,
  scope: ImportScope,
): ImportedRule | null {
  const any = inputs.map(() => '-');
  const isCounted = hitPolicy === 'C+' || hitPolicy === 'C#';
  const [first] = table.outputs;
  // A sum or a count of nothing is 0 here without a rule that says so.
  if (isCounted && first?.otherwise !== null && /^0+(?:\.0+)?$/.test(first?.otherwise.text.trim() ?? '')) return null;
  if (table.outputs.every(({ otherwise }) => otherwise === null || otherwise.text.trim() === '')) {
    if (!isCounted) return null;
    scope.notes.push(
      `without a rule that matches, \`${decision}\` gives null in DMN; \`else\` says so, because here it would be 0`,
    );
    return { id: 'else', cells: any, outputs: outputs.map(() => 'null'), annotations: [] };
  }
  let refused = false;
  const given = outputs.map((column, place) => {
    const output = table.outputs[place]?.otherwise ?? { text: '', language: null };
    return orPlaceholder(outputOf(output, scope.constants), output, (why) => {
      refused = true;
      scope.notTaken.push({ decision, rule: 'else', column, text: output.text, why });
    });
  });
  return { id: 'else', cells: refused ? refusing(any) : any, outputs: given, annotations: [] };
}

/** Headings that nobody can take for a column: a capital letter, and no name of a signal. */
function noteHeadings({ annotations }: DmnTable, scope: ImportScope): string[] {
  const given = annotations.length === 0 ? ['Why'] : annotations;
  const used = new Set<string>();
  return given.map((name, place) => {
    const plain = name
      .replace(/[^\p{L}\p{N} ]+/gu, ' ')
      .trim()
      .slice(0, 40);
    const wanted = `${plain.charAt(0).toUpperCase()}${plain.slice(1)}`;
    const fits = /^\p{Lu}/u.test(wanted) && !scope.names.has(snakeCase(wanted)) && !used.has(wanted);
    let heading = fits ? wanted : `Note ${place + 1}`;
    while (used.has(heading) || scope.names.has(snakeCase(heading))) heading = `${heading} more`;
    used.add(heading);
    return heading;
  });
}

/** What comes first under P and O. DMN orders by the outputs that list their values; here every output must. */
function orders(
  table: DmnTable,
  { decision, outputs }: Columns,
  types: ReadonlyMap<string, DmnType>,
  scope: ImportScope,
): ImportedTable['values'] {
  return outputs.flatMap((output, place) => {
    const column = table.outputs[place];
    const text = column?.values ?? ownType(column?.typeRef ?? null, types).allowed;
    const values = text === null ? undefined : valuesIn(text);
    if (values?.every((value) => value !== '' && !/["|`<\n\r]/.test(value))) return [{ output, values }];
    const why =
      text === null
        ? `the file does not say which value of it comes first; add a line such as \`Values ${output}: "first", "second"\``
        : 'a priority is a list of plain values';
    scope.notTaken.push({ decision, rule: null, column: output, text: text ?? '', why });
    return [];
  });
}
