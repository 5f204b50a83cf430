import { type Diagnostic, diagnose, type Outcome } from '../diagnostics/diagnostic.ts';
import type { Library } from '../model/library.ts';
import type { BoundQuery, ResultColumn } from '../model/ports.ts';
import { type View, type ViewType, viewTypes } from '../model/view.ts';
import { nearest } from '../text/nearest.ts';
import { isAboutUnread, sqlWords } from './bind-signals.ts';
import type { Binder } from './binder.ts';
import type { CheckedView } from './checked.ts';
import { readsOf } from './reads.ts';
import { misfitOf } from './rules/parameters.ts';
import { describeSqlProblem, firstLine } from './sql-problem.ts';

/** Binds the SQL of each view, compares it with what its header declares, and finds views that read each other. */
export async function checkViews(library: Library, binder: Binder): Promise<Outcome<readonly CheckedView[]>> {
  const found: Diagnostic[] = [];
  const views: CheckedView[] = [];
  for (const view of library.views) {
    const [bound, told] = await bindView(view, library, binder);
    const own = [...told, ...checkParameters(view)];
    found.push(...own);
    views.push({ view, bound, sound: bound !== null && !own.some(({ level }) => level === 'error') });
  }
  const rings = findRings(views);
  found.push(...rings.map((ring) => describeRing(ring)));
  const inRing = new Set(rings.flat());
  const apart = views.map((entry) => ({ ...entry, sound: entry.sound && !inRing.has(entry.view) }));
  // A view is no sounder than those that it reads.
  return [apart.map((entry) => ({ ...entry, sound: readsOf([entry.view.name.value], apart).sound })), found];
}

async function bindView(view: View, library: Library, binder: Binder): Promise<Outcome<BoundQuery | null>> {
  const owner = { group: view.name.value, view: true };
  const result = await binder.bind(view, view.sql, library.sources);
  if (!result.ok) {
    if (isAboutUnread(result.problem, library)) return [null, []];
    return [null, [describeSqlProblem(result.problem, owner, view.sql, library.sources)]];
  }
  const warnings = result.value.warnings.map((entry) => describeSqlProblem(entry, owner, view.sql, library.sources));
  return [result.value, [...warnings, ...compareColumns(result.value, view)]];
}

function compareColumns(bound: BoundQuery, view: View): Diagnostic[] {
  const found: Diagnostic[] = [];
  const related = [{ span: firstLine(view.sql), label: 'this SQL' }];
  const name = view.name.value;
  const declared = view.columns.map((column) => column.name.value);
  const extra = bound.columns.map((column) => column.name).filter((column) => !declared.includes(column));
  const renamed: string[] = [];
  for (const column of view.columns) {
    const returned = bound.columns.find((candidate) => candidate.name === column.name.value);
    if (returned === undefined) {
      const near = nearest(column.name.value, extra, 1);
      renamed.push(...near);
      found.push(diagnose('SOP433', column.name.span, { view: name, name: column.name.value, near }, { related }));
    } else if (!accepts[column.type].includes(returned.kind)) {
      const types = { declared: column.type, found: sqlWords(returned), cast: viewTypes[column.type] };
      found.push(diagnose('SOP434', column.name.span, { view: name, name: returned.name, ...types }, { related }));
    }
  }
  // What is only a declared column under another name has been named there.
  for (const column of extra.filter((candidate) => !renamed.includes(candidate)))
    found.push(
      diagnose('SOP435', firstLine(view.sql), { view: name, name: column, near: nearest(column, declared, 1) }),
    );
  return found;
}

const accepts: Readonly<Record<ViewType, readonly ResultColumn['kind'][]>> = {
  text: ['text'],
  number: ['number', 'integer', 'decimal'],
  integer: ['integer'],
  decimal: ['decimal', 'integer'],
  boolean: ['boolean'],
  timestamp: ['timestamp'],
};

function checkParameters({ parameters, sql }: View): Diagnostic[] {
  const reserved = parameters.filter(({ name }) => name.value === 'from' || name.value === 'as_of');
  const used = [...sql.text.matchAll(/\$(\w+)/g)].map((match) => match[1] ?? '');
  const twice = reserved.map(({ name }) =>
    diagnose('SOP303', name.span, { name: name.value, what: 'a parameter and a moment that every run sets' }),
  );
  const own = parameters.flatMap((parameter) => {
    const problem = misfitOf(parameter);
    if (problem !== null) return [problem];
    const { value: name, span } = parameter.name;
    // A name that is nearly this one counts as a use: the slip is reported where it stands.
    const isUsed = used.some((word) => word === name || nearest(word, [name]).length > 0);
    return isUsed ? [] : [diagnose('SOP322', span, { name })];
  });
  return [...twice, ...own];
}

/** Each ring once, beginning with the view that comes first by name; the shortest one where a view stands in several. */
function findRings(views: readonly CheckedView[]): View[][] {
  const rings: View[][] = [];
  const told = new Set<View>();
  const reads = (view: View) =>
    views
      .find((entry) => entry.view === view)
      ?.bound?.tables.flatMap((name) => views.find((entry) => entry.view.name.value === name)?.view ?? []) ?? [];
  for (const { view } of views) {
    if (told.has(view)) continue;
    const ring = wayBack(view, reads);
    if (ring === null) continue;
    for (const member of ring) told.add(member);
    rings.push(ring);
  }
  return rings;
}

/** The shortest way from a view to itself; null where there is none. */
function wayBack(start: View, reads: (view: View) => readonly View[]): View[] | null {
  const seen = new Set<View>();
  let ways: View[][] = [[start]];
  while (ways.length > 0) {
    const next: View[][] = [];
    for (const way of ways) {
      for (const view of reads(way.at(-1) ?? start)) {
        if (view === start) return way;
        if (seen.has(view)) continue;
        seen.add(view);
        next.push([...way, view]);
      }
    }
    ways = next;
  }
  return null;
}

function describeRing(ring: readonly View[]): Diagnostic {
  const [first, ...others] = ring;
  if (first === undefined) throw new Error('a ring without a view');
  const names = ring.map((view) => view.name.value);
  const related = others
    .slice(0, 4)
    .map(({ name, sql }) => ({ span: firstLine(sql), label: `the SQL of ${name.value}` }));
  return diagnose('SOP325', first.name.span, { name: first.name.value, ring: names }, { related });
}
