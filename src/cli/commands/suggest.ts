import type { CheckedSop } from '../../check/checked.ts';
import { compile } from '../../compile.ts';
import { nameSuggestions } from '../../coverage/name-suggestions.ts';
import { proveSop } from '../../coverage/prove-sop.ts';
import type { SqlProof } from '../../coverage/prove-sql.ts';
import { suggest as suggestFor } from '../../coverage/suggest.ts';
import { suggestedFile, suggestedPath } from '../../emit/cases/suggested-table.ts';
import { limitFor } from '../../host/text-file.ts';
import type { Library } from '../../model/library.ts';
import type { Store } from '../../model/ports.ts';
import { type TestRun, testLibrary } from '../../replay/test-library.ts';
import { jsonSuggest } from '../../report/json-suggest.ts';
import { prettySuggest, type SopSuggestions } from '../../report/pretty-suggest.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import type { Shared } from '../options.ts';
import { openProject, requireIds } from '../project.ts';
import { type SqlFlags, sqlProofs, timeLimitOf } from '../sql-proofs.ts';
import type { Terminal } from '../terminal.ts';
import { worldOf } from '../world.ts';
import { showErrors } from './show-errors.ts';

export interface SuggestFlags extends Shared, SqlFlags {
  readonly print: boolean;
}

/** Writes the cases that the chosen SOPs lack, as drafts that a person answers. */
export async function suggest(ids: readonly string[], flags: SuggestFlags, terminal: Terminal): Promise<ExitCode> {
  timeLimitOf(flags);
  const project = openProject(flags);
  try {
    const compiled = await compile(project, terminal.progress('checking'));
    const { checked, diagnostics, files } = compiled;
    const { library } = checked;
    requireIds(
      ids,
      library.sops.map((sop) => sop.id.value),
    );
    const chosen = checked.sops.filter(
      ({ sop }) => (ids.length === 0 || ids.includes(sop.id.value)) && sop.status.value !== 'retired',
    );
    const retired = ids.filter((id) => chosen.every(({ sop }) => sop.id.value !== id));
    if (retired.length > 0)
      terminal.say(`${retired.join(', ')}: retired, so no case of it runs and nothing is suggested\n`);
    const folders = chosen.map(({ sop }) => sop.path.slice(0, sop.path.lastIndexOf('/') + 1));
    const errors = diagnostics.filter(({ level }) => level === 'error');
    const own = errors.filter(({ span }) => folders.some((folder) => span.path.startsWith(folder)));
    // What a SOP reads may be at fault as well, wherever it lies.
    if (own.length > 0 || chosen.some(({ sound }) => !sound))
      return showErrors(own.length > 0 ? own : errors, files, flags, terminal);
    const world = worldOf(compiled, project);
    // A slip in a view is noticed by its own cases, and these run in a whole run only.
    const run = await testLibrary(checked, world, flags.sql ? [] : ids, terminal.progress('testing'), {
      others: false,
    });
    const sql = flags.sql ? await sqlProofs(chosen, checked, run, world, flags, terminal) : new Map();
    const found = chosen.map((entry) => suggestionsOf(entry, run, library, sql.get(entry.sop.id.value) ?? null));
    const written = flags.print ? [] : await writeDrafts(found, project.store);
    if (flags.format === 'json') terminal.out(`${JSON.stringify(jsonSuggest(found, written), null, 2)}\n`);
    else terminal.out(prettySuggest(found, written, flags.verbose, terminal.page));
    return exitCodes.clean;
  } finally {
    await project.engine.close();
  }
}

function suggestionsOf(checked: CheckedSop, run: TestRun, library: Library, sql: SqlProof | null): SopSuggestions {
  const id = checked.sop.id.value;
  const proof = proveSop(checked, run.results, library.desk);
  const drafts = run.drafts.filter(({ sop }) => sop === id).flatMap(({ decided }) => decided);
  const { suggestions, inDraft, left, later } = suggestFor(checked, run.results, library.desk, proof, drafts);
  const names = nameSuggestions(id, suggestions, [...library.cases, ...library.drafts]);
  const named = suggestions.map((suggestion, place) => ({ name: names[place] ?? '', suggestion }));
  const undecided = proof.obligations.filter(({ state }) => state === 'undecided').length;
  return { checked, named, inDraft, left, later, leftOut: proof.leftOut, undecided, sql };
}

/** All files or, where one cannot be added to, none. */
async function writeDrafts(found: readonly SopSuggestions[], store: Store): Promise<string[]> {
  const files: { readonly path: string; readonly text: string }[] = [];
  for (const { checked, named } of found) {
    if (named.length === 0) continue;
    const path = suggestedPath(checked);
    const before = await store.read(path);
    if (before !== undefined && before.kind !== 'text')
      throw new UsageError(`${path} cannot be read, so nothing is added to it`);
    const text = suggestedFile(checked, named, before?.text);
    if (Buffer.byteLength(text) > limitFor(path))
      throw new UsageError(
        `${path} would be too large to be read again, so nothing is written; answer its drafts, and move what is answered to another file of that folder`,
      );
    files.push({ path, text });
  }
  for (const { path, text } of files) await store.write(path, text);
  return files.map(({ path }) => path);
}
