import { appendFileSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import type { Compiled } from '../compile.ts';
import type { SinceReport } from '../coverage/ratchet/since.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { TestRun } from '../replay/test-library.ts';
import { noPaint, type Page } from '../report/paint.ts';
import type { Results } from '../report/results.ts';
import { packageFolder } from './package-folder.ts';
import { type ReportFile, writeReports } from './report-files.ts';
import type { FileFormat, ReportFormat, Reporting } from './report-options.ts';
import { linksOf, prefixOf } from './repository.ts';
import type { Terminal } from './terminal.ts';

/** What a command found, in every form in which it can be told. */
export interface Telling {
  readonly results: Results;
  readonly pretty: (page: Page) => string;
  readonly json: () => unknown;
}

/** Puts together what reports are made of. */
export function resultsOf(
  command: Results['command'],
  { checked, files }: Pick<Compiled, 'checked' | 'files'>,
  found: readonly Diagnostic[],
  run: TestRun | null,
  { root, today }: { readonly root: string; readonly today: string },
  { strict }: Pick<Reporting, 'strict'>,
  since: SinceReport | null = null,
): Results {
  const place = { prefix: prefixOf(root), links: linksOf(process.env) };
  return {
    command,
    version: packageJson.version,
    checked,
    files,
    found,
    run,
    since,
    old: since?.old ?? [],
    today,
    strict,
    ...place,
  };
}

/** Prints the results, and writes the reports. */
export async function tell(
  telling: Telling,
  format: ReportFormat,
  reports: readonly ReportFile<FileFormat>[],
  terminal: Terminal,
): Promise<void> {
  await writeReports(reports, (wanted) => textIn(wanted, telling, plainPage), terminal.say);
  if (format !== 'github') return terminal.out(await textIn(format, telling, terminal.page));
  const { githubAnnotations, guarded } = await import('../report/github.ts');
  terminal.out(guarded(telling.pretty(plainPage)) + githubAnnotations(telling.results));
  await appendSummary(telling, terminal);
}

/** A file has no width and no colours. */
export const plainPage: Page = { columns: 100, paint: noPaint };

async function textIn(format: FileFormat, { results, pretty, json }: Telling, page: Page): Promise<string> {
  switch (format) {
    case 'pretty':
      return pretty(page);
    case 'json':
      return `${JSON.stringify(json(), null, 2)}\n`;
    case 'junit':
      return (await import('../report/junit.ts')).junit(results);
    case 'sarif':
      return (await import('../report/sarif.ts')).sarif(results, pageOf);
    case 'markdown':
      return (await import('../report/markdown.ts')).markdown(results);
  }
}

function pageOf(code: string): string {
  return readFileSync(join(packageFolder(), 'docs', 'diagnostics', `${code}.md`), 'utf8');
}

/** What GitHub takes of a step's summary, in bytes; a longer one is dropped as a whole. */
const summaryLimit = 1_048_576;

/** Other steps may have written to the summary of the job before. */
async function appendSummary({ results }: Telling, terminal: Terminal): Promise<void> {
  const file = process.env['GITHUB_STEP_SUMMARY'];
  if (file === undefined || file === '') return;
  const { markdown } = await import('../report/markdown.ts');
  const room = summaryLimit - sizeOf(file) - 1024;
  if (room < 2048) return terminal.say('the step summary is full: nothing was added\n');
  const page = markdown(results, room);
  try {
    appendFileSync(file, `${page}\n`);
  } catch {
    terminal.say('the step summary cannot be written; the exit code and the log stand\n');
  }
}

/** In bytes; 0 where there is nothing yet, or nothing to be read. */
function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}
