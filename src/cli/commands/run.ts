import type { CheckedSop } from '../../check/checked.ts';
import { compileForData } from '../../compile.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { listEvidence } from '../../replay/list-evidence.ts';
import { jsonRuns } from '../../report/json-run.ts';
import { prettyDiagnostic } from '../../report/pretty-diagnostic.ts';
import { longRun, prettyRun, shortRun } from '../../report/pretty-run.ts';
import { concerns } from '../concerns.ts';
import { historyLimits } from '../data-files.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { openForData, requireIds } from '../project.ts';
import type { Terminal } from '../terminal.ts';
import { earlierGroups } from './earlier-groups.ts';
import { chooseSops, openSource } from './run-data.ts';
import { type Finished, writeRuns } from './run-files.ts';
import { decide, lacksData, type RunFlags, type RunWorld, readMoments } from './run-options.ts';
import { showErrors } from './show-errors.ts';
import { whatIf } from './what-if.ts';

/** Alerts whose evidence is listed; it is said where there are more. */
const mostWithEvidence = 5_000;

/** Decides on a desk's data: what could not be decided, the alerts, and the rows behind them. No labels are needed. */
export async function run(ids: readonly string[], flags: RunFlags, terminal: Terminal): Promise<ExitCode> {
  readMoments(flags);
  const earlier = earlierGroups(flags.previous);
  const project = openForData(flags);
  try {
    const { checked, diagnostics, files } = await compileForData(project);
    requireIds(
      ids,
      checked.library.sops.map((sop) => sop.id.value),
    );
    const chosen = chooseSops(checked, ids);
    const broken = chosen.filter((entry) => !entry.sound).map(({ sop }) => sop.id.value);
    if (broken.length > 0) {
      const errors = diagnostics.filter((found) => found.level === 'error' && concerns(found, broken, checked));
      return showErrors(errors, files, flags, terminal);
    }
    const shown = { flags, terminal, files, desk: checked.library.desk, earlier };
    const open = (sops: readonly CheckedSop[]) => openSource(sops, checked, project.engine, flags, terminal);
    if (flags.whatIf.length > 0) return await whatIf(chosen, shown, open, project);
    const world: RunWorld = { ...shown, source: await open(chosen) };
    const finished: Finished[] = [];
    const failed: Diagnostic[] = [];
    for (const target of chosen) {
      const done = await runOne(target, world);
      finished.push(...done.finished);
      failed.push(...done.failed);
    }
    if (flags.format === 'json') terminal.out(asText(jsonRuns(finished, failed, files)));
    else show(finished, failed, world);
    // The rows behind alerts have a file of their own.
    const bare = () =>
      asText(
        jsonRuns(
          finished.map(({ run: result }) => ({ run: result })),
          failed,
          files,
        ),
      );
    if (flags.out !== undefined) await writeRuns(flags.out, finished, bare, project.engine, terminal);
    const isOpen = failed.length > 0 || finished.some(({ run: result }) => lacksData(result));
    return isOpen ? exitCodes.findings : exitCodes.clean;
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
  if (flags.symbol !== undefined && result.subjects === 0)
    terminal.say(`${target.sop.id.value}: nothing in the window is about the symbol \`${flags.symbol}\`\n`);
  const subjects = result.alerts.slice(0, mostWithEvidence).map((alert) => alert.subject);
  if (subjects.length < result.alerts.length)
    terminal.say(`evidence is listed of the gravest ${mostWithEvidence} alerts only\n`);
  const evidence = await listEvidence(target, source.data, result.window, subjects, historyLimits(), 'this data');
  return { finished: [{ run: result, evidence }], failed: evidence.diagnostics };
}

function asText(json: object): string {
  return `${JSON.stringify(json, null, 2)}\n`;
}

function show(
  finished: readonly Finished[],
  failed: readonly Diagnostic[],
  { flags, terminal, files }: RunWorld,
): void {
  const view = flags.verbose ? longRun : shortRun;
  terminal.out(
    [
      ...failed.map((diagnostic) => prettyDiagnostic(diagnostic, files, terminal.page)),
      ...finished.map(({ run: result, evidence }) => prettyRun(result, evidence, view, terminal.page)),
    ].join('\n'),
  );
}
