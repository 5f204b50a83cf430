import { compile } from '../../compile.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { jsonCheck } from '../../report/json-check.ts';
import { prettyDiagnostics } from '../../report/pretty-diagnostic.ts';
import { applyEdits } from '../../text/edit.ts';
import type { ExitCode } from '../exit.ts';
import { exitFor } from '../finish.ts';
import type { Format } from '../options.ts';
import { type CommonOptions, openProject } from '../project.ts';
import type { Terminal } from '../terminal.ts';

export interface CheckOptions extends CommonOptions {
  readonly fix: boolean;
  readonly strict: boolean;
  readonly format: Format;
}

/** Checks the whole library; with paths, reports only on what lies below them. */
export async function check(paths: readonly string[], options: CheckOptions, terminal: Terminal): Promise<ExitCode> {
  const project = openProject(options);
  try {
    let compiled = await compile(project, terminal.progress('checking'));
    if (options.fix && (await applyFixes(compiled.diagnostics, project.store, terminal)))
      compiled = await compile(project);
    const shown = within(compiled.diagnostics, paths);
    const { files, checked } = compiled;
    if (options.format === 'json')
      terminal.out(`${JSON.stringify(jsonCheck(checked.sops.length, shown, files), null, 2)}\n`);
    else terminal.out(prettyDiagnostics(shown, files, checked.sops.length, terminal.page));
    return exitFor(shown, options.strict);
  } finally {
    await project.engine.close();
  }
}

/** A path is a SOP's id, a file or a folder. */
function within(diagnostics: readonly Diagnostic[], paths: readonly string[]): readonly Diagnostic[] {
  if (paths.length === 0) return diagnostics;
  const wanted = paths.map((path) => path.replace(/^\.\//, '').replace(/\/$/, ''));
  return diagnostics.filter(({ span }) =>
    wanted.some(
      (path) => span.path === path || span.path.startsWith(`${path}/`) || span.path.startsWith(`sops/${path}/`),
    ),
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
