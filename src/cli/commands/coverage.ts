import packageJson from '../../../package.json' with { type: 'json' };
import { type Compiled, compile } from '../../compile.ts';
import { type Coverage, coverageOf } from '../../coverage/coverage.ts';
import { checkFloors, tableFigures } from '../../coverage/floors.ts';
import { proofsOf } from '../../coverage/proofs.ts';
import { withSql } from '../../coverage/prove-sql.ts';
import { techniqueMatrix } from '../../coverage/techniques/technique-matrix.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { figures } from '../../model/config.ts';
import { type TestRun, testLibrary } from '../../replay/test-library.ts';
import { githubAnnotations, guarded } from '../../report/github.ts';
import { jsonCoverage } from '../../report/json-coverage.ts';
import { navigatorLayer } from '../../report/navigator-layer.ts';
import type { Page } from '../../report/paint.ts';
import { prettyCoverage } from '../../report/pretty-coverage.ts';
import { prettyDiagnostic } from '../../report/pretty-diagnostic.ts';
import { stryker } from '../../report/stryker.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import type { Shared } from '../options.ts';
import { openProject, requireIds } from '../project.ts';
import { openReports, writeReports } from '../report-files.ts';
import type { CoverageFormat, coveragePages, ReportTarget } from '../report-options.ts';
import { type SqlFlags, sqlProofs, timeLimitOf } from '../sql-proofs.ts';
import { plainPage, resultsOf } from '../tell.ts';
import type { Terminal } from '../terminal.ts';
import { worldOf } from '../world.ts';

export interface CoverageFlags extends Omit<Shared, 'format'>, SqlFlags {
  readonly format: (typeof coveragePages)[number];
  readonly layer?: string;
  readonly report: readonly ReportTarget<CoverageFormat>[];
}

/** Tells what the cases prove: of each technique in each market, across SOPs, and of the tables of the chosen SOPs and their SQL. */
export async function coverage(ids: readonly string[], flags: CoverageFlags, terminal: Terminal): Promise<ExitCode> {
  timeLimitOf(flags);
  const project = openProject(flags);
  try {
    const { report, layer } = flags;
    const reports = await openReports(
      [...report, ...(layer === undefined ? [] : [{ format: 'layer' as const, file: layer, option: '--layer' }])],
      project.root,
    );
    const compiled = await compile(project, terminal.progress('checking'));
    const { checked, files } = compiled;
    requireIds(
      ids,
      checked.library.sops.map((sop) => sop.id.value),
    );
    const world = worldOf(compiled, project);
    const run = await testLibrary(checked, world, [], terminal.progress('testing'), { again: true });
    const found = await prove(ids, compiled, run, { ...world, ...project }, flags, terminal);
    const proofs = found.logic.flatMap(({ proof }) => proof ?? []);
    const floors = checkFloors(proofs, checked.library.config, flags.sql ? figures : tableFigures);
    const textOf = (format: CoverageFormat | 'layer', page: Page): string => {
      const { library } = checked;
      switch (format) {
        case 'pretty':
          return pretty(found, floors, compiled, project.today, flags.verbose, page);
        case 'json':
          return json(jsonCoverage(found, floors, files, project.today));
        case 'layer':
          return json(navigatorLayer({ library, cells: techniqueMatrix(library, run.results) }, project.today));
        case 'stryker':
          return stryker(proofs, { files, ...library, version: packageJson.version });
      }
    };
    await writeReports(reports, (format) => textOf(format, plainPage), terminal.say);
    if (flags.format === 'github') {
      const results = resultsOf('sop coverage', compiled, floors, null, project, flags);
      terminal.out(guarded(textOf('pretty', plainPage)) + githubAnnotations(results));
    } else terminal.out(textOf(flags.format, terminal.page));
    const isUnknown = found.logic.some(({ proof }) => proof === null || (proof.sql?.unread.length ?? 0) > 0);
    return isUnknown || floors.length > 0 ? exitCodes.findings : exitCodes.clean;
  } finally {
    await project.engine.close();
  }
}

async function prove(
  ids: readonly string[],
  { checked }: Compiled,
  run: TestRun,
  world: Parameters<typeof sqlProofs>[3],
  flags: CoverageFlags,
  terminal: Terminal,
): Promise<Coverage> {
  const tables = proofsOf(checked, run.results);
  const chosen = checked.sops.filter(
    ({ sop, sound }) => sound && sop.status.value !== 'retired' && (ids.length === 0 || ids.includes(sop.id.value)),
  );
  const sql = flags.sql ? await sqlProofs(chosen, checked, run, world, flags, terminal) : new Map();
  return coverageOf(checked, run, ids, {
    of: (entry) => {
      const own = sql.get(entry.sop.id.value);
      return own === undefined ? tables.of(entry) : withSql(tables.of(entry), own);
    },
  });
}

/** Floors come last: whoever looks at the end of a long report sees why it failed. */
function pretty(
  found: Coverage,
  floors: readonly Diagnostic[],
  { files }: Compiled,
  today: string,
  verbose: boolean,
  page: Page,
): string {
  const told = floors.map((diagnostic) => `\n${prettyDiagnostic(diagnostic, files, page)}`).join('');
  return `${prettyCoverage(found, today, verbose, page)}${told}`;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
