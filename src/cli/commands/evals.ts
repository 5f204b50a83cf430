import { resolve } from 'node:path';
import { compile } from '../../compile.ts';
import { count } from '../../diagnostics/words.ts';
import { inspectEvals } from '../../emit/evals/inspect.ts';
import { jsonlEvals } from '../../emit/evals/jsonl.ts';
import { type EvalFile, promptfooEvals } from '../../emit/evals/promptfoo.ts';
import { writeAtomically } from '../../host/disk-store.ts';
import { type EvalCases, evalCases, notAsked } from '../../replay/eval-cases.ts';
import { evalSops } from '../eval-sops.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import type { Shared } from '../options.ts';
import { openProject, requireIds } from '../project.ts';
import { refuseOwnFolders } from '../report-files.ts';
import type { Terminal } from '../terminal.ts';

export interface EvalsOptions extends Omit<Shared, 'format'> {
  readonly format: 'jsonl' | 'inspect' | 'promptfoo';
  readonly out?: string;
  readonly drafts: boolean;
}

/** Writes or prints the cases as another tool reads them; what is left out is told on standard error. */
export async function evals(ids: readonly string[], options: EvalsOptions, terminal: Terminal): Promise<ExitCode> {
  const { format, out } = options;
  if (format === 'promptfoo' && out === undefined)
    throw new UsageError('a suite for promptfoo is several files: name a folder with `--out DIR`');
  const project = openProject(options);
  try {
    if (out !== undefined) refuseOwnFolders(resolve(out), project.root, `--out ${out}`);
    const { checked } = await compile(project, terminal.progress('checking'));
    requireIds(
      ids,
      checked.library.sops.map((sop) => sop.id.value),
    );
    const sops = evalSops(checked, ids, options.drafts);
    const found = await evalCases(checked, sops, project.store);
    const files = filesIn(
      format,
      found,
      sops.map(({ sop }) => sop.id.value),
    );
    for (const line of leftOutLines(found)) terminal.say(`${line}\n`);
    if (found.cases.length === 0) {
      terminal.say(`there is no case to give${options.drafts ? '' : ' (those of drafts are given with `--drafts`)'}\n`);
      return exitCodes.findings;
    }
    if (out === undefined) terminal.out(files[0]?.text ?? '');
    else {
      for (const { path, text } of files) await writeAtomically(path === '' ? resolve(out) : resolve(out, path), text);
      terminal.say(`${count(found.cases.length, 'case')} written to ${out}\n`);
    }
    return exitCodes.clean;
  } finally {
    await project.engine.close();
  }
}

function filesIn(format: EvalsOptions['format'], { cases }: EvalCases, ids: readonly string[]): readonly EvalFile[] {
  if (format === 'promptfoo') return promptfooEvals(cases, ids);
  return [{ path: '', text: format === 'inspect' ? inspectEvals(cases) : jsonlEvals(cases) }];
}

/** `left out 2 cases (noted gap): a, b`. */
export function leftOutLines({ leftOut, drafts }: EvalCases): string[] {
  const whys = [...new Set(leftOut.map(({ why }) => why))];
  return [
    ...whys.map((why) => {
      const names = leftOut.filter((one) => one.why === why).map((one) => one.case);
      return `left out ${count(names.length, 'case')} (${notAsked[why]}): ${names.join(', ')}`;
    }),
    ...(drafts === 0 ? [] : [`left out ${count(drafts, 'draft')}: nobody has decided what is right`]),
  ];
}
