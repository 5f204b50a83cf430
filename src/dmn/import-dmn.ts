import { importModel } from './import-model.ts';
import type { Imported } from './imported.ts';
import { readModel } from './read-model.ts';
import { readXml } from './read-xml.ts';
import type { Taken } from './taken.ts';

/** A DMN file as tables of ours, and the list of what was not taken; or why nothing could be taken. */
export async function importDmn(bytes: Uint8Array, decision: string | undefined): Promise<Taken<Imported>> {
  const tree = await readXml(bytes);
  return tree.ok ? importModel(readModel(tree.root), decision, tree.skipped) : tree;
}
