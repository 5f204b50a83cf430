import { compile } from '../../compile.ts';
import { proveFloors } from '../../coverage/floors.ts';
import { proofsOf } from '../../coverage/proofs.ts';
import type { SinceReport } from '../../coverage/ratchet/since.ts';
import { compareDiagnostics } from '../../diagnostics/diagnostic.ts';
import { testLibrary } from '../../replay/test-library.ts';
import { jsonTest } from '../../report/json-test.ts';
import { wrap } from '../../report/layout.ts';
import type { Page } from '../../report/paint.ts';
import { prettyDiagnostic } from '../../report/pretty-diagnostic.ts';
import { prettySince } from '../../report/pretty-since.ts';
import {
  draftCounts,
  outcomeCounts,
  prettyCases,
  prettyDrafts,
  prettyElsewhere,
  prettyRules,
  prettyViewCases,
  viewCounts,
} from '../../report/pretty-test.ts';
import { concerns } from '../concerns.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { exitFor } from '../finish.ts';
import { openProject, requireIds } from '../project.ts';
import { openReports } from '../report-files.ts';
import type { Reporting } from '../report-options.ts';
import type { Tested } from '../since.ts';
import { resultsOf, tell } from '../tell.ts';
import type { Terminal } from '../terminal.ts';
import { worldOf } from '../world.ts';

export interface TestOptions extends Reporting {
  /** The revision that the change is measured against. */
  readonly since?: string;
}

/** Runs the cases of the chosen SOPs, all without ids. */
export async function test(ids: readonly string[], options: TestOptions, terminal: Terminal): Promise<ExitCode> {
  const project = openProject(options);
  try {
    const reports = await openReports(options.report, project.root);
    const compiled = await compile(project, terminal.progress('checking'));
    const { checked, diagnostics, files } = compiled;
    requireIds(
      ids,
      checked.library.sops.map((sop) => sop.id.value),
    );
    const world = worldOf(compiled, project);
    const isProved = options.since !== undefined || checked.library.config.floors.length > 0;
    const keep = isProved ? 'all' : 'one_a_way';
    const others = options.verbose || [options.format, ...options.report.map(({ format }) => format)].includes('json');
    const run = await testLibrary(checked, world, ids, terminal.progress('testing'), {
      keep,
      others,
      again: true,
    });
    const proofs = proofsOf(checked, isProved ? run.results : []);
    const blocking = [
      ...diagnostics.filter((diagnostic) => diagnostic.level === 'error' && concerns(diagnostic, ids, checked)),
      ...proveFloors(checked, proofs, ids),
    ];
    const found = [...blocking, ...run.diagnostics].sort(compareDiagnostics);
    const since = await sinceOf(options, ids, project, { compiled, run, proofs, found }, terminal);
    const told = since?.counted ?? found;
    const pretty = (page: Page) => {
      const shown = told.map((diagnostic) => prettyDiagnostic(diagnostic, files, page)).join('\n');
      const lowest = checked.library.desk.dispositions[0] ?? '';
      return [
        `${shown}${prettyCases(run, options.verbose, page)}`,
        prettyViewCases(run, page),
        prettyDrafts(run, page),
        options.verbose ? prettyElsewhere(run, lowest, page) : '',
        prettyRules(run, checked.sops, page),
        `\n${wrap(`${outcomeCounts(run.results)}${viewCounts(run)}${draftCounts(run)}`, page.columns).join('\n')}\n`,
        since === null ? '' : prettySince(since, options.verbose, page),
      ].join('');
    };
    const own = new Set(run.diagnostics);
    const results = resultsOf(
      'sop test',
      compiled,
      told.filter((diagnostic) => !own.has(diagnostic)),
      { ...run, diagnostics: run.diagnostics.filter((diagnostic) => told.includes(diagnostic)) },
      project,
      options,
      since,
    );
    const json = () => jsonTest(run, checked, told, files, since);
    await tell({ results, pretty, json }, options.format, reports, terminal);
    const isLost = (since?.ratchet.losses.length ?? 0) > 0;
    return isLost ? exitCodes.findings : exitFor(told, options.strict);
  } finally {
    await project.engine.close();
  }
}

/** Null without `--since`. With `--strict`, what was there before counts as well. */
async function sinceOf(
  { since, strict }: TestOptions,
  ids: readonly string[],
  project: ReturnType<typeof openProject>,
  now: Tested,
  terminal: Terminal,
): Promise<SinceReport | null> {
  if (since === undefined) return null;
  const [{ openRevision }, { compareWith }] = await Promise.all([import('../revision.ts'), import('../since.ts')]);
  const revision = await openRevision(project, since);
  try {
    const report = await compareWith(revision, since, ids, project, now, terminal.progress);
    if (!strict) return report;
    return { ...report, counted: [...report.counted, ...report.old].sort(compareDiagnostics), old: [] };
  } finally {
    revision.close();
  }
}
