import { type Diagnostic, diagnose, type Outcome } from '../../diagnostics/diagnostic.ts';
import type { MarkdownTree, Section } from '../../syntax/markdown.ts';
import { entryOf, textOf, textsOf, valueOf, type YamlNode } from '../../syntax/yaml.ts';
import { nearest, onlyNearest } from '../../text/nearest.ts';
import type { Located, Span } from '../../text/source.ts';
import { validate } from '../schema/validate.ts';
import type { AlertPolicy, Sop, SopStatus, SubjectColumn } from '../sop.ts';
import { secondsOf } from '../time.ts';
import { buildDecision } from './decision.ts';
import { buildBenign, buildBlindSpots, buildEscalation, buildSteps } from './procedure.ts';
import { buildParameters, buildSignals } from './signals.ts';

/** The sections of a SOP, in their order, with what each holds. */
const sectionOrder = [
  { name: 'Purpose', required: true, holds: 'why the SOP exists, for the person who reads it first' },
  { name: 'Parameters', required: false, holds: 'the numbers that a desk may tune' },
  { name: 'Requires', required: false, holds: 'the data without which there is no answer' },
  { name: 'Signals', required: true, holds: 'what is measured, and the SQL that measures it' },
  { name: 'Decision', required: true, holds: 'the rules that turn signals into a disposition' },
  { name: 'Procedure', required: true, holds: 'the steps that the agent and the risk manager take' },
  { name: 'Escalation', required: true, holds: 'who hears of it and how fast' },
  { name: 'Benign explanations', required: true, holds: 'the innocent stories that must be ruled out before anybody is accused' },
  { name: 'Blind spots', required: false, holds: 'what the SOP knowingly misses' },
  { name: 'References', required: false, holds: 'where the thresholds and the cases come from' },
] as const;

type SectionName = (typeof sectionOrder)[number]['name'];

/** Builds a SOP from its tree. `null` where there is no front-matter to build on. */
export function buildSop(tree: MarkdownTree): Outcome<Sop | null> {
  const found: Diagnostic[] = [];
  const front = tree.frontMatter;
  if (front?.kind !== 'map') {
    const missing = front === null && tree.frontMatterSpan.end === 0;
    const span: Span = missing ? { path: tree.path, start: 0, end: 3 } : tree.frontMatterSpan;
    // Where the YAML is broken, its own diagnostics have said so already.
    if (missing || front !== null) found.push(diagnose('SOP103', span, {}));
    return [null, found];
  }
  found.push(...validate('sop', front, 'the front-matter'));
  const sections = findSections(tree, found);
  const folder = tree.path.replace(/\/[^/]*$/, '');
  const text = (key: string) => textOf(valueOf(front, key)) ?? { value: '', span: tree.frontMatterSpan };
  const id = text('id');
  const expected = folder.split('/').at(-1) ?? '';
  if (id.value !== '' && id.value !== expected) {
    found.push(diagnose('SOP226', id.span, { what: 'id', found: id.value, expected }, { edits: [{ span: id.span, text: expected }] }));
  }
  const title = text('title');
  if (title.value !== '' && tree.title?.value !== title.value) {
    found.push(diagnose('SOP214', tree.title?.span ?? title.span, { expected: title.value }));
  }
  for (const key of ['lookback', 'settle']) {
    const entry = entryOf(front, key);
    if (entry !== undefined) found.push(diagnose('SOP215', entry.key.span, { what: `\`${key}\`` }));
  }
  const parameters = sections.Parameters === undefined ? [] : buildParameters(sections.Parameters, found);
  const groups = sections.Signals === undefined ? [] : buildSignals(sections.Signals, found);
  const names = new Set([...parameters, ...groups.flatMap((group) => group.signals)].map((named) => named.name.value));
  const sop: Sop = {
    path: tree.path,
    folder,
    id,
    title,
    version: text('version'),
    status: text('status') as Located<SopStatus>, // the schema admits these words only; with another one the SOP is not run
    owner: text('owner'),
    approvedBy: textOf(valueOf(front, 'approved_by')) ?? null,
    effective: textOf(valueOf(front, 'effective')) ?? null,
    reviewBy: text('review_by'),
    summary: text('summary'),
    kind: text('kind'),
    techniques: textsOf(valueOf(front, 'techniques')),
    markets: textsOf(valueOf(front, 'markets')),
    subject: { columns: textsOf(valueOf(front, 'subject')).map(subjectColumn), span: valueOf(front, 'subject')?.span ?? tree.frontMatterSpan },
    at: textOf(valueOf(front, 'at')) ?? null,
    alert: buildAlert(valueOf(front, 'alert')),
    purpose: proseOf(sections.Purpose),
    parameters,
    groups,
    tables: sections.Decision === undefined ? [] : buildDecision(sections.Decision, (name) => names.has(name), found),
    steps: sections.Procedure === undefined ? [] : buildSteps(sections.Procedure, found),
    escalation: sections.Escalation === undefined ? [] : buildEscalation(sections.Escalation, found),
    benign: sections['Benign explanations'] === undefined ? [] : buildBenign(sections['Benign explanations'], found),
    blindSpots: sections['Blind spots'] === undefined ? [] : buildBlindSpots(sections['Blind spots'], found),
    references: referencesOf(sections.References),
  };
  return [sop, found];
}

function subjectColumn({ value, span }: Located<string>): SubjectColumn {
  return { name: value.replace(/\?$/, ''), nullable: value.endsWith('?'), span };
}

function buildAlert(node: YamlNode | undefined): AlertPolicy | null {
  const from = textOf(valueOf(node, 'from'));
  const quiet = secondsOf(textOf(valueOf(node, 'quiet'))?.value ?? '');
  if (node === undefined || from === undefined || quiet === undefined) return null;
  return { from, by: textsOf(valueOf(node, 'by')), quietSeconds: quiet, span: node.span };
}

/** The sections by name; says what is missing, unknown, doubled or out of order. */
function findSections(tree: MarkdownTree, found: Diagnostic[]): Partial<Record<SectionName, Section>> {
  const sections: Partial<Record<SectionName, Section>> = {};
  const names = sectionOrder.map((entry) => entry.name);
  let furthest = -1;
  for (const section of tree.sections) {
    const { value, span } = section.heading;
    const index = names.findIndex((name) => name === value);
    const name = names[index];
    if (name === undefined) {
      const free = names.filter((candidate) => sections[candidate] === undefined);
      const only = onlyNearest(value, free);
      const edits = only === undefined ? [] : [{ span, text: only }];
      found.push(diagnose('SOP208', span, { section: value, near: nearest(value, names), allowed: names }, { edits }));
      continue;
    }
    const first = sections[name];
    if (first !== undefined) {
      found.push(diagnose('SOP209', span, { section: value }, { related: [{ span: first.heading.span, label: 'the first one' }] }));
      continue;
    }
    if (index < furthest) found.push(diagnose('SOP210', span, { section: name, before: names[furthest] ?? '' }));
    furthest = Math.max(furthest, index);
    sections[name] = section;
    if (name === 'Requires') found.push(diagnose('SOP215', span, { what: '`## Requires`' }));
    reportRepeatedHeadings(section, found);
  }
  const misspelt = found.some((diagnostic) => diagnostic.code === 'SOP208');
  for (const { name, required, holds } of sectionOrder) {
    // A heading that is only misspelt would otherwise be reported twice: once as unknown and once as missing.
    const mistaken = misspelt && tree.sections.some((section) => nearest(section.heading.value, [name]).length > 0);
    if (required && sections[name] === undefined && !mistaken) {
      found.push(diagnose('SOP207', tree.title?.span ?? tree.frontMatterSpan, { section: name, holds }));
    }
  }
  return sections;
}

function reportRepeatedHeadings(section: Section, found: Diagnostic[]): void {
  const first = new Map<string, Span>();
  for (const { heading } of section.subsections) {
    const earlier = first.get(heading.value);
    if (earlier === undefined) first.set(heading.value, heading.span);
    else found.push(diagnose('SOP209', heading.span, { section: heading.value }, { related: [{ span: earlier, label: 'the first one' }] }));
  }
}

function proseOf(section: Section | undefined): string {
  return (section?.blocks ?? []).filter((block) => block.kind === 'prose').map((block) => block.text).join('\n\n');
}

function referencesOf(section: Section | undefined): string[] {
  return (section?.blocks ?? []).flatMap((block) => (block.kind === 'list' ? block.items.map((item) => item.value.replace(/\s*\n\s*/g, ' ')) : []));
}
