import { compile } from '../../compile.ts';
import { testLibrary } from '../../replay/test-library.ts';
import { jsonCheck, jsonDiagnostic } from '../../report/json-check.ts';
import { jsonTest } from '../../report/json-test.ts';
import { prettySummary } from '../../report/summary.ts';
import type { ExitCode } from '../exit.ts';
import { exitFor } from '../finish.ts';
import type { Shared } from '../options.ts';
import { openProject } from '../project.ts';
import { planFor } from '../skills.ts';
import type { Terminal } from '../terminal.ts';

/** `sop` alone: check, build --check and test, and the summary that is read in ten seconds. */
export async function all(options: Shared, terminal: Terminal): Promise<ExitCode> {
  const project = openProject(options);
  try {
    const { checked, diagnostics, files } = await compile(project, terminal.progress('checking'));
    const plan = await planFor(checked, files, project.store, [], false);
    const world = { library: checked.library, ...project };
    const run = await testLibrary(checked, world, [], terminal.progress('testing'));
    if (options.format === 'json') {
      const parts = {
        version: 1,
        check: jsonCheck(checked.sops.length, diagnostics, files),
        build: {
          summary: { skills: plan.built, differing: plan.diagnostics.length },
          diagnostics: plan.diagnostics.map((entry) => jsonDiagnostic(entry, files)),
        },
        test: jsonTest(run, checked, run.diagnostics, files),
      };
      terminal.out(`${JSON.stringify(parts, null, 2)}\n`);
    } else {
      const input = {
        checked,
        files,
        found: diagnostics,
        skills: plan.diagnostics,
        builtSkills: plan.built,
        run,
        today: project.today,
      };
      terminal.out(prettySummary(input, terminal.page));
    }
    return exitFor([...diagnostics, ...plan.diagnostics, ...run.diagnostics], options.strict);
  } finally {
    await project.engine.close();
  }
}
