import type { Outcome } from '../diagnostics/diagnostic.ts';
import type { YamlNode } from '../syntax/yaml.ts';
import { buildViewCase } from './build/view-case.ts';
import { type DeskList, listTable } from './desk-list.ts';
import type { Library, MarketTable } from './library.ts';
import { listPath, viewCasePath, viewPath } from './library-paths.ts';
import type { View, ViewCase } from './view.ts';

type Shared = Pick<Library, 'views' | 'lists' | 'viewCases' | 'sources' | 'unreadSources'>;

/** What of the library's reader is needed here. */
interface SharedReader {
  readonly broken: ReadonlySet<string>;
  keep<T>(outcome: Outcome<T>): T;
  view(path: string): Promise<View | null>;
  list(path: string): Promise<DeskList | null>;
  yaml(path: string): Promise<YamlNode | null>;
}

/** Views and lists, which SOPs read beside the market tables; they too must be known before SQL is bound. */
export async function loadShared(
  reader: SharedReader,
  paths: readonly string[],
  tables: readonly MarketTable[],
): Promise<Shared> {
  const views: View[] = [];
  const lists: DeskList[] = [];
  const viewCases: ViewCase[] = [];
  const sources: MarketTable[] = [...tables];
  const unreadSources: string[] = [];
  for (const path of paths.filter((path) => listPath.test(path))) {
    const list = await reader.list(path);
    const name = path.replace(/^.*\/|\.csv$/g, '');
    sources.push(listTable(name));
    if (list === null || reader.broken.has(path)) unreadSources.push(name);
    else lists.push(list);
  }
  for (const path of paths.filter((path) => viewPath.test(path))) {
    const view = await reader.view(path);
    if (view !== null) views.push(view);
    if (view !== null) sources.push(viewTable(view));
    if (view === null || reader.broken.has(path)) unreadSources.push(path.replace(/^.*\/|\.sql$/g, ''));
  }
  for (const path of paths.filter((path) => viewCasePath.test(path))) {
    const node = await reader.yaml(path);
    const entry = reader.broken.has(path) ? null : reader.keep(buildViewCase(path, node));
    if (entry !== null) viewCases.push(entry);
  }
  return { views, lists, viewCases, sources, unreadSources };
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
