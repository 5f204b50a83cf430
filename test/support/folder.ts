import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const made: string[] = [];

/** A temporary folder with these files; `after-each-file.ts` removes it. */
export async function makeFolder(
  files: Readonly<Record<string, string | Buffer>> | ReadonlyMap<string, string | Buffer> = {},
): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'sop-test-'));
  made.push(root);
  for (const [path, content] of files instanceof Map ? files : Object.entries(files)) await put(root, path, content);
  return root;
}

export async function removeFolders(): Promise<void> {
  for (const root of made.splice(0)) await rm(root, { recursive: true, force: true });
}

export async function put(root: string, path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

/** Every file below a folder, by path, in order. */
export async function filesIn(root: string): Promise<Map<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return new Map(
    await Promise.all(paths.map(async (path) => [path.slice(root.length + 1), await readFile(path, 'utf8')] as const)),
  );
}
