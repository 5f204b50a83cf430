import { compile } from '../../compile.ts';
import { sensitivityOf } from '../../replay/sensitivity.ts';
import { testLibrary } from '../../replay/test-library.ts';
import { jsonSensitivity } from '../../report/json-sensitivity.ts';
import { prettySensitivity } from '../../report/pretty-sensitivity.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import type { Shared } from '../options.ts';
import { openProject, requireIds } from '../project.ts';
import type { Terminal } from '../terminal.ts';
import { worldOf } from '../world.ts';
import { showErrors } from './show-errors.ts';

/** Tells how far each bound of a SOP may move before one of its cases comes out otherwise. */
export async function sensitivity(id: string, flags: Shared, terminal: Terminal): Promise<ExitCode> {
  const project = openProject(flags);
  try {
    const compiled = await compile(project, terminal.progress('checking'));
    const { checked, diagnostics, files } = compiled;
    requireIds(
      [id],
      checked.library.sops.map((sop) => sop.id.value),
    );
    const target = checked.sops.find(({ sop }) => sop.id.value === id);
    if (target === undefined || !target.sound) {
      const errors = diagnostics.filter(({ level, span }) => level === 'error' && span.path === target?.sop.path);
      return showErrors(errors, files, flags, terminal);
    }
    const world = worldOf(compiled, project);
    const { results } = await testLibrary(checked, world, [id], terminal.progress('testing'), { others: false });
    const own = results.filter(({ sop }) => sop === id);
    const report = sensitivityOf(target, own, checked.library.desk);
    if (flags.format === 'json') terminal.out(`${JSON.stringify(jsonSensitivity(report), null, 2)}\n`);
    else terminal.out(prettySensitivity(report, flags.verbose, terminal.page));
    return exitCodes.clean;
  } finally {
    await project.engine.close();
  }
}
