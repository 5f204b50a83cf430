import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Group } from '../../replay/keep-identity.ts';
import { UsageError } from '../exit.ts';
import { groupsFile } from './run-files.ts';

/** More than that is no list of groups that a run has written. */
const mostBytes = 512 * 2 ** 20;

/** The groups that an earlier run wrote into its folder, by SOP. */
export function earlierGroups(folder: string | undefined): ReadonlyMap<string, readonly Group[]> {
  const found = new Map<string, Group[]>();
  if (folder === undefined) return found;
  const path = join(folder, groupsFile);
  if (!existsSync(path))
    throw new UsageError(`\`--previous ${folder}\`: there is no ${groupsFile} in it; \`sop run --out\` writes one`);
  if (statSync(path).size > mostBytes) throw new UsageError(`${path} is too large`);
  for (const [index, line] of readFileSync(path, 'utf8').split('\n').entries()) {
    if (line.trim() === '') continue;
    const { sop, group } = readLine(line) ?? refuse(path, index + 1);
    found.set(sop, [...(found.get(sop) ?? []), group]);
  }
  return found;
}

function refuse(path: string, line: number): never {
  throw new UsageError(`${path}, line ${line}: this is no group as \`sop run --out\` writes it`);
}

function readLine(line: string): { readonly sop: string; readonly group: Group } | undefined {
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof read !== 'object' || read === null) return undefined;
  const { sop, group, members } = read as Record<string, unknown>; // every field is looked at below
  if (typeof sop !== 'string' || typeof group !== 'string' || !Array.isArray(members)) return undefined;
  const names = members.filter((member) => typeof member === 'string');
  return names.length === members.length ? { sop, group: { id: group, members: names } } : undefined;
}
