import fc from 'fast-check';
import { anything, type Column, type Logic, type LogicTable } from '../../src/decision/logic.ts';
import { type HitPolicy, hitPolicies } from '../../src/model/sop.ts';
import { column, type RuleText, table } from './columns.ts';

const dispositions = ['dismiss', 'monitor', 'escalate'];
export const mildestFirst: readonly string[] = dispositions;

const bound = fc.constantFrom('0', '0.2', '0.5', '1', '3');
const whole = fc.constantFrom('0', '1', '3');
const word = fc.constantFrom('"a"', '"b"', '"c"');

function numberCell(value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const atom = fc.oneof(
    { weight: 3, arbitrary: fc.tuple(fc.constantFrom('<', '<=', '>', '>='), value).map((parts) => parts.join(' ')) },
    { weight: 1, arbitrary: value },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom('[', '('), value, value, fc.constantFrom(']', ')'))
        .map(([open, a, b, close]) =>
          Number(a) <= Number(b) ? `${open}${a}..${b}${close}` : `${open}${b}..${a}${close}`,
        ),
    },
  );
  return listOf(atom);
}

function listOf(atom: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant('-') },
    { weight: 5, arbitrary: atom },
    { weight: 1, arbitrary: fc.constant('null') },
    { weight: 1, arbitrary: fc.tuple(atom, atom).map((atoms) => atoms.join(', ')) },
    { weight: 1, arbitrary: atom.map((text) => `${text}, null`) },
    { weight: 1, arbitrary: atom.map((text) => `not(${text})`) },
  );
}

interface Source {
  readonly column: Column;
  readonly cell: fc.Arbitrary<string>;
}

function sources(names: readonly string[]): fc.Arbitrary<Source>[] {
  return names.map((name) =>
    fc.constantFrom<Source>(
      { column: column(name, 'number', { range: '[0..3]', step: '0.1' }), cell: numberCell(bound) },
      {
        column: { ...column(name, 'number', { range: '[0..3]', step: '0.1' }), missing: null },
        cell: numberCell(bound),
      },
      { column: column(name, 'integer'), cell: numberCell(whole) },
      { column: column(name, 'decimal', { range: '>= 0' }), cell: numberCell(bound) },
      { column: column(name, 'number'), cell: numberCell(bound) },
      { column: column(name, 'enum', { range: '"a", "b", "c"' }), cell: listOf(word) },
      { column: column(name, 'text'), cell: listOf(word) },
      { column: { ...column(name, 'boolean'), missing: false }, cell: listOf(fc.constantFrom('true', 'false')) },
      { column: { ...column(name, 'text'), missing: 'a', fixed: true }, cell: listOf(word) },
    ),
  );
}

interface Shape {
  readonly name: string;
  readonly policy: HitPolicy;
  readonly inputs: readonly Source[];
  readonly outputs: readonly string[];
  readonly output: fc.Arbitrary<string | number | null>;
}

function tableOf({ name, policy, inputs, outputs, output }: Shape) {
  const given = fc.tuple(...outputs.map(() => output));
  const rule = fc.tuple(fc.tuple(...inputs.map((input) => input.cell)), given);
  return fc
    .tuple(fc.array(rule, { minLength: 1, maxLength: 5 }), fc.option(given, { freq: 3 }))
    .map(([rules, otherwise]) =>
      table({
        name,
        policy,
        inputs: inputs.map((input) => input.column),
        outputs,
        order: [...dispositions].reverse(),
        rules: rules.map(([cells, values], at): RuleText => [`R${at + 1}`, cells, values]),
        ...(otherwise === null ? {} : { otherwise }),
      }),
    );
}

const disposition = fc.constantFrom<string | number | null>(...dispositions);
const points = fc.constantFrom<string | number | null>(0, 1, 2, -1, 0.5, null);

/** Small logics of all hit policies: one table, or one that feeds another. */
export const randomLogic: fc.Arbitrary<Logic> = fc
  .tuple(
    fc.tuple(...sources(['x', 'y', 'z'])),
    fc.integer({ min: 1, max: 3 }),
    fc.boolean(),
    fc.constantFrom(...hitPolicies),
  )
  .chain(([all, width, isFed, policy]): fc.Arbitrary<Logic> => {
    const signals = all.slice(0, width);
    const inputs = signals.map((signal) => signal.column);
    if (!isFed)
      return tableOf({
        name: 'decision',
        policy,
        inputs: signals,
        outputs: ['disposition'],
        output: policy.length > 1 ? points : disposition,
      }).map((only) => ({ inputs, tables: [only] }));
    const isNumber = policy.length > 1;
    const fed: Source = {
      column: {
        name: 'score',
        type: isNumber ? 'decimal' : 'text',
        step: null,
        range: anything,
        rangeText: '',
        missing: null,
      },
      cell: isNumber ? numberCell(whole) : listOf(fc.constantFrom('"dismiss"', '"monitor"', '"escalate"')),
    };
    return fc
      .tuple(
        tableOf({
          name: 'score',
          policy,
          inputs: signals,
          outputs: ['score'],
          output: isNumber ? points : disposition,
        }),
        fc.constantFrom<HitPolicy>('U', 'F', 'A', 'P').chain((last) =>
          tableOf({
            name: 'decision',
            policy: last,
            inputs: [fed, ...signals.slice(0, 1)],
            outputs: ['disposition'],
            output: disposition,
          }),
        ),
      )
      .map((tables) => ({ inputs, tables }));
  });

const letters = column('letter', 'enum', { range: '"a", "b", "c", "d"' });
const digits = column('digit', 'enum', { range: '"0", "1"' });

/** Tables of words in which many rules say the same, and others stand between them. */
export const wordTable: fc.Arbitrary<LogicTable> = fc
  .tuple(
    fc.constantFrom<HitPolicy>('F', 'P', 'A'),
    fc.array(
      fc.tuple(
        fc.constantFrom('"a"', '"b"', '"c"', '-'),
        fc.constantFrom('"0"', '"1"', '-'),
        fc.constantFrom('escalate', 'monitor', 'dismiss'),
      ),
      { minLength: 4, maxLength: 9 },
    ),
  )
  .map(([policy, rules]) =>
    table({
      policy,
      inputs: [letters, digits],
      outputs: ['disposition'],
      order: [...dispositions].reverse(),
      rules: rules.map(([letter, digit, said], at): RuleText => [`R${at + 1}`, [letter, digit], [said]]),
    }),
  );
