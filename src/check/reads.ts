import type { CheckedView, Reads } from './checked.ts';

/** Follows the names that SQL reads to what lies behind them. */
export function readsOf(names: Iterable<string>, views: readonly CheckedView[]): Reads {
  const known = new Map(views.map((entry) => [entry.view.name.value, entry]));
  const tables = new Set<string>();
  const ordered = new Map<string, CheckedView>();
  const begun = new Set<string>();
  const visit = (name: string): void => {
    const entry = known.get(name);
    if (entry === undefined) tables.add(name);
    if (entry === undefined || begun.has(name)) return;
    begun.add(name);
    for (const source of entry.bound?.tables ?? []) visit(source);
    ordered.set(name, entry);
  };
  for (const name of [...names].sort()) visit(name);
  const found = [...ordered.values()];
  return {
    tables: [...tables].sort(),
    views: found.map((entry) => entry.view),
    sound: found.every((entry) => entry.sound),
  };
}
