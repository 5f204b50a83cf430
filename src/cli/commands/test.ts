import { compile } from '../../compile.ts';
import { proveFloors } from '../../coverage/floors.ts';
import { compareDiagnostics } from '../../diagnostics/diagnostic.ts';
import { testLibrary } from '../../replay/test-library.ts';
import { jsonTest } from '../../report/json-test.ts';
import { wrap } from '../../report/layout.ts';
import type { Page } from '../../report/paint.ts';
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
import { openProject, requireIds } from '../project.ts';
import { openReports } from '../report-files.ts';
import type { Reporting } from '../report-options.ts';
import { resultsOf, tell } from '../tell.ts';
import type { Terminal } from '../terminal.ts';

/** Runs the cases of the chosen SOPs, all without ids. */
export async function test(ids: readonly string[], options: Reporting, terminal: Terminal): Promise<ExitCode> {
  const project = openProject(options);
  try {
    const reports = await openReports(options.report, project.root);
    const compiled = await compile(project, terminal.progress('checking'));
    const { checked, diagnostics, files } = compiled;
    requireIds(
      ids,
      checked.library.sops.map((sop) => sop.id.value),
    );
    const world = { library: checked.library, ...project };
    const run = await testLibrary(checked, world, ids, terminal.progress('testing'));
    const blocking = [
      ...diagnostics.filter((diagnostic) => diagnostic.level === 'error' && concerns(diagnostic, ids, checked)),
      ...proveFloors(checked, run.results, ids),
    ];
    const found = [...blocking, ...run.diagnostics].sort(compareDiagnostics);
    const pretty = (page: Page) => {
      const shown = found.map((diagnostic) => prettyDiagnostic(diagnostic, files, page)).join('\n');
      const lowest = checked.library.desk.dispositions[0] ?? '';
      return [
        `${shown}${prettyCases(run, options.verbose, page)}`,
        prettyViewCases(run, page),
        prettyDrafts(run, page),
        options.verbose ? prettyElsewhere(run, lowest, page) : '',
        prettyRules(run, checked.sops, page),
        `\n${wrap(`${outcomeCounts(run.results)}${viewCounts(run)}${draftCounts(run)}`, page.columns).join('\n')}\n`,
      ].join('');
    };
    const results = resultsOf('sop test', compiled, blocking, run, project, options);
    const json = () => jsonTest(run, checked, found, files);
    await tell({ results, pretty, json }, options.format, reports, terminal);
    return exitFor(found, options.strict);
  } finally {
    await project.engine.close();
  }
}
