import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFolder } from './folder.ts';
import { sop, today } from './sop.ts';

/** The SOPs of this repository. */
export const shipped = ['liquidation-suicide', 'pump-and-dump', 'sybil-clusters', 'wash-trading'] as const;

const sops = fileURLToPath(new URL('../../sops', import.meta.url));

/** A temporary folder with the SOPs of this repository and no skills. */
export async function shippedSops(): Promise<string> {
  const root = await makeFolder();
  await cp(sops, join(root, 'sops'), { recursive: true });
  return root;
}

/** The same with its skills. */
export async function shippedSkills(): Promise<string> {
  const root = await shippedSops();
  const ran = await sop(root, ['build', '--as-of', today]);
  if (ran.status !== 0) throw new Error(`${ran.stdout}${ran.stderr}`);
  return root;
}
