import type { Compiled } from '../compile.ts';
import { knownCases } from '../replay/known-cases.ts';
import type { World } from '../replay/world.ts';
import type { openProject } from './project.ts';

/** What the cases of a compiled project are run in; what they gave in earlier runs is known. */
export function worldOf<Project extends ReturnType<typeof openProject>>(
  { checked, files }: Compiled,
  project: Project,
): Project & World {
  const known = knownCases(project.cache, project.store, project.engine.version, files);
  return { ...project, library: checked.library, known };
}
