import { compile } from '../../compile.ts';
import type { SinceReport } from '../../coverage/since.ts';
import { compareDiagnostics } from '../../diagnostics/diagnostic.ts';
import { testLibrary } from '../../replay/test-library.ts';
import { jsonTest } from '../../report/json-test.ts';
import { wrap } from '../../report/layout.ts';
import { prettyDiagnostic } from '../../report/pretty-diagnostic.ts';
import { prettySince } from '../../report/pretty-since.ts';
import {
  draftCounts,
  outcomeCounts,
  prettyCases,
  prettyDrafts,
  prettyElsewhere,
  prettyRules,
  prettyViewCases,
  viewCounts,
} from '../../report/pretty-test.ts';
import { concerns } from '../concerns.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { exitFor } from '../finish.ts';
import type { Shared } from '../options.ts';
import { openProject, requireIds } from '../project.ts';
import type { Tested } from '../since.ts';
import type { Terminal } from '../terminal.ts';

export interface TestOptions extends Shared {
  /** The revision that the change is measured against. */
  readonly since?: string;
}

/** Runs the cases of the chosen SOPs, all without ids. */
export async function test(ids: readonly string[], options: TestOptions, terminal: Terminal): Promise<ExitCode> {
  const project = openProject(options);
  try {
    const compiled = await compile(project, terminal.progress('checking'));
    const { checked, diagnostics, files } = compiled;
    requireIds(
      ids,
      checked.library.sops.map((sop) => sop.id.value),
    );
    const world = { library: checked.library, ...project };
    const run = await testLibrary(checked, world, ids, terminal.progress('testing'));
    const blocking = diagnostics.filter(
      (diagnostic) => diagnostic.level === 'error' && concerns(diagnostic, ids, checked),
    );
    const found = [...blocking, ...run.diagnostics].sort(compareDiagnostics);
    const since = await sinceOf(options, ids, project, { compiled, run, found }, terminal);
    const told = since?.counted ?? found;
    if (options.format === 'json')
      terminal.out(`${JSON.stringify(jsonTest(run, checked, told, files, since), null, 2)}\n`);
    else {
      const shown = told.map((diagnostic) => prettyDiagnostic(diagnostic, files, terminal.page)).join('\n');
      terminal.out(`${shown}${prettyCases(run, options.verbose, terminal.page)}`);
      terminal.out(prettyViewCases(run, terminal.page));
      terminal.out(prettyDrafts(run, terminal.page));
      if (options.verbose)
        terminal.out(prettyElsewhere(run, checked.library.desk.dispositions[0] ?? '', terminal.page));
      terminal.out(prettyRules(run, checked.sops, terminal.page));
      const counts = `${outcomeCounts(run.results)}${viewCounts(run)}${draftCounts(run)}`;
      terminal.out(`\n${wrap(counts, terminal.page.columns).join('\n')}\n`);
      if (since !== null) terminal.out(prettySince(since, options.verbose, terminal.page));
    }
    const isLost = (since?.ratchet.losses.length ?? 0) > 0;
    return isLost ? exitCodes.findings : exitFor(told, options.strict);
  } finally {
    await project.engine.close();
  }
}

/** Null without `--since`. With `--strict`, what was there before counts as well. */
async function sinceOf(
  { since, strict }: TestOptions,
  ids: readonly string[],
  project: ReturnType<typeof openProject>,
  now: Tested,
  terminal: Terminal,
): Promise<SinceReport | null> {
  if (since === undefined) return null;
  const [{ openRevision }, { compareWith }] = await Promise.all([import('../revision.ts'), import('../since.ts')]);
  const revision = await openRevision(project, since);
  try {
    const report = await compareWith(revision, since, ids, project, now, terminal.progress);
    if (!strict) return report;
    return { ...report, counted: [...report.counted, ...report.old].sort(compareDiagnostics), old: [] };
  } finally {
    revision.close();
  }
}
