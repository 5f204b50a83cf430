import type { CheckedSop } from '../../check/checked.ts';
import { enumValues } from '../../check/resolve-test.ts';
import { anything, type Column, type Logic, type Test } from '../../decision/logic.ts';
import type { DecisionCell } from '../../model/sop.ts';
import type { Atom } from '../../syntax/unary-test.ts';
import type { CellPlace } from './bounds.ts';
import { nothing, type Variant, withTest } from './variant.ts';

/** A cell that restricts, where it stands. */
interface Cell {
  readonly place: CellPlace;
  readonly cell: DecisionCell;
  readonly column: Column;
  readonly at: Pick<Variant, 'table' | 'rule' | 'column' | 'span'>;
  /** `decision/R2/role`. */
  readonly path: string;
  /** `R2`. */
  readonly rule: string;
}

function cellsOf({ sop, logic }: CheckedSop): Cell[] {
  return sop.tables.flatMap((table, at) =>
    table.rules.flatMap((rule, row) =>
      rule.cells.flatMap((cell, place): Cell[] => {
        const column = logic.tables[at]?.inputs[place];
        if (column === undefined || cell.test?.kind !== 'tests') return [];
        return [
          {
            place: { table: at, rule: row, column: place },
            cell,
            column,
            at: { table: table.name.value, rule: rule.id.value, column: column.name, span: cell.span },
            path: `${table.name.value}/${rule.id.value}/${column.name}`,
            rule: rule.id.value,
          },
        ];
      }),
    ),
  );
}

/**
 * Masking MC/DC: of each cell a case that it lets through and a case that it holds back, and in both the cell alone makes the
 * difference (Chilenski 2001, "An Investigation of Three Forms of the Modified Condition Decision Coverage Criterion").
 */
export function conditionVariants(checked: CheckedSop): Variant[] {
  return cellsOf(checked).flatMap(({ place, cell, column, at, path, rule }): Variant[] => {
    const shared = { kind: 'condition', ...at, replacement: null, segments: null, cell: place, bound: null } as const;
    const name = `condition/${path}/${cell.text}`;
    const told = `\`${column.name}\` ${cell.text}`;
    return [
      {
        ...shared,
        id: `${name}/true`,
        says: `${told} is met, and ${rule} hangs on it`,
        of: (logic) => withTest(logic, place, () => nothing),
      },
      {
        ...shared,
        id: `${name}/false`,
        says: `${told} alone keeps ${rule} away`,
        of: (logic) => withTest(logic, place, () => anything),
      },
    ];
  });
}

/** A cell that says something else by a slip: its ends, its words, null, or nothing at all. Its numbers are `movedBounds`. */
export function cellMutants(checked: CheckedSop): Variant[] {
  return cellsOf(checked).flatMap((entry) => {
    const { place, cell, column, at, path, rule } = entry;
    return slipsIn(entry, checked.logic).map(
      ({ text, change }): Variant => ({
        id: `mutant/${path}/${cell.text}>${text}`,
        kind: 'mutant',
        ...at,
        replacement: text,
        says:
          text === '-'
            ? `${rule} no longer looked at \`${column.name}\``
            : `${rule}'s \`${column.name}\` ${cell.text} became ${text}`,
        segments: null,
        cell: place,
        bound: null,
        of: (logic) => withTest(logic, place, change),
      }),
    );
  });
}

interface Slip {
  readonly text: string;
  readonly change: (test: Test) => Test;
}

function slipsIn({ cell, column }: Cell, logic: Logic): Slip[] {
  const { test } = cell;
  if (test?.kind !== 'tests') return [];
  const atoms = test.tests.map((atom) => textOf(atom, cell));
  const write = (parts: readonly string[]) => (test.negated ? `not(${parts.join(', ')})` : parts.join(', '));
  const put = (at: number, part: string) => write(atoms.map((own, place) => (place === at ? part : own)));
  const ends = test.tests.flatMap((atom, at) =>
    endSlips(atom, cell).map(
      ({ text, change }): Slip => ({
        text: `${put(at, text)}${test.alsoNull ? ', null' : ''}`,
        change: atAtom(at, change),
      }),
    ),
  );
  return [
    { text: '-', change: () => anything },
    ...ends,
    ...wordSlips(cell, column, atoms),
    ...nullSlips(cell, column, logic, atoms),
  ];
}

function textOf(atom: Atom, { text }: DecisionCell): string {
  const operand = (one: { readonly at: number; readonly length: number }) => text.slice(one.at, one.at + one.length);
  switch (atom.kind) {
    case 'null':
      return 'null';
    case 'equal':
      return operand(atom.operand);
    case 'compare':
      return `${atom.operator} ${operand(atom.operand)}`;
    case 'interval':
      return `${atom.lowClosed ? '[' : '('}${operand(atom.low)}..${operand(atom.high)}${atom.highClosed ? ']' : ')'}`;
  }
}

type AtomOf<K> = Extract<Atom, { kind: K }>;
type Reworded = Partial<Pick<AtomOf<'compare'>, 'operator'> & Pick<AtomOf<'interval'>, 'lowClosed' | 'highClosed'>>;

function endSlips(atom: Atom, cell: DecisionCell): { readonly text: string; readonly change: Reworded }[] {
  const slip = (change: Reworded) => [{ text: textOf({ ...atom, ...change } as Atom, cell), change }]; // fields that the atom has
  if (atom.kind === 'compare') {
    const { operator } = atom;
    return slip({
      operator: operator.endsWith('=') ? (operator.slice(0, 1) as '<' | '>') : (`${operator}=` as '<=' | '>='),
    }); // of the four
  }
  if (atom.kind !== 'interval') return [];
  return [...slip({ lowClosed: !atom.lowClosed }), ...slip({ highClosed: !atom.highClosed })];
}

function atAtom(at: number, change: Reworded): Slip['change'] {
  return (test) =>
    test.kind === 'any'
      ? test
      : { ...test, atoms: test.atoms.map((one, place) => (place === at ? Object.assign({}, one, change) : one)) };
}

/** Each word that a cell does not list is added, each that it lists taken out; true and false change places. */
function wordSlips({ test }: DecisionCell, column: Column, atoms: readonly string[]): Slip[] {
  if (test?.kind !== 'tests') return [];
  const write = (parts: readonly string[]) =>
    `${test.negated ? `not(${parts.join(', ')})` : parts.join(', ')}${test.alsoNull ? ', null' : ''}`;
  const listed = test.tests.map((atom) =>
    atom.kind !== 'equal'
      ? null
      : atom.operand.kind === 'text'
        ? atom.operand.text
        : atom.operand.kind === 'boolean'
          ? atom.operand.value
          : null,
  );
  if (column.type === 'boolean') {
    const at = listed.findIndex((value) => typeof value === 'boolean');
    const value = listed[at];
    if (typeof value !== 'boolean') return [];
    const flipped = write(atoms.map((own, place) => (place === at ? String(!value) : own)));
    return [
      {
        text: flipped,
        change: withAtoms((own) => own.map((one, place) => (place === at ? { kind: 'equal', value: !value } : one))),
      },
    ];
  }
  const added = enumValues(column)
    .filter((word) => !listed.includes(word))
    .map(
      (word): Slip => ({
        text: write([...atoms, `"${word}"`]),
        change: withAtoms((own) => [...own, { kind: 'equal', value: word }]),
      }),
    );
  const without = listed.flatMap((word, at): Slip[] =>
    typeof word !== 'string' || listed.length < 2
      ? []
      : [
          {
            text: write(atoms.filter((_, place) => place !== at)),
            change: withAtoms((own) => own.filter((_, place) => place !== at)),
          },
        ],
  );
  return [...added, ...without];
}

type Atoms = Extract<Test, { kind: 'tests' }>['atoms'];

function withAtoms(change: (atoms: Atoms) => Atoms): Slip['change'] {
  return (test) => (test.kind === 'any' ? test : { ...test, atoms: change(test.atoms) });
}

/** A subject without a value is let through where it was not, or the other way round. */
function nullSlips({ test, text }: DecisionCell, column: Column, logic: Logic, atoms: readonly string[]): Slip[] {
  const isGiven = !logic.inputs.some(({ name }) => name === column.name);
  if (test?.kind !== 'tests' || (column.missing !== null && !isGiven) || isCounted(column, logic)) return [];
  if (test.negated) {
    const told = test.alsoNull ? `not(${atoms.join(', ')})` : `${text}, null`;
    return [{ text: told, change: (own) => (own.kind === 'any' ? own : { ...own, alsoNull: !own.alsoNull }) }];
  }
  const at = test.tests.findIndex(({ kind }) => kind === 'null');
  if (at < 0) return [{ text: `${text}, null`, change: withAtoms((own) => [...own, { kind: 'null' }]) }];
  if (atoms.length === 1) return [];
  return [
    {
      text: atoms.filter((_, place) => place !== at).join(', '),
      change: withAtoms((own) => own.filter((_, place) => place !== at)),
    },
  ];
}

/** A sum or a count of an earlier table is 0 where no rule matches, and never null. */
function isCounted({ name }: Column, { tables }: Logic): boolean {
  const source = tables.find(({ outputs }) => outputs.some((output) => output.name === name));
  return source?.hitPolicy === 'C+' || source?.hitPolicy === 'C#';
}
