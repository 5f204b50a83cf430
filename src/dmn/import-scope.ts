import type { DmnDecision, DmnInput, DmnInputColumn, DmnModel, DmnText } from './dmn-model.ts';
import { type Constants, kindOfCell, rangeOf } from './feel-cell.ts';
import { readValue, showValue } from './feel-value.ts';
import type { ImportedParameter, ImportedSignal, NotTaken } from './imported.ts';
import { OwnNames, plainName } from './own-names.ts';
import { ownType, partType } from './own-type.ts';
import { whyNot } from './why-not.ts';

const pathPattern = /^[\p{L}_][\p{L}\p{N}_]*(?:\s*\.\s*[\p{L}_][\p{L}\p{N}_]*)*$/u;

/** What the tables of an import share: the names of their columns, and the list of what was not taken. */
export class ImportScope {
  readonly names = new OwnNames();
  readonly notTaken: NotTaken[] = [];
  readonly notes: string[] = [];
  private readonly signals = new Map<string, ImportedSignal>();
  private readonly stated = new Map<string, string>();
  private readonly parameters: ImportedParameter[] = [];
  private readonly constantNames = new Map<string, string>();
  /** `Risk` or `Risk.score`, as columns name it, with the output of ours; null where it is no single value. */
  private readonly outputs = new Map<string, string | null>();

  private readonly inputs: ReadonlyMap<string, DmnInput>;
  private readonly decisionNames: ReadonlySet<string>;

  constructor(private readonly model: DmnModel) {
    this.inputs = new Map(model.inputs.map((input) => [plainName(input.name), input]));
    this.decisionNames = new Set(model.decisions.map(({ name }) => plainName(name)));
  }

  get constants(): Constants {
    return this.constantNames;
  }

  found(): { readonly signals: readonly ImportedSignal[]; readonly parameters: readonly ImportedParameter[] } {
    return { signals: [...this.signals.values()], parameters: this.parameters };
  }

  /** A decision that is one plain value is a parameter. */
  addLiteral(decision: DmnDecision, { text, language }: DmnText): void {
    const value = language === null ? readValue(text) : null;
    if (value === null || value.kind === 'null') {
      const why = language === null ? whyNot(text, 'a parameter is a plain value') : `it is written in ${language}`;
      this.notTaken.push({ decision: decision.name, rule: null, column: null, text, why });
      return;
    }
    const name = this.names.give(decision.name, 'parameter');
    const type = value.kind === 'number' ? 'decimal' : value.kind === 'boolean' ? 'boolean' : 'enum';
    this.parameters.push({
      name,
      type,
      value: value.kind === 'text' ? showValue(value) : value.text,
      meaning: decision.description,
    });
    this.constantNames.set(plainName(decision.name), name);
  }

  /** Tells later tables how to find what this decision gives. */
  addOutputs(decision: DmnDecision, outputs: readonly { readonly name: string; readonly own: string }[]): void {
    const [only, second] = outputs;
    const root = plainName(decision.name);
    this.outputs.set(root, second === undefined ? (only?.own ?? null) : null);
    for (const { name, own } of outputs) this.outputs.set(`${root}.${plainName(name)}`, own);
  }

  /** The name of a column of ours for an input column; what it is comes into Signals. */
  columnOf(column: DmnInputColumn, place: number, cells: readonly DmnText[], decision: string): string {
    const expression = plainName(column.expression.text).replace(/\s*\.\s*/g, '.');
    const output = this.outputs.get(expression);
    if (output !== undefined && output !== null) return output;
    const known = this.constantNames.get(expression) ?? this.signals.get(expression)?.name;
    if (known !== undefined) {
      this.compareValues(expression, column, decision, known);
      return known;
    }
    const input = this.inputOf(expression);
    const isName = input !== undefined || (column.expression.language === null && pathPattern.test(expression));
    const isOther = !this.inputs.has(expression) && this.decisionNames.has(expression);
    const name = this.names.give(isName ? expression : column.label || `input ${place + 1}`, `input_${place + 1}`);
    if (!isName || output === null || isOther) {
      const why =
        output === null
          ? 'this decision gives several values; name one of them'
          : isOther
            ? 'this decision is no table'
            : this.whyNoName(column.expression);
      this.notTaken.push({ decision, rule: null, column: name, text: expression, why });
      this.signals.set(isName ? expression : `${expression} of ${decision} ${place}`, {
        name,
        type: null,
        range: '–',
        meaning: this.shown(column),
      });
      return name;
    }
    this.signals.set(expression, this.signalOf(name, column, input, cells, decision));
    return name;
  }

  private whyNoName({ text, language }: DmnText): string {
    if (language !== null) return `it is written in ${language}, and not in FEEL`;
    return text.trim() === ''
      ? 'the column does not say what it reads'
      : whyNot(text, 'no input of the file has this name');
  }

  private shown(column: DmnInputColumn): string {
    return `${column.label === '' ? '' : `${column.label}: `}${column.expression.text}`;
  }

  /** The input data of the file that the expression names, or of which it names a part. */
  private inputOf(expression: string): { readonly typeRef: string | null; readonly description: string } | undefined {
    const whole = this.inputs.get(expression);
    if (whole !== undefined) return whole;
    const [first = '', ...path] = expression.split('.');
    const owner = this.inputs.get(first);
    if (owner === undefined) return undefined;
    return { typeRef: partType(owner.typeRef, path, this.model.types), description: '' };
  }

  private signalOf(
    name: string,
    column: DmnInputColumn,
    input: { readonly typeRef: string | null; readonly description: string } | undefined,
    cells: readonly DmnText[],
    decision: string,
  ): ImportedSignal {
    const stated = input?.typeRef ?? column.typeRef;
    const { type, allowed, why } = ownType(stated, this.model.types);
    const deduced = type === null && why === '' ? this.deduce(cells) : type;
    if (deduced === null)
      this.notTaken.push({
        decision,
        rule: null,
        column: name,
        text: stated ?? '',
        why: why || 'the file does not say what type it has',
      });
    else if (type === null)
      this.notes.push(`\`${name}\` is taken for ${typeWords[deduced]}, because its cells are; the file does not say`);
    const values = column.values ?? allowed;
    if (column.values !== null) this.stated.set(name, column.values);
    const range = values === null ? '–' : this.rangeFor(values, name, decision);
    if (deduced === 'enum' && range === '–')
      this.notes.push(
        `the file does not say which values \`${name}\` can have: list them under Range, such as "retail", "mm"`,
      );
    const meaning = input?.description || (column.label === '' ? '' : column.label);
    return { name, type: deduced, range, meaning };
  }

  private rangeFor(values: string, column: string, decision: string): string {
    const range = rangeOf(values);
    if (range.ok) return range.value;
    this.notTaken.push({ decision, rule: null, column, text: values, why: range.why });
    return placeholder(values);
  }

  private compareValues(expression: string, column: DmnInputColumn, decision: string, name: string): void {
    const earlier = this.stated.get(name);
    if (column.values === null || earlier === undefined || plainName(earlier) === plainName(column.values)) return;
    const why = `another table allows ${earlier} for the same input; one range holds for all`;
    this.notTaken.push({ decision, rule: null, column: expression, text: column.values, why });
  }

  private deduce(cells: readonly DmnText[]): ImportedSignal['type'] {
    const kinds = new Set(cells.map(kindOfCell).filter((kind) => kind !== null));
    const [kind] = kinds;
    if (kinds.size !== 1 || kind === undefined) return null;
    return kind === 'text' ? 'enum' : kind === 'number' ? 'decimal' : kind;
  }
}

const typeWords = {
  enum: 'a word',
  decimal: 'a number',
  boolean: 'true or false',
  integer: 'a number',
  number: 'a number',
  'date and time': 'a date and time',
  duration: 'a duration',
} as const;

/** What stands where a cell could not be taken: every check refuses it, and shows what was there. */
export function placeholder(text: string): string {
  const shown = text
    .replace(/[\p{Cc}\p{Cf}\p{Z}]+/gu, ' ')
    .replaceAll('\\', '/')
    .trim();
  return `? ${shown.length > 60 ? `${shown.slice(0, 59)}…` : shown}`.trim();
}
