import type { CheckedSop } from '../../check/checked.ts';
import { compileForData } from '../../compile.ts';
import { type ReadyState, readyOf, worstState } from '../../replay/ready.ts';
import { jsonReady } from '../../report/json-ready.ts';
import { prettyReady } from '../../report/pretty-ready.ts';
import { historyLimits } from '../data-files.ts';
import type { DataFlags } from '../data-tables.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import type { Shared } from '../options.ts';
import { openForData } from '../project.ts';
import type { Terminal } from '../terminal.ts';
import { chooseSops, openSource } from './run-data.ts';
import { readMoments } from './run-options.ts';

type ReadyFlags = Shared & DataFlags;

/** Says of each SOP whether the data lets it decide: live, in warm-up, or what is missing and who must know. */
export async function ready(symbol: string | undefined, flags: ReadyFlags, terminal: Terminal): Promise<ExitCode> {
  const { asOf } = readMoments(flags);
  const project = openForData(flags);
  try {
    const { checked } = await compileForData(project);
    const chosen: readonly CheckedSop[] = chooseSops(checked, []);
    const sound = chosen.filter((entry) => entry.sound);
    const source = await openSource(sound, checked, project.engine, flags, terminal);
    const states: ReadyState[] = [];
    for (const target of chosen) {
      if (!target.sound) states.push({ checked: target, state: 'broken', asOf: null, unmet: [], unlisted: [] });
      else {
        const found = await readyOf(target, source, { from: null, asOf, limits: historyLimits() }, symbol ?? null);
        if (typeof found === 'string') throw new UsageError(found);
        states.push(found);
      }
    }
    if (flags.format === 'json') terminal.out(`${JSON.stringify(jsonReady(states, symbol ?? null), null, 2)}\n`);
    else terminal.out(prettyReady(states, symbol ?? null, terminal.page));
    return worstState(states) === 'live' ? exitCodes.clean : exitCodes.findings;
  } finally {
    await project.engine.close();
  }
}
