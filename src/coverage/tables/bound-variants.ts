import Big from 'big.js';
import type { CheckedSop } from '../../check/checked.ts';
import type { DecisionCell } from '../../model/sop.ts';
import { isTimeType } from '../../model/value.ts';
import { type Bound, boundsOf, isAllowed, moved, notchOf, slips, written } from './bounds.ts';
import { type Variant, withTest } from './variant.ts';
import { flipIn, type Zone } from './zone.ts';

/** Each bound just below, at and just above: a case must be there, and what the cell says there must matter. */
export function boundVariants(checked: CheckedSop): Variant[] {
  return boundsOf(checked).flatMap((bound) =>
    sidesOf(bound).map(({ side, zone, sample }): Variant => {
      const where = whereOf(bound, checked);
      const value = written(bound.value, bound.column);
      return {
        id: `bound/${where.id}/${value}/${side}`,
        kind: 'bound',
        ...where.at,
        replacement: null,
        says: `\`${bound.column.name}\` is ${side === 'at' ? 'exactly' : `just ${side}`} ${where.rule}'s ${value}${where.inSegments}, and that decides`,
        segments: bound.segments,
        cell: bound.place,
        bound,
        of: (logic) => withTest(logic, bound.place, (test) => flipIn(test, zone, sample, bound.column)),
      };
    }),
  );
}

interface Side {
  readonly side: 'below' | 'at' | 'above';
  readonly zone: Zone;
  readonly sample: Big;
}

function sidesOf(bound: Bound): Side[] {
  const { value, column } = bound;
  const notch = notchOf(bound);
  const at: Side = { side: 'at', sample: value, zone: pointAt(value) };
  if (column.step !== null && !isTimeType(column.type)) {
    const [low, high] = [value.minus(notch), value.plus(notch)];
    const beside: Side[] = [
      { side: 'below', sample: low, zone: pointAt(low) },
      at,
      { side: 'above', sample: high, zone: pointAt(high) },
    ];
    return beside.filter(({ sample }) => isAllowed(sample, column));
  }
  const [low, isLowIn] = endOf(bound, value.minus(notch));
  const [high, isHighIn] = endOf(bound, value.plus(notch));
  const sides: Side[] = [
    {
      side: 'below',
      sample: isLowIn ? low : between(low, value, column),
      zone: { low, high: value, lowClosed: isLowIn, highClosed: false },
    },
    at,
    {
      side: 'above',
      sample: isHighIn ? high : between(high, value, column),
      zone: { low: value, high, lowClosed: false, highClosed: isHighIn },
    },
  ];
  return sides.filter(({ side, sample }) => isAllowed(sample, column) && (side === 'at' || !sample.eq(value)));
}

function pointAt(at: Big): Zone {
  return { low: at, high: at, lowClosed: true, highClosed: true };
}

/** How far it reaches that the cell says one thing: a notch, or less where another number stands before that. */
function endOf({ value, others }: Bound, notched: Big): readonly [end: Big, isIn: boolean] {
  const before = others.filter((one) =>
    notched.gt(value) ? one.gt(value) && one.lte(notched) : one.lt(value) && one.gte(notched),
  );
  const [first] = before.sort((a, b) => a.minus(value).abs().cmp(b.minus(value).abs()));
  return first === undefined ? [notched, true] : [first, false];
}

function between(end: Big, value: Big, { type }: Bound['column']): Big {
  const middle = end.plus(value).div(2);
  return isTimeType(type) ? middle.round(0, Big.roundDown) : middle;
}

/** Literal bounds that stand elsewhere by a slip. Parameters are moved where they are declared. */
export function movedBounds(checked: CheckedSop): Variant[] {
  return boundsOf(checked)
    .filter(({ operand }) => operand.kind !== 'name')
    .flatMap((bound) =>
      slips(bound).flatMap((value): Variant[] => {
        const where = whereOf(bound, checked);
        const { operand } = bound;
        const [before, after] = [
          where.cell.text.slice(operand.at, operand.at + operand.length),
          written(value, bound.column),
        ];
        const replacement = `${where.cell.text.slice(0, operand.at)}${after}${where.cell.text.slice(operand.at + operand.length)}`;
        return [
          {
            id: `mutant/${where.id}/${before}>${after}`,
            kind: 'mutant',
            ...where.at,
            replacement,
            says: `${where.rule}'s ${before} on \`${bound.column.name}\` became ${after}`,
            segments: null,
            cell: bound.place,
            bound: null,
            of: (logic) => withTest(logic, bound.place, (test) => moved(test, bound.place, value)),
          },
        ];
      }),
    );
}

interface Where {
  /** `decision/R2/self_ratio/>= 0.2`, with the place of the bound in the cell where there are several. */
  readonly id: string;
  readonly at: Pick<Variant, 'table' | 'rule' | 'column' | 'span'>;
  readonly rule: string;
  readonly cell: DecisionCell;
  readonly inSegments: string;
}

function whereOf({ place, segments, column }: Bound, { sop }: CheckedSop): Where {
  const table = sop.tables[place.table];
  const rule = table?.rules[place.rule];
  const cell = rule?.cells[place.column];
  if (table === undefined || rule === undefined || cell === undefined) throw new Error('a bound outside the tables');
  const nth =
    cell.test?.kind === 'tests' && (cell.test.tests.length > 1 || place.end !== 'only')
      ? `/${place.atom}${place.end}`
      : '';
  return {
    id: `${table.name.value}/${rule.id.value}/${column.name}/${cell.text}${nth}`,
    at: { table: table.name.value, rule: rule.id.value, column: column.name, span: cell.span },
    rule: rule.id.value,
    cell,
    inSegments: segments === null ? '' : ` in ${segments.join(', ')}`,
  };
}
