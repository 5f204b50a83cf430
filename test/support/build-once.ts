import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The tests of `test/cli` run the file that is shipped: it must not be older than what it is made of. */
export default function buildOnce(): void {
  const sources = ['src', 'schemas', 'mappings', 'scripts'].flatMap((folder) => {
    const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs);
  });
  const built = statSync(join(root, 'dist/sop.mjs'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built >= Math.max(...sources)) return;
  execFileSync(process.execPath, [join(root, 'node_modules/tsx/dist/cli.mjs'), 'scripts/build.ts'], {
    cwd: root,
    stdio: 'inherit',
  });
}
