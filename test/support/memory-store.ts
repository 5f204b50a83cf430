import type { FileContent, StagedFolder, Store } from '../../src/model/ports.ts';

/** A project in memory, for tests. Files have text only; data files that SQL reads need a real folder. */
export function createMemoryStore(files: Map<string, string>): Store {
  return {
    list: async (folder) => [...files.keys()].filter((path) => path.startsWith(`${folder}/`)).sort(byCodePoint),
    read: async (path): Promise<FileContent | undefined> => {
      const text = files.get(path);
      return text === undefined ? undefined : { kind: 'text', text };
    },
    write: async (path, text) => void files.set(path, text),
    remove: async (path) => void files.delete(path),
    take: async (from, to) => {
      files.set(to, files.get(from) ?? '');
      files.delete(from);
    },
    resolveInside: async (folder, path) => {
      if (path.startsWith('/') || path.split(/[\\/]/).includes('..')) return { kind: 'outside' };
      if (!files.has(`${folder}/${path}`)) return { kind: 'missing' };
      throw new Error(`the engine cannot read ${path} from memory: this test needs a store on disk`);
    },
  };
}

/** Replaces files of a project in memory. A file of a build that was cut short may lie there. */
export function createMemoryStaging(store: Store): StagedFolder {
  return {
    state: async () => ((await store.read('skills/.staging/owner.json')) === undefined ? 'settled' : 'interrupted'),
    replace: async (write, remove, last) => {
      for (const { path, text } of [...write, last]) await store.write(path, text);
      for (const path of remove) await store.remove(path);
      return 'done';
    },
  };
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
