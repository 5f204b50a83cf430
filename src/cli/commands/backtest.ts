import { compileForData } from '../../compile.ts';
import { sharedData } from '../../replay/shared-data.ts';
import { jsonCheck } from '../../report/json-check.ts';
import { prettyDiagnostics } from '../../report/pretty-diagnostic.ts';
import { concerns } from '../concerns.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import { openForData, requireIds } from '../project.ts';
import type { Terminal } from '../terminal.ts';
import { againstLabels } from './backtest-labels.ts';
import type { BacktestFlags, Run } from './backtest-run.ts';
import { againstSheet } from './backtest-sheet.ts';

/** Decides on history and compares with labels; or decides on a sheet of signal values and compares with its answers. */
export async function backtest(id: string, flags: BacktestFlags, terminal: Terminal): Promise<ExitCode> {
  const project = openForData(flags);
  try {
    const { checked, diagnostics, files } = await compileForData(project);
    requireIds(
      [id],
      checked.library.sops.map((sop) => sop.id.value),
    );
    const target = checked.sops.find((entry) => entry.sop.id.value === id);
    if (target === undefined || !target.sound) {
      const own = diagnostics.filter(
        (diagnostic) => diagnostic.level === 'error' && concerns(diagnostic, [id], checked),
      );
      if (flags.format === 'json') terminal.out(`${JSON.stringify(jsonCheck(1, own, files), null, 2)}\n`);
      else terminal.out(prettyDiagnostics(own, files, 1, terminal.page));
      return exitCodes.findings;
    }
    const from = flags.from ?? target.sop.alert?.from.value ?? checked.library.desk.dispositions.at(-1) ?? '';
    if (!checked.library.desk.dispositions.includes(from))
      throw new UsageError(
        `\`--from ${from}\` is no disposition; there are: ${checked.library.desk.dispositions.join(', ')}`,
      );
    const run: Run = {
      target,
      flags,
      terminal,
      engine: project.engine,
      desk: checked.library.desk,
      tables: checked.library.tables,
      shared: sharedData(target.reads, checked.library.lists, []),
      mappings: checked.library.mappings,
      from,
      files,
    };
    return await (flags.signals === undefined ? againstLabels(run) : againstSheet(run, flags.signals));
  } finally {
    await project.engine.close();
  }
}
