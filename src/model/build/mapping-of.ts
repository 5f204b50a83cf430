import type {
  CellKind,
  Condition,
  Corrections,
  Expression,
  MappedColumn,
  Mapping,
  MappingSource,
  Recognise,
  TimeUnit,
} from '../mapping.ts';

/** A mapping file as its schema admits it: what `mapping-of` reads. Words that stand for a raw column are its name. */
export interface MappingFile {
  readonly mapping: string;
  readonly title: string;
  readonly table: string;
  readonly source?: {
    readonly format?: string;
    readonly columns?: readonly (string | number)[];
    readonly kinds?: readonly string[];
    readonly rows?: string | readonly string[];
  };
  readonly recognise?: {
    readonly columns?: readonly (string | number)[];
    readonly without?: readonly (string | number)[];
    readonly file?: string | readonly string[];
    readonly not_file?: string | readonly string[];
    readonly width?: number;
  };
  readonly where?: readonly ConditionFile[];
  readonly corrections?: {
    readonly id: string | number;
    readonly refers_to: string | number;
    readonly kind: string | number;
    readonly remove?: Words;
    readonly replace?: Words;
    readonly keep?: Words;
  };
  readonly columns: Readonly<Record<string, ExpressionFile>>;
}

type Word = string | number | boolean;
type Words = Word | readonly Word[];

export type ExpressionFile = string | number | ExpressionMap;

/** One head (`column`, `value`, …) and what may stand beside it. */
export interface ExpressionMap {
  readonly column?: string | number;
  readonly value?: Word;
  readonly unknown?: string;
  readonly none?: string;
  readonly file_name?: string;
  readonly product?: readonly ExpressionFile[];
  readonly quotient?: readonly ExpressionFile[];
  readonly sum?: readonly ExpressionFile[];
  readonly difference?: readonly ExpressionFile[];
  readonly first?: readonly ExpressionFile[];
  readonly join?: readonly ExpressionFile[];
  readonly part?: ExpressionFile;
  readonly ending?: ExpressionFile;
  readonly contracts?: ExpressionFile;
  readonly sign?: ExpressionFile;
  readonly unsigned?: ExpressionFile;
  readonly separator?: string;
  readonly at?: number;
  readonly list?: readonly Word[];
  readonly price?: ExpressionFile;
  readonly size?: ExpressionFile;
  readonly inverse?: boolean | ConditionFile;
  readonly as?: 'base' | 'notional';
  readonly negative?: string;
  readonly positive?: string;
  readonly values?: Readonly<Record<string, Word>>;
  readonly other?: 'refuse' | 'keep' | 'empty';
  readonly unit?: string | readonly string[];
  readonly zone?: string;
  readonly only_if?: ConditionFile;
}

export interface ConditionFile extends ExpressionMap {
  readonly in?: Words;
  readonly not_in?: Words;
  readonly matches?: Words;
  readonly not_matches?: Words;
  readonly present?: boolean;
  readonly same_as?: ExpressionFile;
}

/** What an expression may be; exactly one of them stands in it. */
export const heads = [
  'column',
  'value',
  'unknown',
  'none',
  'file_name',
  'product',
  'quotient',
  'sum',
  'difference',
  'first',
  'join',
  'part',
  'ending',
  'contracts',
  'sign',
  'unsigned',
] as const;

export const conditionTests = ['in', 'not_in', 'matches', 'not_matches', 'present', 'same_as'] as const;

/** Makes a mapping out of a file that its schema and `check-mapping` have admitted. */
export function mappingOf(file: MappingFile): Mapping {
  return {
    name: file.mapping,
    title: file.title,
    table: file.table,
    source: sourceOf(file.source ?? {}),
    recognise: file.recognise === undefined ? null : recogniseOf(file.recognise),
    where: (file.where ?? []).map(conditionOf),
    corrections: file.corrections === undefined ? null : correctionsOf(file.corrections),
    columns: Object.entries(file.columns).map(([name, value]): MappedColumn => ({ name, value: expressionOf(value) })),
  };
}

function sourceOf(source: NonNullable<MappingFile['source']>): MappingSource {
  if (source.format === 'fix') return { format: 'fix' };
  if (source.format === 'json') return { format: 'json', rows: words(source.rows).flatMap((way) => way.split('.')) };
  if (source.format !== 'csv') return { format: 'table' };
  return { format: 'csv', columns: words(source.columns), kinds: words(source.kinds) as CellKind[] }; // the schema admits these words only
}

function recogniseOf(recognise: NonNullable<MappingFile['recognise']>): Recognise {
  return {
    columns: words(recognise.columns),
    without: words(recognise.without),
    file: words(recognise.file),
    notFile: words(recognise.not_file),
    width: recognise.width ?? null,
  };
}

function correctionsOf(corrections: NonNullable<MappingFile['corrections']>): Corrections {
  return {
    id: String(corrections.id),
    refersTo: String(corrections.refers_to),
    kind: String(corrections.kind),
    remove: words(corrections.remove),
    replace: words(corrections.replace),
    keep: words(corrections.keep),
  };
}

function expressionOf(file: ExpressionFile): Expression {
  if (typeof file !== 'object') return { kind: 'column', name: String(file) };
  let value = headOf(file);
  if (file.values !== undefined) {
    const list = Object.entries(file.values).map(([from, to]) => [from, String(to)] as const);
    value = { kind: 'values', of: value, list, other: file.other ?? 'refuse' };
  }
  if (file.unit !== undefined || file.zone !== undefined) {
    const units = file.unit === undefined ? ['iso'] : words(file.unit);
    value = { kind: 'time', of: value, units: units as TimeUnit[], zone: file.zone ?? null }; // the schema admits these words only
  }
  if (file.only_if !== undefined) value = { kind: 'only_if', of: value, condition: conditionOf(file.only_if) };
  return value;
}

function headOf(file: ExpressionMap): Expression {
  if (file.column !== undefined) return { kind: 'column', name: String(file.column) };
  if (file.value !== undefined) return { kind: 'value', text: String(file.value) };
  if (file.file_name !== undefined) return { kind: 'file_name', pattern: file.file_name };
  for (const kind of ['product', 'quotient', 'sum', 'difference', 'first'] as const) {
    const parts = file[kind];
    if (parts !== undefined) return { kind, parts: parts.map(expressionOf) };
  }
  if (file.join !== undefined)
    return { kind: 'join', parts: file.join.map(expressionOf), separator: file.separator ?? '-' };
  if (file.part !== undefined)
    return { kind: 'part', of: expressionOf(file.part), separator: file.separator ?? '-', at: file.at ?? 1 };
  if (file.ending !== undefined) return { kind: 'ending', of: expressionOf(file.ending), list: words(file.list) };
  if (file.contracts !== undefined) return contractsOf(file, file.contracts);
  if (file.sign !== undefined)
    return {
      kind: 'sign',
      of: expressionOf(file.sign),
      negative: file.negative ?? 'short',
      positive: file.positive ?? 'long',
    };
  if (file.unsigned !== undefined) return { kind: 'unsigned', of: expressionOf(file.unsigned) };
  return { kind: 'value', text: null, ...(file.none === undefined ? {} : { none: true }) };
}

function contractsOf(file: ExpressionMap, contracts: ExpressionFile): Expression {
  const { inverse } = file;
  return {
    kind: 'contracts',
    of: expressionOf(contracts),
    price: expressionOf(file.price ?? { unknown: 'no price' }),
    size: file.size === undefined ? null : expressionOf(file.size),
    inverse: typeof inverse === 'object' ? conditionOf(inverse) : (inverse ?? null),
    as: file.as ?? 'base',
  };
}

function conditionOf(file: ConditionFile): Condition {
  const { in: within, not_in: notIn, matches, not_matches: notMatches, present, same_as: sameAs, ...rest } = file;
  const of = expressionOf(rest);
  const plain = { of, values: [], other: null };
  if (within !== undefined) return { ...plain, test: 'in', values: words(within) };
  if (notIn !== undefined) return { ...plain, test: 'not_in', values: words(notIn) };
  if (matches !== undefined) return { ...plain, test: 'matches', values: words(matches) };
  if (notMatches !== undefined) return { ...plain, test: 'not_matches', values: words(notMatches) };
  if (sameAs !== undefined) return { ...plain, test: 'same_as', other: expressionOf(sameAs) };
  return { ...plain, test: present === false ? 'absent' : 'present' };
}

function words(given: Words | undefined): string[] {
  if (given === undefined) return [];
  return (Array.isArray(given) ? given : [given]).map(String);
}
