import { createHash } from 'node:crypto';
import { type Diagnostic, wording } from '../diagnostics/diagnostic.ts';
import { type Code, codes } from '../diagnostics/registry.ts';
import { describeResult } from '../replay/test-library.ts';
import { lineStarts, positionAt, type Span } from '../text/source.ts';
import { printable } from './layout.ts';
import { everything, placesOf, type Results } from './results.ts';

/** A diagnostic, and for a known gap what excuses it. */
interface Finding {
  readonly diagnostic: Diagnostic;
  readonly accepted: string | null;
}

/** SARIF's name for the root of the repository; readers know where they have checked it out. */
const root = '%SRCROOT%';

/**
 * The diagnostics as SARIF 2.1.0, with known gaps as suppressed results. `pages`: the page of a diagnostic, as Markdown.
 * Columns count UTF-16 units, and start at 1.
 */
export function sarif(results: Results, pages: (code: Code) => string): string {
  const findings = [
    ...everything(results).map((diagnostic): Finding => ({ diagnostic, accepted: null })),
    ...knownGaps(results),
  ];
  const rules = [...new Set(findings.map(({ diagnostic }) => diagnostic.code))].sort();
  const fingerprint = fingerprints(results);
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'sopwright',
            version: results.version,
            semanticVersion: results.version,
            rules: rules.map((code) => rule(code, pages(code))),
          },
        },
        automationDetails: { id: `sopwright/${results.command.replace('sop ', '').replace(/^sop$/, 'all')}/` },
        originalUriBaseIds: { [root]: { description: { text: 'the root of the repository' } } },
        columnKind: 'utf16CodeUnits',
        invocations: [{ executionSuccessful: true }],
        results: findings.map((finding) => ({
          ruleId: finding.diagnostic.code,
          ruleIndex: rules.indexOf(finding.diagnostic.code),
          level: finding.diagnostic.level,
          message: { text: plain(messageOf(finding.diagnostic)) },
          locations: [{ physicalLocation: physical(finding.diagnostic.span, results) }],
          ...related(finding.diagnostic, results),
          partialFingerprints: { 'sopwright/v1': fingerprint(finding.diagnostic) },
          ...fixes(finding.diagnostic, results),
          ...(finding.accepted === null
            ? {}
            : { suppressions: [{ kind: 'inSource', status: 'accepted', justification: finding.accepted }] }),
        })),
      },
    ],
  };
  return `${JSON.stringify(log, wellFormed, 2)}\n`;
}

/** Halves of surrogate pairs are no text; a reader in another language would refuse the file. */
function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\p{Cs}/gu, '\ufffd') : value;
}

/** What would be said of a case if nobody had accepted how it comes out. */
function knownGaps({ run }: Results): Finding[] {
  const gaps = run?.results.filter(({ outcome }) => outcome === 'known_gap') ?? [];
  return gaps.flatMap((result) => {
    const gap = result.entry.knownGap;
    const accepted =
      gap === null ? '' : printable(`accepted by ${gap.owner.value} until ${gap.until.value}: ${gap.reason}`);
    return describeResult(result, result.observed).map((diagnostic): Finding => ({ diagnostic, accepted }));
  });
}

function rule(code: Code, page: string) {
  const { title, level } = codes[code];
  const [, first = title] = page.split('\n\n');
  return {
    id: code,
    name: nameOf(title),
    shortDescription: { text: title },
    fullDescription: { text: first.replace(/\s+/g, ' ').trim() },
    help: { text: page === '' ? `sop explain ${code}` : page, ...(page === '' ? {} : { markdown: page }) },
    defaultConfiguration: { level },
  };
}

/** `An attack is missed` → `AnAttackIsMissed`: a name that a program can hold. */
function nameOf(title: string): string {
  const words = title.match(/[A-Za-z0-9]+/g) ?? [];
  return words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('');
}

function messageOf(diagnostic: Diagnostic): string {
  const { message, label, why, fix } = wording(diagnostic);
  return [
    `${message}.`,
    label === '' ? '' : `Here: ${label}.`,
    why === '' ? '' : `Why: ${why}.`,
    diagnostic.witness === undefined ? '' : `For example: ${diagnostic.witness}.`,
    fix === '' ? '' : `Fix: ${fix}.`,
  ]
    .filter((part) => part !== '')
    .map(printable)
    .join('\n');
}

/** In a message of SARIF `[text](address)` is a link; a text from a file must not become one. */
function plain(text: string): string {
  return text.replaceAll('](', '] (');
}

function physical(span: Span, results: Results) {
  return {
    artifactLocation: { uri: uriOf(span.path, results), uriBaseId: root },
    region: region(span, results),
  };
}

function uriOf(path: string, { prefix }: Results): string {
  const parts = `${prefix}${path}`.replace(/\p{Cs}/gu, '\ufffd').split('/');
  return parts.map((part) => encodeURIComponent(part)).join('/');
}

function region(span: Span, results: Results) {
  const { from, to } = placesOf(span, results);
  return { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column };
}

function related({ related: others }: Diagnostic, results: Results) {
  if (others.length === 0) return {};
  return {
    relatedLocations: others.map(({ span, label }, index) => ({
      id: index + 1,
      physicalLocation: physical(span, results),
      message: { text: plain(printable(label)) },
    })),
  };
}

/** The edits that `sop check --fix` would make. */
function fixes({ edits }: Diagnostic, results: Results) {
  if (edits.length === 0) return {};
  const paths = [...new Set(edits.map(({ span }) => span.path))];
  const artifactChanges = paths.map((path) => ({
    artifactLocation: { uri: uriOf(path, results), uriBaseId: root },
    replacements: edits
      .filter(({ span }) => span.path === path)
      .map(({ span, text }) => ({ deletedRegion: region(span, results), insertedContent: { text } })),
  }));
  return { fixes: [{ description: { text: 'what `sop check --fix` does' }, artifactChanges }] };
}

/**
 * What a diagnostic is known by from run to run: its code, its file, the words of its line and what is marked in them, and
 * how many alike come before it. Lines that move, and columns that are padded anew, change nothing.
 */
function fingerprints({ files }: Results): (diagnostic: Diagnostic) => string {
  const seen = new Map<string, number>();
  return ({ code, span }) => {
    const text = files.get(span.path)?.text ?? '';
    const starts = lineStarts(text);
    const { line } = positionAt(starts, span.start);
    const words = text.slice(starts[line - 1] ?? 0, starts[line] ?? text.length);
    const key = [code, span.path, squeeze(words), squeeze(text.slice(span.start, span.end))].join('\n');
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    return createHash('sha256').update(`${key}\n${nth}`).digest('hex').slice(0, 32);
  };
}

/** Words with one space between them; the rule of a table's header may be longer or shorter. */
function squeeze(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/-{3,}/g, '---').trim();
}
