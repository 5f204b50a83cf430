import { join } from 'node:path';
import { filesIn, makeFolder } from './folder.ts';
import { greenFiles, sop, today } from './sop.ts';

/** The green library with its skills, and these files. */
export async function builtFolder(files: Record<string, string> = {}): Promise<string> {
  const built = await makeFolder(greenFiles());
  const ran = await sop(built, ['build', '--as-of', today]);
  if (ran.status !== 0) throw new Error(`${ran.stdout}${ran.stderr}`);
  const skills = [...(await filesIn(join(built, 'skills')))].map(([path, text]) => [`skills/${path}`, text] as const);
  return makeFolder({ ...greenFiles(), ...Object.fromEntries(skills), ...files });
}
