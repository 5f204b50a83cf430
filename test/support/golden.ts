import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect } from 'vitest';

const updating = process.env['UPDATE_GOLDEN'] === '1';
if (updating && process.env['CI'] !== undefined)
  throw new Error('golden files are reviewed by people: they are not rewritten under CI');

/** Compares byte for byte with a file that people review; `UPDATE_GOLDEN=1 npx vitest run …` rewrites it. */
export async function expectGolden(path: string, text: string): Promise<void> {
  if (updating) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    return;
  }
  const golden = await readFile(path, 'utf8').catch(() => null);
  expect(text, `${path} differs; if the new text is right: UPDATE_GOLDEN=1 npx vitest run test`).toBe(golden);
}
