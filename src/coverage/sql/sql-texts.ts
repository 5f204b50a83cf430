import type { CheckedSop, CheckedView } from '../../check/checked.ts';
import { readsOf } from '../../check/reads.ts';
import type { BoundQuery } from '../../model/ports.ts';
import type { Parameter, SqlText } from '../../model/sop.ts';
import type { View } from '../../model/view.ts';
import type { Owner } from './say-mutant.ts';

/** A text of SQL that decides about cases: a group's, that of its members, or a view's. */
export interface DecidingSql {
  readonly owner: Owner;
  readonly path: string;
  readonly sql: SqlText;
  readonly bound: BoundQuery;
  /** Whose parameters it reads. */
  readonly parameters: readonly Parameter[];
  /** Market tables and lists behind it. */
  readonly tables: ReadonlySet<string>;
  /** Null where it is no view. */
  readonly view: View | null;
  /** The SOP with another text in its place. */
  readonly withText: (text: string) => CheckedSop;
}

/** The SQL of a SOP and of the views that it reads. What lists evidence decides nothing. */
export function decidingSql(checked: CheckedSop, views: readonly CheckedView[]): DecidingSql[] {
  const { sop, groups } = checked;
  const own = groups.flatMap(({ group, bound, members }, index) => {
    const name = group.name.value;
    const of = (field: 'sql' | 'members', owner: Owner, found: BoundQuery | null): DecidingSql[] => {
      const sql = group[field];
      if (sql === null || found === null) return [];
      const tables = new Set(readsOf(found.tables, views).tables);
      const withText = (text: string) => {
        const changed = groups.map((entry, at) =>
          at === index ? { ...entry, group: { ...entry.group, [field]: { ...sql, text } } } : entry,
        );
        return { ...checked, groups: changed };
      };
      return [{ owner, path: sop.path, sql, bound: found, parameters: sop.parameters, tables, view: null, withText }];
    };
    return [
      ...of('sql', { id: name, words: `the SQL of ${name}` }, bound),
      ...of('members', { id: `${name} members`, words: `the members' SQL of ${name}` }, members),
    ];
  });
  const read = checked.reads.views.flatMap((view): DecidingSql[] => {
    const bound = views.find((entry) => entry.view === view)?.bound ?? null;
    if (bound === null) return [];
    const name = view.name.value;
    return [
      {
        owner: { id: `view ${name}`, words: `the view ${name}` },
        path: view.path,
        sql: view.sql,
        bound,
        parameters: view.parameters,
        tables: new Set(readsOf([name], views).tables),
        view,
        withText: (text) => withView(checked, { ...view, sql: { ...view.sql, text } }),
      },
    ];
  });
  return [...own, ...read];
}

/** The SOP with a view as it would be then. */
export function withView(checked: CheckedSop, changed: View): CheckedSop {
  const views = checked.reads.views.map((view) => (view.name.value === changed.name.value ? changed : view));
  return { ...checked, reads: { ...checked.reads, views } };
}

/** Whether SQL names a parameter. */
export function readsParameter({ text }: SqlText, name: string): boolean {
  return [...text.matchAll(/\$(\w+)/g)].some(([, word = '']) => word.toLowerCase() === name.toLowerCase());
}
