import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { compileForData } from '../../compile.ts';
import { exportDmn } from '../../dmn/export-dmn.ts';
import { exportSource } from '../../dmn/export-source.ts';
import { mostBytes } from '../../dmn/read-xml.ts';
import { writeAtomically } from '../../host/disk-store.ts';
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
  if (flags.out !== undefined) refuseOther(resolve(flags.out), flags.out);
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
      await writeAtomically(resolve(flags.out), xml);
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

/** An earlier export may give way to a newer one, and nothing else: a slip must not cost anybody a SOP. */
function refuseOther(path: string, stated: string): void {
  if (!existsSync(dirname(path))) throw new UsageError(`there is no folder ${dirname(path)}`);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  const isExport = found.isFile() && found.size <= mostBytes && readFileSync(path, 'utf8').includes('<dmn:definitions');
  if (!isExport)
    throw new UsageError(`${stated} exists already and is no export; nothing was written. Name another file`);
}

function requireSegment(segment: string | undefined, known: readonly string[]): void {
  if (segment === undefined || known.includes(segment)) return;
  const [near] = nearest(segment, known);
  const there = known.length === 0 ? 'this SOP has none' : `there are: ${known.join(', ')}`;
  throw new UsageError(
    `there is no segment \`${segment}\`${near === undefined ? `; ${there}` : `; did you mean \`${near}\`?`}`,
  );
}
