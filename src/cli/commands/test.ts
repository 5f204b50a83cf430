import { compile } from '../../compile.ts';
import { compareDiagnostics } from '../../diagnostics/diagnostic.ts';
import { testLibrary } from '../../replay/test-library.ts';
import { jsonTest } from '../../report/json-test.ts';
import { wrap } from '../../report/layout.ts';
import { prettyDiagnostic } from '../../report/pretty-diagnostic.ts';
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
import type { ExitCode } from '../exit.ts';
import { exitFor } from '../finish.ts';
import type { Shared } from '../options.ts';
import { openProject, requireIds } from '../project.ts';
import type { Terminal } from '../terminal.ts';

/** Runs the cases of the chosen SOPs, all without ids. */
export async function test(ids: readonly string[], options: Shared, terminal: Terminal): Promise<ExitCode> {
  const project = openProject(options);
  try {
    const { checked, diagnostics, files } = await compile(project, terminal.progress('checking'));
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
    if (options.format === 'json') terminal.out(`${JSON.stringify(jsonTest(run, checked, found, files), null, 2)}\n`);
    else {
      const shown = found.map((diagnostic) => prettyDiagnostic(diagnostic, files, terminal.page)).join('\n');
      terminal.out(`${shown}${prettyCases(run, options.verbose, terminal.page)}`);
      terminal.out(prettyViewCases(run, terminal.page));
      terminal.out(prettyDrafts(run, terminal.page));
      if (options.verbose)
        terminal.out(prettyElsewhere(run, checked.library.desk.dispositions[0] ?? '', terminal.page));
      terminal.out(prettyRules(run, checked.sops, terminal.page));
      const counts = `${outcomeCounts(run.results)}${viewCounts(run)}${draftCounts(run)}`;
      terminal.out(`\n${wrap(counts, terminal.page.columns).join('\n')}\n`);
    }
    return exitFor(found, options.strict);
  } finally {
    await project.engine.close();
  }
}
