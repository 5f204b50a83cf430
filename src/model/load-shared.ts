import { diagnose, type Outcome } from '../diagnostics/diagnostic.ts';
import { type PackedYaml, unpackYaml } from '../syntax/pack-yaml.ts';
import type { Located } from '../text/source.ts';
import { buildViewCase } from './build/view-case.ts';
import type { DeskList } from './desk-list.ts';
import type { Library, MarketTable } from './library.ts';
import { listPath, viewCasePath, viewPath } from './library-paths.ts';
import { listTable } from './list-table.ts';
import type { View, ViewCase } from './view.ts';

type Shared = Pick<Library, 'views' | 'lists' | 'viewCases' | 'sources' | 'unreadSources'>;

/** What of the library's reader is needed here. */
interface SharedReader {
  readonly broken: ReadonlySet<string>;
  keep<T>(outcome: Outcome<T>): T;
  view(path: string): Promise<View | null>;
  list(path: string): Promise<DeskList | null>;
  packed(path: string): Promise<PackedYaml | null>;
}

/** Views and lists, which SOPs read beside the market tables; they too must be known before SQL is bound. */
export async function loadShared(
  reader: SharedReader,
  paths: readonly string[],
  tables: readonly MarketTable[],
): Promise<Shared> {
  const views: View[] = [];
  const lists: DeskList[] = [];
  const unreadSources: string[] = [];
  // Names are compared as SQL compares them.
  const sources = new Map<string, MarketTable>(tables.map((table) => [table.name.toLowerCase(), table]));
  const what = new Map<string, string>([
    ['provided', 'the provided signals of a case'],
    ...tables.map(({ name }) => [name.toLowerCase(), 'a market table'] as const),
  ]);
  const isFree = (name: Located<string>, kind: string) => {
    const taken = what.get(name.value.toLowerCase());
    if (taken !== undefined) reader.keep([null, [diagnose('SOP324', name.span, { name: name.value, what: taken })]]);
    else what.set(name.value.toLowerCase(), kind);
    return taken === undefined;
  };
  for (const path of paths.filter((path) => listPath.test(path))) {
    const list = await reader.list(path);
    if (list !== null && !reader.broken.has(path) && isFree(list.name, 'a list')) {
      lists.push(list);
      sources.set(list.name.value.toLowerCase(), listTable(list.name.value));
    } else unreadSources.push(path.replace(/^.*\/|\.csv$/g, ''));
  }
  for (const path of paths.filter((path) => viewPath.test(path))) {
    const view = await reader.view(path);
    if (view !== null && !reader.broken.has(path) && isFree(view.name, 'a view')) {
      views.push(view);
      sources.set(view.name.value.toLowerCase(), viewTable(view));
    } else unreadSources.push(path.replace(/^.*\/|\.sql$/g, ''));
  }
  const viewCases = await loadViewCases(reader, paths);
  return { views, lists, viewCases, sources: [...sources.values()], unreadSources };
}

async function loadViewCases(reader: SharedReader, paths: readonly string[]): Promise<ViewCase[]> {
  const cases: ViewCase[] = [];
  for (const path of paths.filter((path) => viewCasePath.test(path))) {
    const packed = await reader.packed(path);
    const node = packed && unpackYaml(packed);
    const entry = reader.broken.has(path) ? null : reader.keep(buildViewCase(path, node, packed));
    if (entry !== null) cases.push(entry);
  }
  return cases;
}

/** What SQL knows of a view. */
function viewTable({ name, title, columns, key }: View): MarketTable {
  return {
    name: name.value,
    description: title,
    columns: columns.map((column) => ({ name: column.name.value, sql: column.sql })),
    key: key.map((column) => column.value),
    required: [],
    values: new Map(),
  };
}
