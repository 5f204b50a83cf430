import type { CheckedSop } from '../../check/checked.ts';
import { compile } from '../../compile.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { listEvidence } from '../../replay/list-evidence.ts';
import { jsonCheck } from '../../report/json-check.ts';
import { jsonRuns } from '../../report/json-run.ts';
import { prettyDiagnostic, prettyDiagnostics } from '../../report/pretty-diagnostic.ts';
import { longRun, prettyRun, shortRun } from '../../report/pretty-run.ts';
import type { SourceFile } from '../../text/source.ts';
import { historyLimits } from '../data-files.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { openProject, requireIds } from '../project.ts';
import type { Terminal } from '../terminal.ts';
import { earlierGroups } from './earlier-groups.ts';
import { chooseSops, openSource } from './run-data.ts';
import { type Finished, writeRuns } from './run-files.ts';
import { decide, type RunFlags, type RunWorld, readMoments } from './run-options.ts';
import { whatIf } from './what-if.ts';

/** Alerts whose evidence is listed; it is said where there are more. */
const mostWithEvidence = 5_000;

/** Decides on a desk's data: what could not be decided, the alerts, and the rows behind them. No labels are needed. */
export async function run(ids: readonly string[], flags: RunFlags, terminal: Terminal): Promise<ExitCode> {
  readMoments(flags);
  const earlier = earlierGroups(flags.previous);
  const project = openProject({ ...flags, ...(flags.asOf !== undefined && { asOf: flags.asOf.slice(0, 10) }) });
  try {
    const { checked, diagnostics, files } = await compile(project);
    requireIds(
      ids,
      checked.library.sops.map((sop) => sop.id.value),
    );
    const chosen = chooseSops(checked, ids);
    const errors = diagnostics.filter(
      ({ level, span }) =>
        level === 'error' && chosen.some(({ sop, sound }) => !sound && span.path.startsWith(`${sop.folder}/`)),
    );
    if (chosen.some((entry) => !entry.sound)) return showErrors(errors, files, flags, terminal);
    const source = await openSource(chosen, checked, project.engine, flags, terminal);
    const world: RunWorld = { source, flags, terminal, files, desk: checked.library.desk, earlier };
    if (flags.whatIf.length > 0) return await whatIf(chosen, world, project);
    const finished: Finished[] = [];
    const failed: Diagnostic[] = [];
    for (const target of chosen) {
      const done = await runOne(target, world);
      finished.push(...done.finished);
      failed.push(...done.failed);
    }
    show(finished, failed, world);
    if (flags.out !== undefined) await writeRuns(flags.out, finished, project.engine, terminal);
    const isOpen = finished.some(({ run: { unmet, unavailable } }) => unmet.length > 0 || unavailable.size > 0);
    return failed.length > 0 || isOpen ? exitCodes.findings : exitCodes.clean;
  } finally {
    await project.engine.close();
  }
}

async function runOne(
  target: CheckedSop,
  { source, flags, terminal, files, desk, earlier }: RunWorld,
): Promise<{ readonly finished: readonly Finished[]; readonly failed: readonly Diagnostic[] }> {
  const done = await decide(target, source, flags, desk, earlier.get(target.sop.id.value));
  if ('diagnostic' in done) return { finished: [], failed: [done.diagnostic] };
  for (const warning of done.warnings) terminal.say(prettyDiagnostic(warning, files, terminal.page));
  const { run: result } = done;
  const subjects = result.alerts.slice(0, mostWithEvidence).map((alert) => alert.subject);
  if (subjects.length < result.alerts.length)
    terminal.say(`evidence is listed of the gravest ${mostWithEvidence} alerts only\n`);
  const evidence = await listEvidence(target, source.data, result.window, subjects, historyLimits(), 'this data');
  return { finished: [{ run: result, evidence }], failed: evidence.diagnostics };
}

function show(
  finished: readonly Finished[],
  failed: readonly Diagnostic[],
  { flags, terminal, files }: RunWorld,
): void {
  if (flags.format === 'json') {
    const errors = jsonCheck(1, failed, files).diagnostics;
    terminal.out(`${JSON.stringify({ ...jsonRuns(finished), errors }, null, 2)}\n`);
    return;
  }
  const view = flags.verbose ? longRun : shortRun;
  terminal.out(
    [
      ...failed.map((diagnostic) => prettyDiagnostic(diagnostic, files, terminal.page)),
      ...finished.map(({ run: result, evidence }) => prettyRun(result, evidence, view, terminal.page)),
    ].join('\n'),
  );
}

/** A SOP with errors is not run: what it would do is a guess. */
export function showErrors(
  errors: readonly Diagnostic[],
  files: ReadonlyMap<string, SourceFile>,
  { format }: Pick<RunFlags, 'format'>,
  terminal: Terminal,
): ExitCode {
  if (format === 'json') terminal.out(`${JSON.stringify(jsonCheck(1, errors, files), null, 2)}\n`);
  else terminal.out(prettyDiagnostics(errors, files, 1, terminal.page));
  return exitCodes.findings;
}
