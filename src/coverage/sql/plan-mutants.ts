import type { Binder } from '../../check/binder.ts';
import type { CheckedSop, CheckedView } from '../../check/checked.ts';
import type { Library } from '../../model/library.ts';
import type { BoundQuery, Limits } from '../../model/ports.ts';
import type { SqlMutant, SqlMutator } from '../../model/sql-mutant.ts';
import { spanAt } from '../../text/source.ts';
import { planParameters } from './plan-parameters.ts';
import type { PlannedMutant } from './planned.ts';
import { sayMutant, sayNeeds } from './say-mutant.ts';
import { type DecidingSql, decidingSql } from './sql-texts.ts';

export interface Plan {
  /** In the order of the SOP, then of the views that it reads; the parameters come last. */
  readonly mutants: readonly PlannedMutant[];
  /** Slips that the check would refuse: they do not bind, or return other columns. */
  readonly refused: number;
  /** Slips that could not be made in the text alone. */
  readonly dropped: number;
  /** Texts whose slips could not be found within the limits: `the SQL of Crowd at the ask`. */
  readonly unread: readonly string[];
}

/** To find the slips of a text takes a few hundred parses. */
const limits: Limits = { milliseconds: 60_000, megabytes: 2_000, rows: 0 };

/** All that a slip of the pen could change in the SQL behind a SOP. */
export async function planMutants(
  checked: CheckedSop,
  views: readonly CheckedView[],
  library: Library,
  engine: SqlMutator,
  binder: Binder,
): Promise<Plan> {
  const texts = decidingSql(checked, views);
  const mutants: PlannedMutant[] = [];
  const unread: string[] = [];
  let refused = 0;
  let dropped = 0;
  for (const text of texts) {
    const found = await engine.mutants(text.sql.text, limits);
    if (!found.ok) {
      unread.push(text.owner.words);
      continue;
    }
    const numbered = number(found.value.mutants);
    const bound = await Promise.all(
      numbered.map(({ mutant }) => {
        const sql = { ...text.sql, text: changedText(text.sql.text, mutant) };
        return binder.bind({ parameters: text.parameters }, sql, library.sources);
      }),
    );
    dropped += found.value.dropped;
    for (const [index, { mutant, nth }] of numbered.entries()) {
      const result = bound[index];
      if (result?.ok === true && sameColumns(result.value, text.bound)) mutants.push(planned(mutant, nth, text));
      else refused++;
    }
  }
  return { mutants: [...mutants, ...planParameters(checked, texts, library.desk)], refused, dropped, unread };
}

/** The same slip at several places of a text is told apart by counting. */
function number(mutants: readonly SqlMutant[]): { readonly mutant: SqlMutant; readonly nth: number }[] {
  const seen = new Map<string, number>();
  return mutants.map((mutant) => {
    const name = nameOf(mutant);
    const nth = (seen.get(name) ?? 0) + 1;
    seen.set(name, nth);
    return { mutant, nth };
  });
}

function nameOf({ what, condition, becomes, replacement }: SqlMutant): string {
  return `${what}/${condition}>${becomes === '' ? replacement : becomes}`;
}

function planned(mutant: SqlMutant, nth: number, text: DecidingSql): PlannedMutant {
  const start = text.sql.start + mutant.offset;
  const sql = changedText(text.sql.text, mutant);
  const changed = text.withText(sql);
  return {
    id: `sql_mutant/${text.owner.id}/${nameOf(mutant)}/${nth}`,
    span: spanAt(text.path, start, start + mutant.length),
    replacement: mutant.replacement,
    says: sayMutant(mutant, text.owner, nth),
    needs: sayNeeds(mutant),
    key: JSON.stringify([text.owner.id, sql]),
    tables: text.tables,
    changed,
    view: text.view && (changed.reads.views.find(({ name }) => name.value === text.view?.name.value) ?? null),
  };
}

function changedText(sql: string, { offset, length, replacement }: SqlMutant): string {
  return sql.slice(0, offset) + replacement + sql.slice(offset + length);
}

function sameColumns(one: BoundQuery, other: BoundQuery): boolean {
  const shape = ({ columns }: BoundQuery) => JSON.stringify(columns.map(({ name, kind }) => [name, kind]));
  return shape(one) === shape(other);
}
