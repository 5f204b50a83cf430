import { compileForData } from '../../compile.ts';
import { type DialectName, dialects } from '../../decision/sql/dialects.ts';
import { sopSql } from '../../emit/sql/sop-sql.ts';
import { isTimeType } from '../../model/value.ts';
import { concerns } from '../concerns.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import type { Shared } from '../options.ts';
import { openProject, requireIds } from '../project.ts';
import type { Terminal } from '../terminal.ts';
import { showErrors } from './show-errors.ts';

export interface ExportOptions extends Shared {
  readonly dialect: DialectName;
  readonly from: string;
}

/** Prints the decision of a SOP as SQL. */
export async function exportSql(id: string, options: ExportOptions, terminal: Terminal): Promise<ExitCode> {
  if (!/^[^.]+(\.[^.]+)*$/.test(options.from)) throw new UsageError(`\`--from ${options.from}\` names no table`);
  const project = openProject(options);
  try {
    const { checked, diagnostics, files } = await compileForData(project);
    requireIds(
      [id],
      checked.library.sops.map((sop) => sop.id.value),
    );
    const errors = diagnostics.filter((entry) => entry.level === 'error' && concerns(entry, [id], checked));
    const sop = checked.sops.find((entry) => entry.sop.id.value === id);
    if (errors.length > 0 || sop === undefined) return showErrors(errors, files, options, terminal);
    const { dialect, from, format } = options;
    const emitted = sopSql(sop, dialects[dialect], from);
    if (format === 'json') terminal.out(`${JSON.stringify({ version: 1, sop: id, dialect, ...emitted }, null, 2)}\n`);
    else if (emitted.ok) terminal.out(`${emitted.sql}\n`);
    if (!emitted.ok) terminal.say(`no SQL says what \`${id}\` decides: ${emitted.reasons.join('; ')}\n`);
    else {
      for (const output of emitted.omitted) terminal.say(`\`${output}\` is a list, and is left out\n`);
      const times = sop.logic.inputs.filter(({ type }) => isTimeType(type)).map(({ name }) => name);
      if (times.length > 0)
        terminal.say(`${times.join(', ')}: whole microseconds, since 1970-01-01 UTC or how long it lasts\n`);
      const columns = emitted.columns.map(({ name, type }) => `${name} ${type}`);
      terminal.say(
        `it reads ${[...sop.sop.subject.columns.map(({ name }) => name), ...columns].join(', ')} of ${from}\n`,
      );
    }
    return emitted.ok ? exitCodes.clean : exitCodes.findings;
  } finally {
    await project.engine.close();
  }
}
