import type { Case, GivenTable } from '../model/case.ts';
import type { Cache, Store } from '../model/ports.ts';
import type { SourceFile } from '../text/source.ts';
import { packValue, unpackValue } from './pack-values.ts';
import { openShelf, type Shelf } from './shelf.ts';

/** What cases gave in earlier runs, by the content of everything that they rest on. */
export interface KnownCases {
  /** Names a run of a case by the SOP, or of a view's, at `path`; undefined where it cannot be known from texts alone. */
  keyOf(entry: Pick<Case, 'name' | 'path'>, tables: readonly GivenTable[], path: string): Promise<string | undefined>;
  /** What was set under the key: plain data, maps and exact numbers. */
  get<T>(shelf: string, key: string): T | undefined;
  set(shelf: string, key: string, result: unknown): void;
  /** Writes what is new. Of the SOPs in `whole` all cases were run: what nobody asked for is forgotten. */
  save(whole: ReadonlySet<string>): void;
}

/** A case and a SOP can change alone; everything else that the library holds is taken together. */
const own = /^sops\/[^/]+\/(SOP\.md$|cases\/)/;

/**
 * The result of a case rests on its own text and data files, the SOP's text, and the texts that all share: views, lists, tables,
 * the desk's words. `version` is that of the SQL engine. Results with errors are never kept, nor are data files that are no text.
 */
export function knownCases(
  cache: Cache,
  store: Store,
  version: string,
  files: ReadonlyMap<string, SourceFile>,
): KnownCases {
  const { createHash } = process.getBuiltinModule('node:crypto');
  const digest = (parts: readonly string[]) => createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  const digests = new Map<string, string>();
  const digestOf = (path: string) => {
    const known = digests.get(path) ?? digest([files.get(path)?.text ?? '']);
    digests.set(path, known);
    return known;
  };
  const paths = [...files.keys()].filter((path) => !own.test(path)).sort();
  const shared = digest([version, ...paths.flatMap((path) => [path, digestOf(path)])]);
  const shelves = new Map<string, Shelf<unknown>>();
  const shelf = (sop: string) => {
    const found = shelves.get(sop) ?? openShelf<unknown>(cache, 'cases', sop);
    shelves.set(sop, found);
    return found;
  };
  return {
    keyOf: async ({ name, path }, tables, sop) => {
      const data = await dataDigests(path, tables, store, digest);
      return data && digest([shared, sop, digestOf(sop), name.value, path, digestOf(path), ...data]);
    },
    get: <T>(sop: string, key: string) => unpackValue(shelf(sop).get(key)) as T | undefined, // the key names what was set
    set: (sop, key, result) => shelf(sop).set(key, packValue(result)),
    save: (whole) => {
      for (const [sop, held] of shelves) held.save(whole.has(sop));
    },
  };
}

/** The digests of a case's data files, in the order in which it names them; undefined where one is no text. */
async function dataDigests(
  path: string,
  tables: readonly GivenTable[],
  store: Store,
  digest: (parts: readonly string[]) => string,
): Promise<string[] | undefined> {
  const folder = path.replace(/[^/]*$/, '');
  const digests: string[] = [];
  for (const { data } of tables) {
    if (data.kind === 'rows') continue;
    const { value } = data.path;
    const found =
      value.startsWith('/') || value.split('/').includes('..') ? undefined : await store.read(`${folder}${value}`);
    if (found?.kind !== 'text') return undefined;
    digests.push(digest([found.text]));
  }
  return digests;
}
