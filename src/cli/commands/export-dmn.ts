import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { compileForData } from '../../compile.ts';
import { exportDmn } from '../../dmn/export-dmn.ts';
import { exportSource } from '../../dmn/export-source.ts';
import { wrap } from '../../report/layout.ts';
import { nearest } from '../../text/nearest.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import type { Shared } from '../options.ts';
import { openProject, requireIds } from '../project.ts';
import type { Terminal } from '../terminal.ts';
import { showErrors } from './show-errors.ts';

export interface ExportFlags extends Shared {
  readonly out?: string;
  readonly segment?: string;
}

/** `sop export dmn ID`: the SOP's tables for another tool. A SOP with errors is not exported. */
export async function exportDmnFile(id: string, flags: ExportFlags, terminal: Terminal): Promise<ExitCode> {
  const project = openProject(flags);
  try {
    const { checked, diagnostics, files } = await compileForData(project);
    const ids = checked.library.sops.map((sop) => sop.id.value);
    requireIds([id], ids);
    const entry = checked.sops.find(({ sop }) => sop.id.value === id);
    if (entry === undefined || !entry.sound) {
      const errors = diagnostics.filter(({ level, span }) => level === 'error' && span.path.startsWith(`sops/${id}/`));
      return showErrors(errors, files, flags, terminal);
    }
    requireSegment(flags.segment, entry.segmentation?.segments.map(({ name }) => name) ?? []);
    const { xml, notes } = await exportDmn(exportSource(entry, flags.segment));
    if (flags.out === undefined) terminal.out(xml);
    else {
      writeFileSync(resolve(flags.out), xml);
      terminal.out(`wrote ${flags.out}\n`);
    }
    terminal.say(`What DMN has no words for; the file says it in its description:\n`);
    for (const note of notes)
      terminal.say(
        `${wrap(note, terminal.page.columns - 4)
          .map((line, place) => `${place === 0 ? '  - ' : '    '}${line}`)
          .join('\n')}\n`,
      );
    return exitCodes.clean;
  } finally {
    await project.engine.close();
  }
}

function requireSegment(segment: string | undefined, known: readonly string[]): void {
  if (segment === undefined || known.includes(segment)) return;
  const [near] = nearest(segment, known);
  const there = known.length === 0 ? 'this SOP has none' : `there are: ${known.join(', ')}`;
  throw new UsageError(
    `there is no segment \`${segment}\`${near === undefined ? `; ${there}` : `; did you mean \`${near}\`?`}`,
  );
}
