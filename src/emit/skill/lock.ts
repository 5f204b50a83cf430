import { createHash } from 'node:crypto';
import type { EmittedFile } from './emitted-file.ts';

/** Where skills are committed; a client or a person may have them elsewhere. */
export const home = 'skills';

export const lockPath = lockIn(home);

/** The lock of the skills in a folder. */
export function lockIn(folder: string): string {
  return `${folder}/skills.lock.json`;
}

/** What was compiled last: written after all else, so that a build that was cut short can be told. */
export interface Lock {
  /** By name. */
  readonly skills: readonly LockedSkill[];
  /** Indexes of skill sets, by name. */
  readonly sets: readonly LockedSet[];
}

export interface LockedSkill {
  readonly name: string;
  /** Sha256 over its files, as SKILL.md names it; what is added for a client alone is not in it. */
  readonly digest: string;
  readonly files: readonly LockedFile[];
}

export interface LockedSet extends LockedFile {
  readonly name: string;
  /** The skills that the index lists, in its order. */
  readonly skills: readonly string[];
}

export interface LockedFile {
  /** `skill://wash-trading/SKILL.md`, `skill://sets/patrol-desk.md`. */
  readonly uri: string;
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** `files` have paths relative to the skill's folder. */
export function lockedSkill(name: string, digest: string, files: readonly EmittedFile[]): LockedSkill {
  const locked = files.map(({ path, text }) => ({ uri: uriOf(name, path), ...measure(text) }));
  return { name, digest, files: locked };
}

/** `path` is relative to the folder of all skills. */
export function lockedSet(name: string, skills: readonly string[], { path, text }: EmittedFile): LockedSet {
  return { name, skills, uri: `skill://${path}`, ...measure(text) };
}

export function measure(text: string): Pick<LockedFile, 'sha256' | 'size'> {
  return { sha256: createHash('sha256').update(text).digest('hex'), size: Buffer.byteLength(text) };
}

function uriOf(name: string, path: string): string {
  return `skill://${name}/${path}`;
}

/** The path below `folder`; undefined for what is no file of a skill of ours: a lock arrives in pull requests, too. */
export function pathOf(uri: string, folder = home): string | undefined {
  const [, path] = /^skill:\/\/([a-z0-9][a-z0-9-]{0,63}(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*){1,8})$/.exec(uri) ?? [];
  return path === undefined ? undefined : `${folder}/${path}`;
}

export function lockText({ skills, sets }: Lock): string {
  return `${JSON.stringify({ version: 1, skills, ...(sets.length > 0 && { sets }) }, null, 2)}\n`;
}

/** Undefined for what we did not write. */
export function readLock(text: string): Lock | undefined {
  try {
    const read: unknown = JSON.parse(text);
    if (!isRecord(read) || read['version'] !== 1 || !Array.isArray(read['skills'])) return undefined;
    const skills = read['skills'].map(readSkill);
    const listed: unknown = read['sets'] ?? [];
    if (!Array.isArray(listed)) return undefined;
    const sets = listed.map(readSet);
    return skills.every((skill) => skill !== undefined) && sets.every((set) => set !== undefined)
      ? { skills, sets }
      : undefined;
  } catch {
    return undefined;
  }
}

function readSkill(read: unknown): LockedSkill | undefined {
  if (!isRecord(read) || typeof read['name'] !== 'string' || typeof read['digest'] !== 'string') return undefined;
  if (!Array.isArray(read['files'])) return undefined;
  const files = read['files'].map(readFile);
  const { name, digest } = read;
  const isOwn = (file: LockedFile | undefined): file is LockedFile => file?.uri.startsWith(`skill://${name}/`) === true;
  return files.every(isOwn) ? { name, digest, files } : undefined;
}

function readSet(read: unknown): LockedSet | undefined {
  const file = readFile(read);
  if (file === undefined || !isRecord(read) || typeof read['name'] !== 'string') return undefined;
  if (!isSetPath(file.uri.slice('skill://'.length)) || !Array.isArray(read['skills'])) return undefined;
  const skills = read['skills'].filter((skill) => typeof skill === 'string');
  return skills.length === read['skills'].length ? { name: read['name'], skills, ...file } : undefined;
}

/** Relative to the folder of all skills. */
export function isSetPath(path: string): boolean {
  return /^sets\/[a-z][a-z0-9-]*\.md$/.test(path);
}

function readFile(read: unknown): LockedFile | undefined {
  if (!isRecord(read)) return undefined;
  const { uri, sha256, size } = read;
  if (typeof uri !== 'string' || typeof sha256 !== 'string' || typeof size !== 'number') return undefined;
  return pathOf(uri) === undefined ? undefined : { uri, sha256, size };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
