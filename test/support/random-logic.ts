import Big from 'big.js';
import fc from 'fast-check';
import { anything, type Column, type Logic, type LogicRule, type LogicTable } from '../../src/decision/logic.ts';
import type { RawType } from '../../src/decision/sql/carrier.ts';
import type { HitPolicy } from '../../src/model/sop.ts';
import type { Literal } from '../../src/model/value.ts';
import { cell } from './columns.ts';

/** A made-up decision, and how a relation holds its inputs. */
export interface RandomLogic {
  readonly logic: Logic;
  readonly types: ReadonlyMap<string, RawType>;
  /** The cells as text, by table and rule. */
  readonly cells: readonly (readonly (readonly string[])[])[];
}

interface Input {
  readonly column: Column;
  readonly raw: RawType;
  readonly literal: fc.Arbitrary<string>;
}

/** Awkward on purpose: quotes, another alphabet, what SQL would take for a comment or an escape, a word that looks like null. */
export const words = [
  'mm',
  'retail',
  'MM',
  "o'neil",
  'a\\',
  '',
  'null',
  '-- x',
  '市商',
  '\u0024{y}',
  'say "no"\n',
] as const;

const decimals: readonly RawType[] = [
  { precision: 38, scale: 10 },
  { precision: 9, scale: 2 },
  { precision: 20, scale: 20 },
];
const numberTypes: readonly (readonly [Column['type'], string | null])[] = [
  ['number', null], ['number', null], ['number', '0.0001'], ['number', '0.25'], ['number', '0.3'], ['number', '7'],
  ['integer', '1'], ['integer', '5'], ['decimal', null], ['decimal', '0.01'], ['decimal', '0.00000001'],
]; // biome-ignore format: one line a few

/** Numbers as an analyst writes bounds: mostly whole steps, small, and few, so that rules meet. */
function numberLiteral(step: string | null): fc.Arbitrary<string> {
  const unit = new Big(step ?? '0.05');
  const few = fc.integer({ min: -6, max: 12 }).map((n) => unit.times(n).toFixed());
  const more = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((n) => unit.times(n).toFixed());
  const digits = fc
    .tuple(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), fc.integer({ min: 0, max: 24 }))
    .map(([n, scale]) => new Big(n.toString()).times(new Big(`1e-${scale}`)).toFixed());
  return fc.oneof({ weight: 12, arbitrary: few }, { weight: 2, arbitrary: more }, { weight: 1, arbitrary: digits });
}

/** In one of six. */
function sometimes<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}

function numberInput(name: string): fc.Arbitrary<Input> {
  return fc
    .tuple(fc.constantFrom(...numberTypes), fc.constantFrom<RawType>('double', 'double', 'bigint', ...decimals))
    .chain(([[type, step], raw]) => {
      const literal = numberLiteral(step);
      const range = sometimes(fc.tuple(literal, literal));
      const missing = sometimes(fc.integer({ min: -3, max: 3 }));
      return fc.tuple(range, missing).map(([bounds, units]): Input => {
        const text = bounds === null ? null : `[${bounds.sort((a, b) => new Big(a).cmp(b)).join('..')}]`;
        const column: Column = {
          name,
          type,
          step: step === null ? null : new Big(step),
          range: text === null ? anything : cell(text),
          rangeText: text ?? '',
          missing: units === null ? null : missingValue(units, step, type, raw),
        };
        return { column, raw, literal };
      });
    });
}

/** A missing value that the raw column can hold. */
function missingValue(units: number, step: string | null, type: Column['type'], raw: RawType): Big | null {
  const value = new Big(step ?? (type === 'integer' ? 1 : '0.5')).times(units);
  if (raw === 'double') return value;
  if (raw === 'bigint') return value.mod(1).eq(0) ? value : null;
  if (typeof raw !== 'object' || value.abs().gte(new Big(10).pow(raw.precision - raw.scale))) return null;
  return value.round(raw.scale).eq(value) ? value : null;
}

function wordInput(name: string): fc.Arbitrary<Input> {
  const literal = fc.constantFrom(...words.filter((word) => !/["\n\\]/.test(word))).map((word) => `"${word}"`);
  const range = sometimes(fc.constant('"mm", "retail", "MM"'));
  return fc.tuple(range, fc.constantFrom(null, 'mm')).map(([text, missing]) => ({
    column: {
      name,
      type: 'enum',
      step: null,
      range: text === null ? anything : cell(text),
      rangeText: text ?? '',
      missing,
    },
    raw: 'text',
    literal,
  }));
}

function booleanInput(name: string): fc.Arbitrary<Input> {
  return fc.constantFrom(null, true).map((missing) => ({
    column: { name, type: 'boolean', step: null, range: anything, rangeText: '', missing },
    raw: 'boolean',
    literal: fc.constantFrom('true', 'false'),
  }));
}

/** Cells of a column: every form that the language has. */
function cellOf({ column, literal }: Input): fc.Arbitrary<string> {
  const isNumber = column.type !== 'enum' && column.type !== 'boolean' && column.type !== 'text';
  const comparison = fc
    .tuple(fc.constantFrom('<', '<=', '>', '>='), literal)
    .map(([sign, bound]) => `${sign} ${bound}`);
  const interval = fc
    .tuple(fc.constantFrom('[', '(', ']'), literal, literal, fc.constantFrom(']', ')', '['), fc.boolean())
    .map(([open, a, b, close, sorted]) => {
      const [low, high] = sorted && new Big(a).gt(b) ? [b, a] : [a, b];
      return `${open}${low}..${high}${close}`;
    });
  const atom = isNumber
    ? fc.oneof(
        { weight: 3, arbitrary: comparison },
        { weight: 3, arbitrary: interval },
        { weight: 1, arbitrary: literal },
      )
    : literal;
  const some = fc
    .tuple(fc.array(atom, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '', '', ', null'))
    .map(([atoms, also]) => `${atoms.join(', ')}${also}`);
  const not = fc
    .tuple(some, fc.constantFrom('', ', null'))
    .map(([inner, also]) => `not(${inner.replace('null, ', '')})${also}`);
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant('-') },
    { weight: 6, arbitrary: atom },
    { weight: 2, arbitrary: some },
    { weight: 2, arbitrary: not },
    { weight: 1, arbitrary: fc.constantFrom('null', 'not(null)', 'not(null), null') },
  );
}

interface Output {
  readonly name: string;
  readonly type: 'number' | 'text' | 'boolean';
  readonly order: readonly string[] | null;
  readonly value: fc.Arbitrary<Literal>;
}

const weights = ['1', '2', '0.5', '-1', '0', '3', '0.25', '1000000000', '4000000000.5'];
const outputKinds: Readonly<Record<Output['type'], Omit<Output, 'name'>>> = {
  number: { type: 'number', order: ['3', '1', '0.5'], value: fc.constantFrom(...weights).map((text) => new Big(text)) },
  text: { type: 'text', order: ['mm', 'retail'], value: fc.constantFrom(...words) },
  boolean: { type: 'boolean', order: ['true', 'false'], value: fc.boolean() },
};
const dispositions = ['escalate', 'investigate', 'dismiss'];
const severities = ['high', 'low'];
const finalOutputs: readonly Output[] = [
  { name: 'disposition', type: 'text', order: dispositions, value: fc.constantFrom<Literal>(...dispositions) },
  { name: 'severity', type: 'text', order: severities, value: fc.constantFrom<Literal>(...severities) },
];

function tableOf(
  name: string,
  policy: HitPolicy,
  inputs: readonly Input[],
  outputs: readonly Output[],
): fc.Arbitrary<{ table: LogicTable; cells: string[][] }> {
  const isFinal = outputs === finalOutputs || outputs.some((output) => output.name === 'disposition');
  const given = fc.tuple(
    ...outputs.map(({ value }) => (isFinal ? value : fc.option(value, { nil: null, freq: 8 }))),
  ) as fc.Arbitrary<Literal[]>;
  const rule = fc.record({ cells: fc.tuple(...inputs.map(cellOf)), outputs: given });
  return fc
    .record({ rules: fc.array(rule, { minLength: 1, maxLength: 6 }), otherwise: fc.option(given, { nil: null }) })
    .map(({ rules, otherwise }) => ({
      cells: rules.map((entry) => entry.cells),
      table: {
        name,
        hitPolicy: policy,
        inputs: inputs.map((input) => input.column),
        outputs: outputs.map(({ name, type, order }) => ({ name, type, order })),
        rules: rules.map(
          (entry, index): LogicRule => ({ id: `R${index + 1}`, tests: entry.cells.map(cell), outputs: entry.outputs }),
        ),
        otherwise: otherwise === null ? null : { id: 'else', tests: [], outputs: otherwise },
      },
    }));
}

/** What a table hands on, as an input of a later one; null where it is a list. */
function fed(policy: HitPolicy, output: Output): Input | null {
  if (policy === 'C' || policy === 'R' || policy === 'O') return null;
  const isNumber = output.type === 'number' || policy === 'C#';
  const type = isNumber ? 'decimal' : output.type;
  const whole = fc.integer({ min: -1, max: 5 }).map((n) => new Big(n).div(2).toFixed());
  const literal = isNumber ? whole : output.type === 'boolean' ? fc.constantFrom('true', 'false') : wordLiteral;
  const column: Column = { name: output.name, type, step: null, range: anything, rangeText: '', missing: null };
  return { column, raw: 'text', literal };
}

const wordLiteral = fc.constantFrom('"mm"', '"retail"', '"null"');
const early: readonly HitPolicy[] = ['U', 'A', 'P', 'F', 'C+', 'C#', 'C<', 'C>', 'C', 'R', 'O'];

/** Outputs that a policy allows. */
function outputsFor(policy: HitPolicy, at: number): fc.Arbitrary<Output[]> {
  const kind: fc.Arbitrary<Output['type']> =
    policy.startsWith('C') && policy.length === 2
      ? fc.constant(policy === 'C#' ? 'text' : 'number')
      : fc.constantFrom('number', 'text', 'boolean');
  const several = policy === 'C' || policy.length === 1 ? 2 : 1;
  return fc
    .array(kind, { minLength: 1, maxLength: several })
    .map((kinds) => kinds.map((entry, index) => ({ name: `y${at}_${index}`, ...outputKinds[entry] })));
}

/** One to three tables over one to five inputs; later tables read signals and what earlier ones gave. */
export const randomLogic: fc.Arbitrary<RandomLogic> = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 2 }))
  .chain(([width, before]) => {
    const inputs = Array.from({ length: width }, (_, index) =>
      fc.oneof(
        { weight: 5, arbitrary: numberInput(`x${index}`) },
        { weight: 1, arbitrary: wordInput(`x${index}`) },
        { weight: 1, arbitrary: booleanInput(`x${index}`) },
      ),
    );
    return fc.tuple(fc.tuple(...inputs), fc.constant(before));
  })
  .chain(([inputs, before]) => {
    let made: fc.Arbitrary<{ scope: readonly Input[]; tables: readonly { table: LogicTable; cells: string[][] }[] }> =
      fc.constant({ scope: inputs, tables: [] });
    for (let at = 0; at < before; at++) {
      made = made.chain(({ scope, tables }) =>
        fc
          .constantFrom(...early)
          .chain((policy) => fc.tuple(fc.constant(policy), outputsFor(policy, at), fc.shuffledSubarray([...scope])))
          .chain(([policy, outputs, chosen]) => {
            const given = outputs.flatMap((output) => fed(policy, output) ?? []);
            // A count's `else` would have to be a number among words.
            return tableOf(`t${at}`, policy, chosen, outputs).map((entry) => {
              const table = policy === 'C#' ? { ...entry.table, otherwise: null } : entry.table;
              return { scope: [...scope, ...given], tables: [...tables, { ...entry, table }] };
            });
          }),
      );
    }
    return made.chain(({ scope, tables }) =>
      fc
        .tuple(fc.constantFrom<HitPolicy>('U', 'A', 'F', 'P'), fc.boolean())
        .chain(([policy, more]) => {
          const extra: Output[] = more ? [{ name: 'note', ...outputKinds.number }] : [];
          return tableOf('decision', policy, scope, [...finalOutputs, ...extra]);
        })
        .map((last): RandomLogic => {
          const all = [...tables, last];
          const used = new Set(all.flatMap(({ table }) => table.inputs.map(({ name }) => name)));
          const read = inputs.filter(({ column }) => used.has(column.name));
          return {
            logic: { inputs: read.map(({ column }) => column), tables: all.map(({ table }) => table) },
            types: new Map(read.map(({ column, raw }) => [column.name, raw])),
            cells: all.map(({ cells }) => cells),
          };
        }),
    );
  });
