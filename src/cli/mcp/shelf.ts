import type { CheckedLibrary, CheckedSop } from '../../check/checked.ts';
import { type Lock, type LockedSkill, lockPath, measure, pathOf, readLock } from '../../emit/skill/lock.ts';
import { nearest } from '../../text/nearest.ts';
import { CallError } from './call-error.ts';
import type { CurrentLibrary, LibraryWorld } from './current-library.ts';

/** A committed skill, compared with its lock and with what its SOP gives, at this moment. */
export interface ServedSkill {
  readonly id: string;
  readonly digest: string;
  /** The text of each file by its uri. */
  readonly files: ReadonlyMap<string, string>;
  readonly checked: CheckedSop;
  readonly library: CheckedLibrary;
}

/** The committed skills. Nothing of a skill is served unless all of it is what the lock and the SOP say. */
export interface Shelf {
  /** What the lock names, whether it can be served or not. */
  lock(): Promise<Lock>;
  /** Throws a `CallError` for a skill that is not there, or that must not be served. */
  open(id: string): Promise<ServedSkill>;
}

export function createShelf(world: LibraryWorld, library: () => Promise<CurrentLibrary>): Shelf {
  const lock = async (): Promise<Lock> => {
    await requireSettled(world);
    const text = await textOf(world, lockPath);
    if (text === null) return { skills: [], sets: [] };
    const read = readLock(text);
    if (read === undefined)
      throw new CallError('unavailable', `${lockPath} is not what \`sop build\` writes; run \`sop build\``);
    return read;
  };
  return {
    lock,
    open: async (id) => {
      const { skills } = await lock();
      const locked = skills.find(({ name }) => name === id);
      if (locked === undefined) throw new CallError('invalid', unknownSkill(id, skills));
      const now = await library();
      requireSame(locked, now);
      const given = now.skills.get(id);
      if (given === undefined) throw new CallError('unavailable', `the skill \`${id}\` is given by no SOP`);
      return {
        id,
        digest: locked.digest,
        files: await readFiles(locked, world),
        checked: given.checked,
        library: now.checked,
      };
    },
  };
}

async function requireSettled({ skills }: LibraryWorld): Promise<void> {
  const state = await skills.state();
  if (state === 'settled') return;
  const message =
    state === 'busy'
      ? 'a build is writing the skills at this moment; try again'
      : 'interrupted build: the skills are not whole; run `sop build`, which finishes it';
  throw new CallError('unavailable', message);
}

function unknownSkill(id: string, skills: readonly LockedSkill[]): string {
  const names = skills.map(({ name }) => name);
  const [near] = nearest(id.slice(0, 100), names);
  if (near !== undefined) return `there is no skill \`${id.slice(0, 100)}\`; did you mean \`${near}\`?`;
  const rest = names.length === 0 ? 'none was built yet: run `sop build`' : `there are: ${names.join(', ')}`;
  return `there is no skill \`${id.slice(0, 100)}\`; ${rest}`;
}

/** The lock must name what the SOP gives today. */
function requireSame(locked: LockedSkill, { checked, skills }: CurrentLibrary): void {
  const given = skills.get(locked.name)?.locked;
  if (given === undefined)
    throw new CallError(
      'unavailable',
      `nothing of the skill \`${locked.name}\` is served: ${whyNot(locked.name, checked)}`,
    );
  if (JSON.stringify(given) !== JSON.stringify(locked))
    throw new CallError(
      'unavailable',
      `nothing of the skill \`${locked.name}\` is served: its SOP was changed since it was built, or another release built it; run \`sop build\`, and have the change reviewed`,
    );
}

function whyNot(id: string, { sops }: CheckedLibrary): string {
  const entry = sops.find(({ sop }) => sop.id.value === id);
  if (entry === undefined) return 'there is no SOP that gives it; `sop build` removes it';
  if (!entry.sound) return `its SOP has errors; run \`sop check ${id}\``;
  const status = entry.sop.status.value;
  return status === 'retired'
    ? 'its SOP is retired; `sop build` removes it'
    : `its SOP is not approved (${status}); \`sop mcp --drafts\` serves such skills`;
}

async function readFiles(locked: LockedSkill, world: LibraryWorld): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const { uri, sha256 } of locked.files) {
    const path = pathOf(uri);
    const text = path === undefined ? null : await textOf(world, path);
    if (text === null || measure(text).sha256 !== sha256)
      throw new CallError(
        'unavailable',
        `nothing of the skill \`${locked.name}\` is served: ${path ?? uri} ${text === null ? 'is not there' : 'is not the file that was built'}; run \`sop build\``,
      );
    files.set(uri, text);
  }
  return files;
}

async function textOf({ store }: LibraryWorld, path: string): Promise<string | null> {
  const content = await store.read(path);
  return content?.kind === 'text' ? content.text : null;
}
