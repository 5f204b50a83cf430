import { readFile, rm, writeFile } from 'node:fs/promises';
import { expect } from 'vitest';

/** `UPDATE_GOLDEN=1 npx vitest run test/diagnostics` rewrites what is expected; a build server must never do that. */
export const updating = process.env['UPDATE_GOLDEN'] === '1';
if (updating && process.env['CI'] !== undefined)
  throw new Error('golden files are reviewed by people: they are not rewritten under CI');

/** Compares with the file, or writes it. Without text there must be no file. */
export async function expectGolden(path: string, text: string | null): Promise<void> {
  if (updating) {
    if (text === null) await rm(path, { force: true });
    else await writeFile(path, text);
    return;
  }
  const golden = await readFile(path, 'utf8').catch(() => null);
  expect(text, `${path} differs; if the new text is right: UPDATE_GOLDEN=1 npx vitest run test/diagnostics`).toBe(
    golden,
  );
}
