import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { noCache } from '../src/host/disk-cache.ts';
import { createDiskStore } from '../src/host/disk-store.ts';
import { loadLibrary } from '../src/model/load-library.ts';
import { type Answer, acrossPage } from './library/across.ts';
import { libraryPage } from './library/page.ts';

/** `npm run library`: writes `docs/library.md` from `sops/` and what `sop test` says of its cases. */
interface Tested {
  readonly cases: readonly { readonly case: string; readonly sop: string; readonly outcome: string }[];
  readonly elsewhere: readonly Answer[];
}

const [loaded] = await loadLibrary(createDiskStore(resolve('.')), noCache);
if (loaded === null) throw new Error('sops/ cannot be read');
const { library } = loaded;
// Known gaps are judged as of the day when the newest SOP begins to hold, so that the same files give the same page.
const effective = library.sops.flatMap((sop) => (sop.effective === null ? [] : [sop.effective.value]));
const day = effective.sort().at(-1) ?? '2026-12-01';

const flags = ['dist/sop.mjs', 'test', '--format', 'json', '--quiet', '--as-of', day];
const { status, stdout, stderr } = spawnSync(process.execPath, flags, { encoding: 'utf8', maxBuffer: 1e9 });
if (status !== 0 && status !== 1) throw new Error(stderr); // 1: a case fails, and the page says which
const tested = JSON.parse(stdout) as Tested; // as schemas/output/test.json says
const outcomes = new Map(tested.cases.map((one) => [`${one.sop} ${one.case}`, one.outcome]));
const page = libraryPage(library, (entry) => outcomes.get(`${entry.sop} ${entry.name.value}`));
await writeFile('docs/library.md', `${page}\n${acrossPage(library, tested.elsewhere)}\n`);
