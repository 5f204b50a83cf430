import { compile } from '../../compile.ts';
import { count } from '../../diagnostics/words.ts';
import { isSetPath } from '../../emit/skill/lock.ts';
import { homePlace } from '../../emit/skill/plan-skills.ts';
import { jsonDiagnostic } from '../../report/json-check.ts';
import { printable } from '../../report/layout.ts';
import { prettyDiagnostics } from '../../report/pretty-diagnostic.ts';
import { jsonTrace, prettyTrace } from '../../report/trace.ts';
import { concerns } from '../concerns.ts';
import { type ExitCode, UsageError } from '../exit.ts';
import { exitFor } from '../finish.ts';
import type { Shared } from '../options.ts';
import { placesOf, type SkillPlace } from '../places.ts';
import { openProject, requireIds } from '../project.ts';
import { type Built, planAt } from '../skills.ts';
import type { Terminal } from '../terminal.ts';

export interface BuildOptions extends Shared {
  readonly check: boolean;
  readonly drafts: boolean;
  readonly trace: boolean;
  /** Another folder than `skills`; with clients, the project in which they look. */
  readonly out?: string;
  readonly client: readonly string[];
}

/** What one place has to become. */
type Placed = Built & { readonly place: SkillPlace };

/** Said also where the skills are written: writing them mends nothing of it. */
const aboutTexts: ReadonlySet<string> = new Set(['SOP602', 'SOP610']);

/** Writes the skills, or with `--check` says where the committed ones differ. */
export async function build(ids: readonly string[], options: BuildOptions, terminal: Terminal): Promise<ExitCode> {
  const project = openProject(options);
  try {
    const places = placesOf(project, options);
    const { checked, diagnostics, files } = await compile(project, terminal.progress('checking'));
    requireIds(
      ids,
      checked.library.sops.map((sop) => sop.id.value),
    );
    const errors = diagnostics.filter(
      (diagnostic) => diagnostic.level === 'error' && concerns(diagnostic, ids, checked),
    );
    const world = { files, ...project, compiled: new Map() };
    const plans: Placed[] = [];
    for (const place of places)
      plans.push({ ...(await planAt(place, checked, world, { ids, drafts: options.drafts })), place });
    const said = plans.flatMap((plan, at) => plan.diagnostics.filter(({ code }) => at === 0 || !aboutTexts.has(code)));
    const found = [...errors, ...said.filter(({ code }) => options.check || aboutTexts.has(code))];
    if (!options.check) await write(plans);
    const built = plans[0]?.built ?? [];
    if (options.format === 'json') {
      const written = plans.flatMap((plan) => plan.write.map((file) => file.path));
      const list = { written, removed: plans.flatMap((plan) => plan.remove) };
      const done = options.check ? { differing: said.length } : list;
      const trace = options.trace ? { trace: built.map(({ skill }) => jsonTrace(skill)) } : {};
      terminal.out(
        `${JSON.stringify({ version: 1, summary: { skills: built.length, ...done }, diagnostics: found.map((entry) => jsonDiagnostic(entry, files)), ...trace }, null, 2)}\n`,
      );
    } else {
      if (found.length > 0) terminal.out(`${prettyDiagnostics(found, files, checked.sops.length, terminal.page)}\n`);
      for (const plan of plans) terminal.out(sentence(plan, options));
      if (options.trace) for (const { skill } of built) terminal.out(prettyTrace(skill));
    }
    return exitFor(found, options.strict);
  } finally {
    await project.engine.close();
  }
}

/** Nothing is written anywhere before it is known that no file of a person is in the way. */
async function write(plans: readonly Placed[]): Promise<void> {
  for (const { taken, place } of plans)
    if (taken[0] !== undefined && place.folder !== homePlace.folder)
      throw new UsageError(
        `\`${printable(taken[0])}\` is there, and no \`${place.command}\` made it: rename its folder, or take it out; nothing was written`,
      );
  for (const { place, ...plan } of plans)
    if ((await place.skills.replace(plan.write, plan.remove, plan.lock)) === 'busy')
      throw new UsageError(`another build is writing \`${place.folder}\` at this moment; nothing was changed in it`);
}

function sentence(plan: Placed, { check, drafts }: BuildOptions): string {
  const { place } = plan;
  const skills = plan.built.length;
  const left = plan.foreign.map((path) => `left ${printable(path)}: no SOP makes it\n`).join('');
  const at = place.folder === homePlace.folder ? '' : `${printable(place.folder)}: `;
  if (skills === 0 && plan.remove.length === 0)
    return `${left}${at}no skills: no approved SOP without errors${drafts ? '' : ' (drafts are compiled with `--drafts`)'}\n`;
  if (check)
    return plan.diagnostics.every(({ level }) => level !== 'error')
      ? `${at}${count(skills, 'skill')}: as the SOPs give ${skills === 1 ? 'it' : 'them'}\n`
      : `${at}${count(plan.write.length + plan.remove.length, 'file')} not as the SOPs give ${plan.write.length + plan.remove.length === 1 ? 'it' : 'them'}; \`${printable(place.command)}\` writes them\n`;
  const finished = plan.interrupted ? 'An earlier build was cut short; this one made all skills anew.\n' : '';
  const written = plan.built.map((one) => writtenLines(one, plan)).join('');
  const indexes = plan.write
    .filter(({ path }) => isSetPath(path.slice(place.folder.length + 1)))
    .map(({ path }) => `wrote ${printable(path)}\n`)
    .join('');
  const changed = plan.built.filter(({ skill }) =>
    plan.write.some(({ path }) => path.startsWith(`${place.folder}/${skill.id}/`)),
  );
  const removed = plan.remove.map((path) => `removed ${printable(path)}\n`).join('');
  return `${finished}${written}${indexes}${removed}${left}${at}${count(skills, 'skill')}: ${changed.length} written, ${skills - changed.length} unchanged; ${count(plan.remove.length, 'file')} removed\n`;
}

/** A new skill in one line; of one that was there, the files that changed. */
function writtenLines({ skill }: Built['built'][number], { write, place: { folder } }: Placed): string {
  const own = write.filter(({ path }) => path.startsWith(`${folder}/${skill.id}/`));
  if (own.length === skill.files.length)
    return `wrote ${printable(folder)}/${skill.id}: ${count(own.length, 'file')}\n`;
  return own.map(({ path }) => `wrote ${printable(path)}\n`).join('');
}
