import { type Diagnostic, wording } from '../diagnostics/diagnostic.ts';
import { codes } from '../diagnostics/registry.ts';
import type { CaseResult } from '../replay/run-case.ts';
import type { DraftResult } from '../replay/run-draft.ts';
import type { ViewResult } from '../replay/run-view-case.ts';
import { showActual, showExpected } from '../replay/test-library.ts';
import type { Span } from '../text/source.ts';
import { printable } from './layout.ts';
import { outcomeWords } from './pretty-test.ts';
import { fails, faultsOf, placesOf, type Results, type Verdict, verdictOf, viewVerdictOf } from './results.ts';
import { element, type XmlElement, xmlDocument } from './xml.ts';

interface TestCase {
  readonly verdict: Verdict;
  readonly node: XmlElement;
}

/**
 * The results as JUnit XML, as continuous integration reads it: a suite a SOP with a test a case, one of the cases of views, and
 * one of all diagnostics that make the command fail, so that no failed run looks green. No times: the same results give the same bytes.
 */
export function junit(results: Results): string {
  const { run, checked } = results;
  const sops = [...new Set(run?.results.map(({ sop }) => sop))];
  const suites = [
    suite('diagnostics', [], diagnosticCases(results)),
    ...sops.map((id) => {
      const own = run?.results.filter(({ sop }) => sop === id) ?? [];
      const version = checked.sops.find(({ sop }) => sop.id.value === id)?.sop.version.value ?? '';
      const properties: [string, string][] = [
        ['sop.version', version],
        ['sop.as_of', results.today],
      ];
      return suite(id, properties, own.map((result) => sopCase(result, results))); // biome-ignore format: one thought
    }),
    ...(run !== null && run.views.length > 0
      ? [suite('views', [['sop.as_of', results.today]], run.views.map((view) => viewCase(view, results)))] // biome-ignore format: one thought
      : []),
    ...(run !== null && run.drafts.length > 0 ? [suite('drafts', [], run.drafts.map((draft) => draftCase(draft, results)))] : []), // biome-ignore format: one thought
  ];
  const all = suites.flatMap(({ cases }) => cases);
  return xmlDocument(element('testsuites', { name: results.command, ...countsOf(all) }, suites.map(({ node }) => node))); // biome-ignore format: one thought
}

function suite(
  name: string,
  properties: readonly (readonly [name: string, value: string])[],
  cases: readonly TestCase[],
): { readonly cases: readonly TestCase[]; readonly node: XmlElement } {
  const listed = properties.map(([key, value]) => element('property', { name: key, value: printable(value) }));
  const children = [
    ...(listed.length === 0 ? [] : [element('properties', {}, listed)]),
    ...cases.map(({ node }) => node),
  ];
  return { cases, node: element('testsuite', { name: printable(name), ...countsOf(cases) }, children) };
}

function countsOf(cases: readonly TestCase[]) {
  const of = (verdict: Verdict) => cases.filter((entry) => entry.verdict === verdict).length;
  return { tests: cases.length, failures: of('failed'), errors: of('error'), skipped: of('skipped') };
}

/** Names stay the same when lines move: readers follow a test from run to run by its class and name. */
function diagnosticCases(results: Results): TestCase[] {
  const failing = results.found.filter((diagnostic) => fails(diagnostic, results));
  if (failing.length === 0)
    return [{ verdict: 'passed', node: element('testcase', { classname: 'diagnostics', name: 'nothing fails' }) }];
  const seen = new Map<string, number>();
  return failing.map((diagnostic) => {
    const { message } = wording(diagnostic);
    const name = printable(`${diagnostic.span.path}: ${message}`);
    const nth = (seen.get(`${diagnostic.code} ${name}`) ?? 0) + 1;
    seen.set(`${diagnostic.code} ${name}`, nth);
    const problem = element('error', { message: printable(message), type: diagnostic.code }, [
      lines(tell(diagnostic, results)),
    ]);
    const attributes = {
      classname: `diagnostics.${diagnostic.code}`,
      name: nth === 1 ? name : `${name} (${nth})`,
      ...fileOf(diagnostic.span, results),
    };
    return { verdict: 'error', node: element('testcase', attributes, [problem]) };
  });
}

function sopCase(result: CaseResult, results: Results): TestCase {
  const { entry, sop } = result;
  const verdict = verdictOf(result, results);
  const attributes = {
    classname: `sops.${printable(sop)}`,
    name: printable(entry.name.value),
    ...fileOf(entry.name.span, results),
  };
  return { verdict, node: element('testcase', attributes, problemOf(verdict, result, results)) };
}

function problemOf(verdict: Verdict, result: CaseResult, results: Results): XmlElement[] {
  if (verdict === 'passed') return [];
  const { entry, outcome } = result;
  const told = `expected ${showExpected(result)}; got ${showActual(result)}`;
  if (verdict === 'skipped') {
    const gap = entry.knownGap;
    const accepted = gap === null ? '' : `, accepted by ${gap.owner.value} until ${gap.until.value}: ${gap.reason}`;
    const before = outcome === 'known_gap' || gap !== null ? '' : ', as before this change';
    return [element('skipped', { message: printable(`${outcomeWords[outcome]}${accepted}${before}; ${told}`) })];
  }
  const faults = faultsOf(result, results);
  const isRight = outcome === 'caught' || outcome === 'left_alone' || outcome === 'known_gap';
  const [fault] = faults;
  const isFault = isRight && fault !== undefined;
  const message = isFault ? wording(fault).message : `${outcomeWords[outcome]}: ${told}`;
  const signals = Object.entries(result.signals).map(([name, value]) => `${name} ${value}`);
  const text = [
    entry.title,
    `${entry.kind} case of ${entry.technique.value}, ${entry.market.value}`,
    told,
    result.why === '' ? '' : `why: ${result.why}`,
    result.subject,
    signals.length === 0 ? '' : `measured: ${signals.join(', ')}`,
    placeText(entry.name.span, results),
    ...faults.flatMap((diagnostic) => tell(diagnostic, results)),
  ];
  const type = isFault ? fault.code : outcome;
  return [element(verdict === 'error' ? 'error' : 'failure', { message: printable(message), type }, [lines(text)])];
}

function viewCase(view: ViewResult, results: Results): TestCase {
  const verdict = viewVerdictOf(view, results);
  const { entry, why, diagnostics } = view;
  const attributes = {
    classname: `views.${printable(entry.view.value)}`,
    name: printable(entry.name.value),
    ...fileOf(entry.name.span, results),
  };
  const [first] = diagnostics;
  const message = first === undefined ? why : wording(first).message;
  const text = [entry.title, why, ...diagnostics.flatMap((diagnostic) => tell(diagnostic, results))];
  if (verdict === 'skipped') {
    const skipped = element('skipped', { message: printable(`failed, as before this change: ${message}`) });
    return { verdict, node: element('testcase', attributes, [skipped]) };
  }
  const problem = element(
    verdict === 'error' ? 'error' : 'failure',
    { message: printable(message), type: first?.code ?? 'error' },
    [lines(text)],
  );
  return { verdict, node: element('testcase', attributes, verdict === 'passed' ? [] : [problem]) };
}

/** A draft has no outcome: it neither passes nor fails. */
function draftCase(draft: DraftResult, results: Results): TestCase {
  const { entry, sop, why } = draft;
  const said = why === '' ? `today ${sop} says ${showActual(draft)}` : `not run: ${why}`;
  const message = printable(`a draft: a person decides what is right; ${said}`);
  const attributes = {
    classname: `drafts.${printable(sop)}`,
    name: printable(entry.name.value),
    ...fileOf(entry.name.span, results),
  };
  return { verdict: 'skipped', node: element('testcase', attributes, [element('skipped', { message })]) };
}

function tell(diagnostic: Diagnostic, results: Results): string[] {
  const { message, label, why, fix } = wording(diagnostic);
  return [
    `${diagnostic.level} ${diagnostic.code}: ${message}`,
    placeText(diagnostic.span, results),
    label,
    why === '' ? '' : `why: ${why}`,
    diagnostic.witness === undefined ? '' : `for example: ${diagnostic.witness}`,
    fix === '' ? '' : `fix: ${fix}`,
    `see: sop explain ${diagnostic.code} (${codes[diagnostic.code].title})`,
  ];
}

function lines(text: readonly string[]): string {
  return text.filter((line) => line !== '').map(printable).join('\n'); // biome-ignore format: one thought
}

function fileOf(span: Span, results: Results): { readonly file: string; readonly line: number } {
  return { file: printable(`${results.prefix}${span.path}`), line: placesOf(span, results).from.line };
}

function placeText(span: Span, results: Results): string {
  const { line, column } = placesOf(span, results).from;
  return `at: ${results.prefix}${span.path}:${line}:${column}`;
}
