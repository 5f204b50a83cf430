import { compile } from '../../compile.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { jsonCheck } from '../../report/json-check.ts';
import type { Page } from '../../report/paint.ts';
import { prettyDiagnostics } from '../../report/pretty-diagnostic.ts';
import { applyEdits } from '../../text/edit.ts';
import { nearest } from '../../text/nearest.ts';
import { type ExitCode, UsageError } from '../exit.ts';
import { exitFor } from '../finish.ts';
import { openProject } from '../project.ts';
import { openReports } from '../report-files.ts';
import type { Reporting } from '../report-options.ts';
import { resultsOf, tell } from '../tell.ts';
import type { Terminal } from '../terminal.ts';

export interface CheckOptions extends Reporting {
  readonly fix: boolean;
}

/** Checks the whole library; with paths, reports only on what lies below them. */
export async function check(paths: readonly string[], options: CheckOptions, terminal: Terminal): Promise<ExitCode> {
  const project = openProject(options);
  try {
    const reports = await openReports(options.report, project.root);
    let compiled = await compile(project, terminal.progress('checking'));
    requirePaths(paths, [...compiled.files.keys()]);
    if (options.fix && (await applyFixes(within(compiled.diagnostics, paths), project.store, terminal)))
      compiled = await compile(project);
    const shown = within(compiled.diagnostics, paths);
    const { files, checked } = compiled;
    const sops = checked.sops.filter(({ sop }) => isWithin(sop.path, paths)).length;
    const telling = {
      results: resultsOf('sop check', compiled, shown, null, project, options),
      pretty: (page: Page) => prettyDiagnostics(shown, files, sops, page),
      json: () => jsonCheck(sops, shown, files),
    };
    await tell(telling, options.format, reports, terminal);
    return exitFor(shown, options.strict);
  } finally {
    await project.engine.close();
  }
}

/** A misspelt path must not read as a clean one. */
function requirePaths(paths: readonly string[], files: readonly string[]): void {
  for (const path of paths) {
    if (files.some((file) => isWithin(file, [path]))) continue;
    const ids = [...new Set(files.flatMap((file) => /^sops\/([^/]+)\//.exec(file)?.[1] ?? []))];
    const [near] = nearest(path, ids);
    throw new UsageError(
      `nothing to check at \`${path}\`${near === undefined ? `; the SOPs are ${ids.join(', ')}` : `; did you mean \`${near}\`?`}`,
    );
  }
}

function within(diagnostics: readonly Diagnostic[], paths: readonly string[]): readonly Diagnostic[] {
  return diagnostics.filter(({ span }) => isWithin(span.path, paths));
}

/** A path is a SOP's id, a file or a folder; none means everything. */
function isWithin(file: string, paths: readonly string[]): boolean {
  const wanted = paths.map((path) => path.replace(/^\.\//, '').replace(/\/$/, ''));
  return (
    paths.length === 0 ||
    wanted.some((path) => [path, `sops/${path}`].some((place) => file === place || file.startsWith(`${place}/`)))
  );
}

/** Applies the edits of diagnostics that have exactly one answer. True where a file changed. */
async function applyFixes(
  diagnostics: readonly Diagnostic[],
  store: ReturnType<typeof openProject>['store'],
  terminal: Terminal,
): Promise<boolean> {
  const edits = diagnostics.flatMap((diagnostic) => diagnostic.edits);
  const paths = [...new Set(edits.map((edit) => edit.span.path))].sort();
  for (const path of paths) {
    const content = await store.read(path);
    if (content?.kind !== 'text') continue;
    const own = edits.filter((edit) => edit.span.path === path);
    await store.write(path, applyEdits(content.text, own));
    terminal.say(`fixed ${own.length} ${own.length === 1 ? 'place' : 'places'} in ${path}\n`);
  }
  return paths.length > 0;
}
