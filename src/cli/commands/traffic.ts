import { compile } from '../../compile.ts';
import { proveSop } from '../../coverage/prove-sop.ts';
import { trafficOf } from '../../coverage/traffic.ts';
import { evaluate } from '../../replay/evaluate.ts';
import { testLibrary } from '../../replay/test-library.ts';
import { jsonTraffic } from '../../report/json-traffic.ts';
import { prettyDiagnostic } from '../../report/pretty-diagnostic.ts';
import { prettyTraffic } from '../../report/pretty-traffic.ts';
import { historyLimits } from '../data-files.ts';
import type { DataFlags } from '../data-tables.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import type { Shared } from '../options.ts';
import { openForData, requireIds } from '../project.ts';
import type { Terminal } from '../terminal.ts';
import { worldOf } from '../world.ts';
import { openSource } from './run-data.ts';
import { showErrors } from './show-errors.ts';

/** Counts how many real subjects pass where the cases of a SOP prove little. */
export async function traffic(id: string, flags: Shared & DataFlags, terminal: Terminal): Promise<ExitCode> {
  const project = openForData(flags);
  try {
    const compiled = await compile(project, terminal.progress('checking'));
    const { checked, diagnostics, files } = compiled;
    const { library, sops } = checked;
    requireIds(
      [id],
      library.sops.map((sop) => sop.id.value),
    );
    const target = sops.find(({ sop }) => sop.id.value === id);
    if (target === undefined || !target.sound) {
      const errors = diagnostics.filter(({ level, span }) => level === 'error' && span.path === target?.sop.path);
      return showErrors(errors, files, flags, terminal);
    }
    const source = await openSource([target], checked, project.engine, flags, terminal);
    const asked = { provided: [], limits: historyLimits(), label: 'this data', from: null, asOf: null };
    const evaluated = await evaluate(target, source, asked);
    await source.data.close();
    if (!evaluated.ok) return showErrors([evaluated.diagnostic], files, flags, terminal);
    for (const warning of evaluated.warnings) terminal.say(prettyDiagnostic(warning, files, terminal.page));
    const run = await testLibrary(checked, worldOf(compiled, project), [id], terminal.progress('testing'), {
      others: false,
    });
    const proof = proveSop(target, run.results, library.desk);
    const { decided, unavailable } = evaluated.value;
    const found = await trafficOf(target, proof, decided, library.desk, project.engine);
    if (flags.format === 'json')
      terminal.out(`${JSON.stringify(jsonTraffic(found, decided.length, unavailable), null, 2)}\n`);
    else terminal.out(prettyTraffic(found, decided.length, unavailable, terminal.page));
    return found.subjects === 0 && unavailable.size > 0 ? exitCodes.findings : exitCodes.clean;
  } finally {
    await project.engine.close();
  }
}
