import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import { nearest } from '../text/nearest.ts';
import { spanAt } from '../text/source.ts';

/** No SOP can be called `views` or `lists`. */
export const sopPath = /^sops\/(?!(?:views|lists)\/)[^/]+\/SOP\.md$/;
export const casePath = /^sops\/(?!(?:views|lists)\/)[^/]+\/cases\/[^/]+\.(?:ya?ml|md)$/;
export const viewPath = /^sops\/views\/[^/]+\.sql$/;
export const viewCasePath = /^sops\/views\/cases\/[^/]+\.ya?ml$/;
export const listPath = /^sops\/lists\/[^/]+\.csv$/;
export const setsPath = 'sops/sets.yaml';
/** Templates of skills that the desk has in the place of the shipped ones. */
export const templatePath = /^sops\/templates\/(?:skill|signals|decision|cases)\.hbs$/;
export const mappingPath = /^sops\/mappings\/[^/]+\.ya?ml$/;

const read = [
  /^sops\/(?:desk|taxonomy|sets)\.yaml$/,
  /^sops\/tables\/[^/]+\.json$/,
  sopPath,
  casePath,
  viewPath,
  viewCasePath,
  listPath,
  mappingPath,
  templatePath,
  /^sops\/(?!lists\/)[^/]+\/cases\/data\/.+$/,
  /(?:^|\/)README\.md$/,
];

/** Whatever lies among cases, views and lists, and texts of our kinds elsewhere, that no rule above reads: it would be believed to count. */
export function neverRead(paths: readonly string[]): Diagnostic[] {
  const looksRead = (path: string) =>
    /^sops\/(?:[^/]+\/cases|views|lists|templates)(?:\/|$)/i.test(path) ||
    /\.(?:ya?ml|md|markdown|json|sql)$/i.test(path);
  const strange = paths.filter((path) => looksRead(path) && !read.some((pattern) => pattern.test(path)));
  return strange.map((path) => diagnose('SOP112', spanAt(path, 0, 0), { path }));
}

/** Cases that lie where no SOP is would never run, and nobody would notice. */
export function foldersWithoutSop(paths: readonly string[]): Diagnostic[] {
  const folders = (pattern: RegExp) => new Set(paths.flatMap((path) => pattern.exec(path)?.[1] ?? []));
  const withSop = folders(/^sops\/([^/]+)\/SOP\.md$/);
  const orphans = paths.filter(
    (path) =>
      /^sops\/(?!(?:views|lists)\/)[^/]+\/(?:cases\/[^/]+\.(?:ya?ml|md)|sop\.md)$/i.test(path) &&
      !withSop.has(path.split('/')[1] ?? ''),
  );
  return orphans.map((path) =>
    diagnose('SOP318', spanAt(path, 0, 0), {
      name: path.split('/')[1] ?? '',
      near: nearest(path.split('/')[1] ?? '', withSop),
    }),
  );
}
