import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { compile } from '../../compile.ts';
import { noCache } from '../../host/disk-cache.ts';
import { createDiskStore } from '../../host/disk-store.ts';
import { loadLibrary } from '../../model/load-library.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import type { Shared } from '../options.ts';
import { packageFolder } from '../package-folder.ts';
import { openProject } from '../project.ts';
import { planFor } from '../skills.ts';
import workflowTemplate from '../templates/workflow.hbs';
import type { Terminal } from '../terminal.ts';
import { newSopFiles } from './new-sop.ts';

/** A desk's repository: vocabulary, taxonomy, one SOP with cases and its skill, a CI workflow. Keeps every file that is there. */
export async function init(flags: Shared, terminal: Terminal): Promise<ExitCode> {
  const root = resolve(flags.root ?? '.');
  const store = createDiskStore(root);
  const own = (path: string) => readFileSync(join(packageFolder(), path), 'utf8');
  const put = async (path: string, text: string) => {
    if (existsSync(join(root, path))) return terminal.out(`kept  ${path}\n`);
    await store.write(path, text);
    terminal.out(`wrote ${path}\n`);
  };
  await put('sops/desk.yaml', own('sops/desk.yaml'));
  await put('sops/taxonomy.yaml', own('sops/taxonomy.yaml'));
  const [{ library }] = await loadLibrary(store, noCache);
  if (library.sops.length === 0) {
    const today = flags.asOf ?? new Date().toISOString().slice(0, 10);
    const files = newSopFiles(
      {
        id: 'self-trading',
        title: 'An account that trades with itself',
        technique: 'WT-01',
        status: 'approved',
        today,
      },
      library.desk,
      library.taxonomy,
    );
    for (const { path, text } of files) await put(path, text);
  }
  await put('.github/workflows/sops.yml', workflowTemplate);
  await put(
    '.gitattributes',
    '# The same bytes on every machine: skills are compared byte for byte.\n* text=auto eol=lf\n',
  );
  await buildFirstSkills({ ...flags, root }, terminal);
  terminal.say(
    '\nRun `npx sop` to check everything, `npx sop new sop my-risk` to start a SOP of your own.\nThe workflow installs what package.json names: `npm install -D sopwright` puts it there.\n',
  );
  return exitCodes.clean;
}

async function buildFirstSkills(flags: Shared, terminal: Terminal): Promise<void> {
  const project = openProject(flags);
  try {
    const { checked, files } = await compile(project);
    const plan = await planFor(checked, { files, ...project }, [], false);
    const write = plan.write.filter((file) => !existsSync(join(project.root, file.path)));
    if (
      existsSync(join(project.root, plan.lock.path)) ||
      (await project.skills.replace(write, [], plan.lock)) === 'busy'
    )
      return;
    for (const { checked: entry } of plan.built) terminal.out(`wrote skills/${entry.sop.id.value}\n`);
  } finally {
    await project.engine.close();
  }
}
