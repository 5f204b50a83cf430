import { afterAll } from 'vitest';
import { removeFolders } from './folder.ts';
import { removeCache } from './sop.ts';

/** Files that one process runs share their modules, but neither folders nor a cache. */
afterAll(async () => {
  await removeFolders();
  removeCache();
});
