import { compile } from '../../compile.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { count } from '../../diagnostics/words.ts';
import { jsonDiagnostic } from '../../report/json-check.ts';
import { printable } from '../../report/layout.ts';
import { prettyDiagnostics } from '../../report/pretty-diagnostic.ts';
import { jsonTrace, prettyTrace } from '../../report/trace.ts';
import { concerns } from '../concerns.ts';
import { type ExitCode, UsageError } from '../exit.ts';
import { exitFor } from '../finish.ts';
import type { Shared } from '../options.ts';
import { openProject, requireIds } from '../project.ts';
import { type Built, planFor } from '../skills.ts';
import type { Terminal } from '../terminal.ts';

export interface BuildOptions extends Shared {
  readonly check: boolean;
  readonly drafts: boolean;
  readonly trace: boolean;
}

/** Said also where the skills are written: writing them mends nothing of it. */
const aboutTexts: ReadonlySet<string> = new Set(['SOP602', 'SOP610']);

/** Writes the skills, or with `--check` says where the committed ones differ. */
export async function build(ids: readonly string[], options: BuildOptions, terminal: Terminal): Promise<ExitCode> {
  const project = openProject(options);
  try {
    const { checked, diagnostics, files } = await compile(project, terminal.progress('checking'));
    requireIds(
      ids,
      checked.library.sops.map((sop) => sop.id.value),
    );
    const errors = diagnostics.filter(
      (diagnostic) => diagnostic.level === 'error' && concerns(diagnostic, ids, checked),
    );
    const plan = await planFor(checked, { files, ...project }, ids, options.drafts);
    const found: readonly Diagnostic[] = [
      ...errors,
      ...plan.diagnostics.filter(({ code }) => options.check || aboutTexts.has(code)),
    ];
    if (!options.check && (await project.skills.replace(plan.write, plan.remove, plan.lock)) === 'busy')
      throw new UsageError('another build is writing `skills` at this moment; nothing was changed');
    if (options.format === 'json') {
      const list = { written: plan.write.map((file) => file.path), removed: plan.remove };
      const done = options.check ? { differing: plan.diagnostics.length } : list;
      const trace = options.trace ? { trace: plan.built.map(({ skill }) => jsonTrace(skill)) } : {};
      terminal.out(
        `${JSON.stringify({ version: 1, summary: { skills: plan.built.length, ...done }, diagnostics: found.map((entry) => jsonDiagnostic(entry, files)), ...trace }, null, 2)}\n`,
      );
    } else {
      if (found.length > 0) terminal.out(`${prettyDiagnostics(found, files, checked.sops.length, terminal.page)}\n`);
      terminal.out(sentence(plan, options));
      if (options.trace) for (const { skill } of plan.built) terminal.out(prettyTrace(skill));
    }
    return exitFor(found, options.strict);
  } finally {
    await project.engine.close();
  }
}

function sentence(plan: Built, { check, drafts }: BuildOptions): string {
  const skills = plan.built.length;
  const left = plan.foreign.map((path) => `left ${printable(path)}: no SOP makes it\n`).join('');
  if (skills === 0 && plan.remove.length === 0)
    return `${left}no skills: no approved SOP without errors${drafts ? '' : ' (drafts are compiled with `--drafts`)'}\n`;
  if (check)
    return plan.diagnostics.every(({ level }) => level !== 'error')
      ? `${count(skills, 'skill')}: as the SOPs give ${skills === 1 ? 'it' : 'them'}\n`
      : `${count(plan.write.length + plan.remove.length, 'file')} not as the SOPs give ${plan.write.length + plan.remove.length === 1 ? 'it' : 'them'}; \`sop build\` writes them\n`;
  const finished = plan.interrupted ? 'An earlier build was cut short; this one made all skills anew.\n' : '';
  const written = plan.built.map((one) => writtenLines(one, plan)).join('');
  const changed = plan.built.filter(({ skill }) =>
    plan.write.some(({ path }) => path.startsWith(`skills/${skill.id}/`)),
  );
  const removed = plan.remove.map((path) => `removed ${printable(path)}\n`).join('');
  return `${finished}${written}${removed}${left}${count(skills, 'skill')}: ${changed.length} written, ${skills - changed.length} unchanged; ${count(plan.remove.length, 'file')} removed\n`;
}

/** A new skill in one line; of one that was there, the files that changed. */
function writtenLines({ skill }: Built['built'][number], { write }: Built): string {
  const own = write.filter(({ path }) => path.startsWith(`skills/${skill.id}/`));
  if (own.length === skill.files.length) return `wrote skills/${skill.id}: ${count(own.length, 'file')}\n`;
  return own.map(({ path }) => `wrote ${path}\n`).join('');
}
