import { type Diagnostic, type Level, wording } from '../diagnostics/diagnostic.ts';
import { count } from '../diagnostics/words.ts';
import { outcomes } from '../model/case.ts';
import type { CaseResult } from '../replay/run-case.ts';
import { showActual, showExpected } from '../replay/test-library.ts';
import type { Span } from '../text/source.ts';
import {
  type Block,
  fitBlocks,
  markdownCode,
  markdownSentence,
  markdownText,
  tableBlock,
  textBlock,
} from './markdown-text.ts';
import { headOf, lossLines, remarkLine, verdict } from './pretty-since.ts';
import { draftCounts, outcomeCounts, outcomeWords, viewCounts } from './pretty-test.ts';
import { everything, hasFailed, placesOf, type Results, verdictOf, viewVerdictOf } from './results.ts';

/** Attacks that were missed come first, then who is accused; what could not be decided is neither. */
const worstFirst = [
  'missed', 'false_alarm', ...outcomes.filter((outcome) => outcome !== 'missed' && outcome !== 'false_alarm'),
] as const; // biome-ignore format: one line reads as an order

/**
 * The results as Markdown for the people who review a change: what failed, a table of cases by SOP, the rest folded. Texts from
 * files are text, whatever stands in them. At most `limit` bytes.
 */
export function markdown(results: Results, limit = 60_000): string {
  const { command, run, version, today } = results;
  const all = everything(results);
  const counts = [
    ...(run === null ? [] : [`${outcomeCounts(run.results)}${viewCounts(run)}${draftCounts(run)}`]),
    `${count(levelOf(all, 'error').length, 'error')}, ${count(levelOf(all, 'warning').length, 'warning')}`,
  ];
  const blocks = [
    textBlock(`## ${hasFailed(results) ? '✗' : '✓'} ${command}: ${hasFailed(results) ? 'failed' : 'passed'}`),
    textBlock(`${counts.join('. ')}. As of ${today}, sopwright ${markdownText(version)}.`),
    ...sinceBlocks(results),
    ...caseBlocks(results),
    ...viewBlocks(results),
    ...diagnosticBlocks(
      results.found.filter(({ level }) => level === 'error'),
      'error',
      results,
    ),
    ...draftBlocks(results),
    ...diagnosticBlocks(levelOf(all, 'warning'), 'warning', results),
    ...diagnosticBlocks(levelOf(all, 'note'), 'note', results),
  ];
  return fitBlocks(blocks, limit, `\`${command} --format pretty\` shows everything.`);
}

function levelOf(diagnostics: readonly Diagnostic[], wanted: Level): Diagnostic[] {
  return diagnostics.filter(({ level }) => level === wanted);
}

/** What the change did to what was proved before it: nobody who reviews it sees a case that is gone among those that pass. */
function sinceBlocks({ since }: Results): Block[] {
  if (since === null) return [];
  const { losses, remarks, notCompared } = since.ratchet;
  const list = (head: string, lines: readonly string[]): Block[] =>
    lines.length === 0
      ? []
      : [
          {
            head: `${head}:\n\n`,
            rows: lines.map((line) => `- ${markdownSentence(line)}\n`),
            tail: '\n',
            isFolded: false,
          },
        ];
  return [
    textBlock(`### ${markdownText(headOf(since))}`),
    ...verdict(since).map((line) => textBlock(markdownSentence(line))),
    ...list('Lost', lossLines(losses)),
    ...list('To look at', remarks.map(remarkLine)),
    ...list('Not compared', notCompared),
  ];
}

function caseBlocks(results: Results): Block[] {
  const { run } = results;
  if (run === null) return [];
  const rank = ({ outcome }: CaseResult) => worstFirst.indexOf(outcome);
  const sops = [...new Set(run.results.map(({ sop }) => sop))]
    .map((id) => {
      const own = run.results.filter(({ sop }) => sop === id).sort((a, b) => rank(a) - rank(b));
      return { id, own };
    })
    .sort((a, b) => Math.min(...a.own.map(rank)) - Math.min(...b.own.map(rank)));
  return sops.flatMap(({ id, own }) => sopBlocks(id, own, results));
}

function sopBlocks(id: string, own: readonly CaseResult[], results: Results): Block[] {
  const of = (...verdicts: string[]) => own.filter((result) => verdicts.includes(verdictOf(result, results)));
  const failed = of('failed', 'error');
  const skipped = of('skipped');
  const gaps = skipped.filter(({ entry }) => entry.knownGap !== null);
  const old = skipped.filter(({ entry }) => entry.knownGap === null);
  const passed = of('passed');
  const blocks = [textBlock(`### ${markdownCode(id)}`)];
  if (failed.length > 0)
    blocks.push(
      tableBlock(
        ['', 'Case', 'Technique', 'Expected', 'Got', 'Why'],
        failed.map((result) => [
          `**${outcomeWords[result.outcome]}**`,
          caseName(result, results),
          markdownText(result.entry.technique.value),
          markdownText(showExpected(result)),
          markdownText(showActual(result)),
          markdownSentence(whyOf(result)),
        ]),
      ),
    );
  if (gaps.length > 0)
    blocks.push(
      tableBlock(
        ['', 'Case', 'Accepted by', 'Until', 'Reason'],
        gaps.map((result) => [
          outcomeWords[result.outcome === 'known_gap' ? result.observed : result.outcome],
          caseName(result, results),
          markdownText(result.entry.knownGap?.owner.value ?? ''),
          markdownText(result.entry.knownGap?.until.value ?? ''),
          markdownText(result.entry.knownGap?.reason ?? ''),
        ]),
        count(gaps.length, 'known gap'),
      ),
    );
  if (old.length > 0)
    blocks.push(
      tableBlock(
        ['', 'Case', 'Expected', 'Got'],
        old.map((result) => [
          outcomeWords[result.outcome],
          caseName(result, results),
          markdownText(showExpected(result)),
          markdownText(showActual(result)),
        ]),
        `${count(old.length, 'case')} failed before this change, too`,
      ),
    );
  if (passed.length > 0)
    blocks.push(
      tableBlock(
        ['', 'Case', 'Technique', 'Decision', 'What happens'],
        passed.map((result) => [
          outcomeWords[result.outcome],
          caseName(result, results),
          markdownText(result.entry.technique.value),
          markdownText(result.actual === null ? '' : showActual(result)),
          markdownText(result.entry.title === result.entry.name.value ? '' : result.entry.title),
        ]),
        `${count(passed.length, 'case')} as expected`,
      ),
    );
  return blocks;
}

/** Why a case fails: its own reason, or what was not proved about it. */
function whyOf({ why, diagnostics }: CaseResult): string {
  const faults = diagnostics.map((diagnostic) => `${diagnostic.code}: ${wording(diagnostic).message}`);
  return [why, ...faults].filter((text) => text !== '').join('. ');
}

function caseName({ entry }: CaseResult, results: Results): string {
  return linked(markdownCode(entry.name.value), entry.name.span, results);
}

function viewBlocks(results: Results): Block[] {
  const views = results.run?.views ?? [];
  if (views.length === 0) return [];
  const rows = (isPassed: boolean) =>
    views
      .filter((view) => ['failed', 'error'].includes(viewVerdictOf(view, results)) !== isPassed)
      .map(({ entry, why, diagnostics }) => [
        linked(markdownCode(entry.name.value), entry.name.span, results),
        markdownCode(entry.view.value),
        markdownSentence(
          isPassed
            ? entry.title
            : [why, ...diagnostics.map((found) => wording(found).message)].filter(Boolean).join('. '),
        ),
      ]);
  const failed = rows(false);
  const passed = rows(true);
  return [
    textBlock('### Views'),
    ...(failed.length === 0 ? [] : [tableBlock(['Failed case', 'View', 'Why'], failed)]),
    ...(passed.length === 0
      ? []
      : [tableBlock(['Case', 'View', 'What happens'], passed, `${count(passed.length, 'case')} as expected`)]),
  ];
}

/** They have no outcome, so they are no cases: what the SOPs say today, for the person who decides. */
function draftBlocks(results: Results): Block[] {
  const drafts = results.run?.drafts ?? [];
  if (drafts.length === 0) return [];
  const rows = drafts.map((draft) => [
    linked(markdownCode(draft.entry.name.value), draft.entry.name.span, results),
    markdownCode(draft.sop),
    markdownSentence(draft.why === '' ? showActual(draft) : `not run: ${draft.why}`),
  ]);
  const summary = `${count(rows.length, 'draft')}: a person decides what is right`;
  return [tableBlock(['Draft', 'SOP', 'What the SOP says today'], rows, summary)];
}

/** Errors stand open; what only a careful reader wants is folded. */
function diagnosticBlocks(diagnostics: readonly Diagnostic[], level: Level, results: Results): Block[] {
  if (diagnostics.length === 0) return [];
  const rows = diagnostics.map((diagnostic) => {
    const { message, why, fix } = wording(diagnostic);
    const { line, column } = placesOf(diagnostic.span, results).from;
    const place = markdownCode(`${results.prefix}${diagnostic.span.path}:${line}:${column}`);
    return [
      diagnostic.code,
      linked(place, diagnostic.span, results),
      markdownSentence(message),
      markdownSentence(why),
      markdownSentence(fix),
    ];
  });
  const columns = ['', 'Where', 'What', 'Why it matters', 'What to do'];
  if (level === 'error') return [textBlock('### Errors in SOPs, cases and skills'), tableBlock(columns, rows)];
  return [tableBlock(columns, rows, count(rows.length, level))];
}

/** A link to the line, where the address of the repository is known. */
function linked(shown: string, span: Span, results: Results): string {
  if (results.links === null) return shown;
  const parts = `${results.prefix}${span.path}`.replace(/\p{Cs}/gu, '\ufffd').split('/');
  const path = parts.map((part) => encodeURIComponent(part).replace(/[!'()*]/g, percent)).join('/');
  return `[${shown}](${results.links.before}${path}#L${placesOf(span, results).from.line})`;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
