import { compile } from '../../compile.ts';
import { coverageOf } from '../../coverage/coverage.ts';
import { writeAtomically } from '../../host/disk-store.ts';
import { testLibrary } from '../../replay/test-library.ts';
import { jsonCoverage } from '../../report/json-coverage.ts';
import { navigatorLayer } from '../../report/navigator-layer.ts';
import { prettyCoverage } from '../../report/pretty-coverage.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import type { Shared } from '../options.ts';
import { openProject, requireIds } from '../project.ts';
import type { Terminal } from '../terminal.ts';

export interface CoverageFlags extends Shared {
  readonly layer?: string;
}

/** Tells what the cases prove: of each technique in each market, across SOPs, and of the tables of the chosen SOPs. */
export async function coverage(ids: readonly string[], flags: CoverageFlags, terminal: Terminal): Promise<ExitCode> {
  const project = openProject(flags);
  try {
    const { checked } = await compile(project, terminal.progress('checking'));
    requireIds(
      ids,
      checked.library.sops.map((sop) => sop.id.value),
    );
    const world = { library: checked.library, ...project };
    const run = await testLibrary(checked, world, [], terminal.progress('testing'));
    const found = coverageOf(checked, run, ids);
    if (flags.format === 'json') terminal.out(`${JSON.stringify(jsonCoverage(found, project.today), null, 2)}\n`);
    else terminal.out(prettyCoverage(found, project.today, flags.verbose, terminal.page));
    if (flags.layer !== undefined) {
      const layer = navigatorLayer(ids.length === 0 ? found : coverageOf(checked, run, []), project.today);
      await writeAtomically(flags.layer, `${JSON.stringify(layer, null, 2)}\n`);
      terminal.say(`wrote ${flags.layer}\n`);
    }
    return found.logic.some(({ proof }) => proof === null) ? exitCodes.findings : exitCodes.clean;
  } finally {
    await project.engine.close();
  }
}
