import { fileURLToPath } from 'node:url';

const bundle = fileURLToPath(new URL('../../dist/sop.mjs', import.meta.url));

/** The SQL process as it is shipped (`build-once.ts` keeps it new). It starts in a third of the time that a loader of TypeScript takes. */
export const sqlChild: readonly string[] = [process.execPath, bundle, '--sql-child'];
