import { compile } from '../../compile.ts';
import { proveFloors } from '../../coverage/floors.ts';
import { proofsOf } from '../../coverage/proofs.ts';
import { testLibrary } from '../../replay/test-library.ts';
import { jsonCheck, jsonDiagnostic } from '../../report/json-check.ts';
import { jsonTest } from '../../report/json-test.ts';
import type { Page } from '../../report/paint.ts';
import { prettySummary } from '../../report/summary.ts';
import type { ExitCode } from '../exit.ts';
import { exitFor } from '../finish.ts';
import { openProject } from '../project.ts';
import { openReports } from '../report-files.ts';
import type { Reporting } from '../report-options.ts';
import { planFor } from '../skills.ts';
import { resultsOf, tell } from '../tell.ts';
import type { Terminal } from '../terminal.ts';
import { worldOf } from '../world.ts';

/** Cases with market data that are run again on less data and on more in about as long as it takes to check the SOPs. */
const fewCases = 150;

/** `sop` alone: check, build --check and test, and the summary that is read in ten seconds. A large library runs each case once. */
export async function all(options: Reporting & { readonly again: boolean }, terminal: Terminal): Promise<ExitCode> {
  const project = openProject(options);
  try {
    const reports = await openReports(options.report, project.root);
    const compiled = await compile(project, terminal.progress('checking'));
    const { checked, diagnostics, files } = compiled;
    const plan = await planFor(checked, { files, ...project }, [], false);
    const world = worldOf(compiled, project);
    const stories = checked.library.cases.filter(({ input }) => input.kind === 'given').length;
    const run = await testLibrary(checked, world, [], terminal.progress('testing'), {
      others: false,
      again: options.again || stories <= fewCases,
    });
    const floors = proveFloors(checked, proofsOf(checked, run.results), []);
    const json = () => ({
      version: 1,
      check: jsonCheck(checked.sops.length, diagnostics, files),
      build: {
        summary: { skills: plan.built.length, differing: plan.diagnostics.length },
        diagnostics: plan.diagnostics.map((entry) => jsonDiagnostic(entry, files)),
      },
      test: jsonTest(run, checked, [...run.diagnostics, ...floors], files),
    });
    const summed = {
      checked,
      files,
      found: diagnostics,
      skills: plan.diagnostics,
      builtSkills: plan.built.length,
      floors,
      run,
    };
    const pretty = (page: Page) => prettySummary({ ...summed, today: project.today }, page);
    const results = resultsOf('sop', compiled, [...diagnostics, ...plan.diagnostics, ...floors], run, project, options);
    await tell({ results, pretty, json }, options.format, reports, terminal);
    return exitFor([...diagnostics, ...plan.diagnostics, ...run.diagnostics, ...floors], options.strict);
  } finally {
    await project.engine.close();
  }
}
