import type { TableShape } from './ports.ts';
import type { Parameter, SegmentBy, Sop } from './sop.ts';

/** A SOP's parameters with the values of a segment: its own where it has some, `Value` otherwise. */
export function parametersIn({ parameters }: Sop, segment: string): Parameter[] {
  return parameters.map((parameter) => {
    const own = parameter.bySegment.find((entry) => entry.segment === segment);
    return own === undefined ? parameter : { ...parameter, value: own.value };
  });
}

/** The columns by which a subject meets its row in the table of segments, or those among which one can't choose. */
export interface SegmentJoin {
  readonly columns: readonly string[];
  /** Empty where the subject and the table share nothing; several where it is not clear which of them are meant. */
  readonly candidates: readonly string[];
}

/**
 * What subject and table share: of it, the columns that make a row of the table unique. Where none of these is shared, one
 * other column will do, and several are a guess. Times join nothing: when a row holds is said by valid_from and valid_to.
 */
export function segmentJoin({ subject, at, segmentBy }: Sop, table: TableShape): SegmentJoin {
  const shared = subject.columns
    .map((column) => column.name)
    .filter((name) => name !== at?.value && name !== segmentBy?.column.value)
    .filter((name) => table.columns.some((column) => column.name === name && column.sql !== 'TIMESTAMP'));
  const keyed = shared.filter((name) => table.key.includes(name));
  if (keyed.length > 0) return { columns: keyed, candidates: keyed };
  return { columns: shared.length === 1 ? shared : [], candidates: shared };
}

/** `instruments.liquidity_tier`. */
export function segmentName({ table, column }: SegmentBy): string {
  return `${table.value}.${column.value}`;
}
