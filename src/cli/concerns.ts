import type { CheckedLibrary } from '../check/checked.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { configPath } from '../model/config.ts';
import type { Library } from '../model/library.ts';

/** Whether a diagnostic is about one of these SOPs (none: about anything), the configuration, or a view or list that one of them reads. */
export function concerns({ span }: Diagnostic, ids: readonly string[], { library }: CheckedLibrary): boolean {
  if (ids.length === 0 || span.path === configPath || ids.some((id) => span.path.startsWith(`sops/${id}/`)))
    return true;
  const name = sharedName(span.path, library);
  return name !== undefined && namesIn(ids, library).has(name.toLowerCase());
}

/** The view or list that a file is about. */
function sharedName(path: string, { viewCases }: Library): string | undefined {
  const entry = viewCases.find((candidate) => candidate.path === path);
  return entry?.view.value ?? /^sops\/(?:views|lists)\/([^/]+)\.(?:sql|csv)$/.exec(path)?.[1];
}

/** Words of the SOPs' SQL, and of the views that these name. By the text: SQL that cannot be bound names what it reads, too. */
function namesIn(ids: readonly string[], { sops, views }: Library): ReadonlySet<string> {
  const words = (text: string) => text.toLowerCase().match(/\w+/g) ?? [];
  const own = sops.filter((sop) => ids.includes(sop.id.value)).flatMap((sop) => sop.groups);
  const found = new Set(own.flatMap(({ sql, evidence }) => words(`${sql?.text ?? ''} ${evidence?.text ?? ''}`)));
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const { name, sql } of views) if (found.has(name.value)) for (const word of words(sql.text)) found.add(word);
  }
  return found;
}
