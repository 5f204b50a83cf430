import { basename } from 'node:path';

/** What stands for `{}` when a file's name fits the pattern; both `*` and `{}` take as little as they can. */
export function nameInFile(path: string, pattern: string): string | undefined {
  const found = regexpOf(pattern).exec(fileName(path));
  return found?.groups?.['name'];
}

/** True where the file's name fits a pattern in which `*` is anything. */
export function fitsFile(path: string, pattern: string): boolean {
  return regexpOf(pattern).test(fileName(path));
}

function fileName(path: string): string {
  return basename(path).slice(0, 255);
}

function regexpOf(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+?^$()|[\]\\]/g, '\\$&')
    .replaceAll('{}', '(?<name>.+?)')
    .replaceAll('*', '.*?');
  return new RegExp(`^${source}$`, 'i');
}

/** The same kind of pattern for LIKE, with `\` before what LIKE would read otherwise. */
export function likeOf(pattern: string): string {
  return pattern.replace(/[\\%_]/g, '\\$&').replaceAll('*', '%');
}

/** Names of raw columns are compared without case, spaces and underscores: `quoteQty` is `quote_qty`. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}^.]/gu, '');
}
