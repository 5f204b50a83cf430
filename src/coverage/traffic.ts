import { openPoints, type PointTable } from '../check/answer-by-sql.ts';
import type { CheckedSop } from '../check/checked.ts';
import { anything, type Logic, type Test } from '../decision/logic.ts';
import type { Desk } from '../model/library.ts';
import type { Limits, SqlEngine } from '../model/ports.ts';
import { isByTables } from '../replay/decide-again.ts';
import type { DecidedSubject } from '../replay/subjects.ts';
import type { Obligation, SopProof } from './obligation.ts';
import { variantsOf } from './prove-sop.ts';
import { type Bound, boundsOf, notchOf, type Reach, reachOf, written } from './tables/bounds.ts';
import { type Scope, scopesIn } from './tables/scope.ts';
import type { Variant } from './tables/variant.ts';

/** How many real subjects pass where cases prove little. */
export interface Traffic {
  readonly sop: string;
  /** Subjects that the tables decide, or leave undecided: data that is missing has no say here. */
  readonly subjects: number;
  /** No rule decides them. */
  readonly undecided: number;
  /** Each bound with the subjects within one step of it, most first; for columns that earlier tables give as well. */
  readonly bounds: readonly BoundTraffic[];
  /** Each open obligation with the subjects that would be decided otherwise, most first. Those without any are left out. */
  readonly open: readonly OpenTraffic[];
  /** What could not be counted, and why. */
  readonly notCounted: readonly string[];
}

export interface BoundTraffic {
  readonly table: string;
  readonly rule: string;
  readonly column: string;
  readonly value: string;
  /** Null: in all segments. */
  readonly segments: readonly string[] | null;
  readonly near: number;
  /** What `near` is within: a step of the signal, or what counts as one. */
  readonly reach: Reach;
  /** Of these, the ones for which the cell decides: they would be decided otherwise if it said the opposite of them. */
  readonly hang: number;
}

export interface OpenTraffic {
  readonly obligation: Obligation;
  readonly subjects: number;
}

/** Counts over a whole history may take as long as a run on it. */
const limits: Limits = { milliseconds: 600_000, megabytes: 4_000, rows: 100 };

/** Counts the subjects of a run in SQL, which says what the evaluator says of every one of them. */
export async function trafficOf(
  checked: CheckedSop,
  proof: SopProof,
  decided: readonly DecidedSubject[],
  desk: Desk,
  engine: SqlEngine,
): Promise<Traffic> {
  const own = decided.filter(isByTables);
  const counters: Counter[] = [];
  const notCounted: string[] = [];
  for (const scope of scopesIn(checked)) {
    const points = own.filter(({ segment }) => (segment ?? null) === scope.name).map(({ values }) => values);
    const table = await openPoints(scope.logic, points, engine);
    if (typeof table === 'string') notCounted.push(table);
    else counters.push(new Counter(scope, table));
  }
  const sum = async (logic: (scope: Scope) => Logic | null, count: Count): Promise<number> => {
    let total = 0;
    for (const counter of counters) {
      const asked = logic(counter.scope);
      if (asked === null) continue;
      const found = await counter[count](asked);
      if (typeof found === 'number') total += found;
      else if (!notCounted.includes(found)) notCounted.push(found);
    }
    return total;
  };
  const undecided = await sum(({ logic }) => logic, 'undecided');
  const byId = new Map(variantsOf(checked, desk).map((variant) => [variant.id, variant]));
  const open: OpenTraffic[] = [];
  for (const obligation of proof.obligations) {
    const variant = obligation.state === 'open' ? byId.get(obligation.id) : undefined;
    if (variant === undefined) continue;
    const subjects = await sum(changedIn(variant), 'changed');
    if (subjects > 0) open.push({ obligation, subjects });
  }
  const bounds: BoundTraffic[] = [];
  for (const bound of boundsOf(checked)) bounds.push(await boundTraffic(bound, checked, [...byId.values()], sum));
  for (const { table } of counters) await table.data.close();
  return {
    sop: checked.sop.id.value,
    subjects: own.length,
    undecided,
    bounds: bounds.filter(({ near }) => near > 0).sort((a, b) => b.hang - a.hang || b.near - a.near),
    open: open.sort((a, b) => b.subjects - a.subjects),
    notCounted,
  };
}

type Count = 'changed' | 'hit' | 'undecided';
type Sum = (logic: (scope: Scope) => Logic | null, count: Count) => Promise<number>;

function changedIn({ segments, of }: Variant): (scope: Scope) => Logic | null {
  return ({ name, logic }) => (segments !== null && (name === null || !segments.includes(name)) ? null : of(logic));
}

async function boundTraffic(
  bound: Bound,
  { sop }: CheckedSop,
  variants: readonly Variant[],
  sum: Sum,
): Promise<BoundTraffic> {
  const table = sop.tables[bound.place.table];
  const rule = table?.rules[bound.place.rule];
  const sides = variants.filter(({ bound: own }) => own !== null && isOf(own, bound));
  let hang = 0;
  for (const side of sides) hang += await sum(changedIn(side), 'changed');
  const isIn = ({ name }: Scope) => bound.segments === null || (name !== null && bound.segments.includes(name));
  return {
    table: table?.name.value ?? '',
    rule: rule?.id.value ?? '',
    column: bound.column.name,
    value: written(bound.value, bound.column),
    segments: bound.segments,
    reach: reachOf(bound),
    near: await sum((scope) => (isIn(scope) ? probe(scope.logic, bound) : null), 'hit'),
    hang,
  };
}

function isOf(one: Bound, other: Bound): boolean {
  const [a, b] = [one.place, other.place];
  const isSameCell = a.table === b.table && a.rule === b.rule && a.column === b.column;
  return isSameCell && a.atom === b.atom && a.end === b.end && one.value.eq(other.value);
}

/** A decision that says `hit` of whoever lies within one step of a bound. */
function probe(logic: Logic, bound: Bound): Logic {
  const { table: at, column: place } = bound.place;
  const own = logic.tables[at];
  if (own === undefined) throw new Error('a bound outside the tables');
  const notch = notchOf(bound);
  const near: Test = {
    kind: 'tests',
    negated: false,
    alsoNull: false,
    text: '',
    atoms: [
      {
        kind: 'interval',
        low: bound.value.minus(notch),
        high: bound.value.plus(notch),
        lowClosed: true,
        highClosed: true,
      },
    ],
  };
  const outputs = ['disposition', 'severity'].map((name) => ({ name, type: 'text', order: null }) as const);
  const rule = {
    id: 'hit',
    tests: own.inputs.map((_, column) => (column === place ? near : anything)),
    outputs: ['hit', 'hit'],
  };
  const otherwise = { id: 'else', tests: [], outputs: ['miss', 'miss'] };
  const last = { name: 'near', hitPolicy: 'F' as const, inputs: own.inputs, outputs, rules: [rule], otherwise };
  return { ...logic, tables: [...logic.tables.slice(0, at), last] };
}

/** Counts points of one segment. A text says why it cannot. */
class Counter {
  constructor(
    readonly scope: Scope,
    readonly table: PointTable,
  ) {}

  changed(other: Logic): Promise<number | string> {
    const [one, two] = [this.table.select(this.scope.logic), this.table.select(other)];
    if (typeof one === 'string') return Promise.resolve(one);
    if (typeof two === 'string') return Promise.resolve(two);
    const differs = ['kind', 'disposition', 'severity'].map((name) => `a.${name} IS DISTINCT FROM b.${name}`);
    return this.count(`(${one.sql}) AS a JOIN (${two.sql}) AS b ON a.point = b.point WHERE ${differs.join(' OR ')}`);
  }

  hit(logic: Logic): Promise<number | string> {
    const asked = this.table.select(logic);
    return typeof asked === 'string' ? Promise.resolve(asked) : this.count(`(${asked.sql}) AS a WHERE a.rule = 'hit'`);
  }

  undecided(logic: Logic): Promise<number | string> {
    const asked = this.table.select(logic);
    if (typeof asked === 'string') return Promise.resolve(asked);
    return this.count(`(${asked.sql}) AS a WHERE a.kind = 'undecided'`);
  }

  private async count(from: string): Promise<number | string> {
    let found = 0;
    const query = { sql: `SELECT count(*) AS n FROM ${from}`, parameters: [] };
    const ran = await this.table.data.run(query, limits, ({ columns: [n] }) => {
      found = Number(n?.[0] ?? 0);
    });
    return ran.ok ? found : (ran.problem.detail ?? ran.problem.reason);
  }
}
