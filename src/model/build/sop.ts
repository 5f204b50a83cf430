import { type Diagnostic, diagnose, type Outcome } from '../../diagnostics/diagnostic.ts';
import type { MarkdownTree, Section } from '../../syntax/markdown.ts';
import { childOf, textOf, textsOf, type YamlMap, type YamlNode } from '../../syntax/yaml.ts';
import { nearest, onlyNearest } from '../../text/nearest.ts';
import { type Located, type Span, spanAt } from '../../text/source.ts';
import { secondsOf } from '../../text/time.ts';
import { validate } from '../schema/validate.ts';
import type { AlertPolicy, Identity, SegmentBy, Sop, SopStatus, SubjectColumn } from '../sop.ts';
import { buildDecision } from './decision.ts';
import { buildBenign, buildBlindSpots, buildEscalation, buildSteps } from './procedure.ts';
import { isNothing, isTable, remarksOf } from './remarks.ts';
import { buildRequires } from './requires.ts';
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
  {
    name: 'Benign explanations',
    required: true,
    holds: 'the innocent stories that must be ruled out before anybody is accused',
  },
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
  const facts = readFacts(tree, front);
  reportNames(tree, facts, found);
  return [{ ...facts, ...readSections(sections, facts.segmentBy !== null, found) }, found];
}

type SectionFacts = Pick<
  Sop,
  | 'purpose'
  | 'remarks'
  | 'parameters'
  | 'segments'
  | 'requires'
  | 'groups'
  | 'tables'
  | 'steps'
  | 'escalation'
  | 'benign'
  | 'blindSpots'
  | 'references'
>;

/** What the front-matter says; what is missing there reads as an empty text, and has been reported. */
function readFacts(tree: MarkdownTree, front: YamlMap): Omit<Sop, keyof SectionFacts> {
  const text = (key: string) => textOf(childOf(front, key)) ?? { value: '', span: tree.frontMatterSpan };
  return {
    path: tree.path,
    folder: tree.path.replace(/\/[^/]*$/, ''),
    id: text('id'),
    title: text('title'),
    version: text('version'),
    status: text('status') as Located<SopStatus>, // the schema admits these words only; with another one the SOP is not run
    owner: text('owner'),
    approvedBy: textOf(childOf(front, 'approved_by')) ?? null,
    effective: textOf(childOf(front, 'effective')) ?? null,
    reviewBy: text('review_by'),
    summary: text('summary'),
    kind: text('kind'),
    techniques: textsOf(childOf(front, 'techniques')),
    markets: textsOf(childOf(front, 'markets')),
    subject: {
      columns: textsOf(childOf(front, 'subject')).map(subjectColumn),
      span: childOf(front, 'subject')?.span ?? tree.frontMatterSpan,
    },
    at: textOf(childOf(front, 'at')) ?? null,
    lookback: durationOf(childOf(front, 'lookback')),
    settle: durationOf(childOf(front, 'settle')),
    alert: buildAlert(childOf(front, 'alert')),
    segmentBy: buildSegmentBy(childOf(front, 'segment_by')),
    identity: buildIdentity(childOf(front, 'identity')),
  };
}

/** The id is the folder's name, and the page carries the title. */
function reportNames(
  tree: MarkdownTree,
  { id, title, folder }: Pick<Sop, 'id' | 'title' | 'folder'>,
  found: Diagnostic[],
): void {
  const expected = folder.split('/').at(-1) ?? '';
  if (id.value !== '' && id.value !== expected) {
    const edits = [{ span: id.span, text: expected }];
    found.push(diagnose('SOP226', id.span, { what: 'id', found: id.value, expected }, { edits }));
  }
  if (title.value !== '' && tree.title?.value !== title.value) {
    found.push(diagnose('SOP214', tree.title?.span ?? title.span, { expected: title.value }));
  }
}

type Sections = Partial<Record<SectionName, Section>>;

function readSections(sections: Sections, segmented: boolean, found: Diagnostic[]): SectionFacts {
  const from = <T>(name: SectionName, build: (section: Section, found: Diagnostic[]) => T[]): T[] => {
    const section = sections[name];
    return section === undefined ? [] : build(section, found);
  };
  const { parameters, segments } =
    sections.Parameters === undefined
      ? { parameters: [], segments: [] }
      : buildParameters(sections.Parameters, segmented, found);
  const groups = from('Signals', buildSignals);
  const names = new Set([...parameters, ...groups.flatMap((group) => group.signals)].map((named) => named.name.value));
  return {
    purpose: remarksOf(sections.Purpose, isNothing),
    remarks: {
      parameters: remarksOf(sections.Parameters, isTable),
      requires: remarksOf(sections.Requires, isTable),
      signals: hasGroup(sections.Signals) ? '' : remarksOf(sections.Signals, isNothing, false),
      decision: remarksOf(sections.Decision, isTable, false),
      procedure: remarksOf(sections.Procedure, (block) => block.kind === 'list' && block.ordered),
      escalation: remarksOf(sections.Escalation, isTable),
      benign: remarksOf(sections['Benign explanations'], isTable),
      blindSpots: remarksOf(sections['Blind spots'], isTable),
    },
    parameters,
    segments,
    requires: from('Requires', buildRequires),
    groups,
    tables: from('Decision', (section) => buildDecision(section, (name) => names.has(name), found)),
    steps: from('Procedure', buildSteps),
    escalation: from('Escalation', buildEscalation),
    benign: from('Benign explanations', buildBenign),
    blindSpots: from('Blind spots', buildBlindSpots),
    references: referencesOf(sections.References),
  };
}

function subjectColumn({ value, span }: Located<string>): SubjectColumn {
  return { name: value.replace(/\?$/, ''), nullable: value.endsWith('?'), span };
}

function durationOf(node: YamlNode | undefined): Located<number> | null {
  const text = textOf(node);
  const seconds = secondsOf(text?.value ?? '');
  return text === undefined || seconds === undefined ? null : { value: seconds, span: text.span };
}

function buildAlert(node: YamlNode | undefined): AlertPolicy | null {
  const from = textOf(childOf(node, 'from'));
  const quiet = secondsOf(textOf(childOf(node, 'quiet'))?.value ?? '');
  if (node === undefined || from === undefined || quiet === undefined) return null;
  return { from, by: textsOf(childOf(node, 'by')), quietSeconds: quiet, span: node.span };
}

function buildSegmentBy(node: YamlNode | undefined): SegmentBy | null {
  const text = textOf(node);
  const dot = text?.value.indexOf('.') ?? -1;
  if (text === undefined || dot < 0) return null;
  // Inside quotes the places within the text are not known.
  const isPlain = text.span.end - text.span.start === text.value.length;
  const part = (from: number, to: number): Located<string> => ({
    value: text.value.slice(from, to),
    span: isPlain ? spanAt(text.span.path, text.span.start + from, text.span.start + to) : text.span,
  });
  return { table: part(0, dot), column: part(dot + 1, text.value.length) };
}

function buildIdentity(node: YamlNode | undefined): Identity | null {
  const members = textOf(childOf(node, 'members'));
  const match = Number(textOf(childOf(node, 'match'))?.value);
  if (node === undefined || members === undefined || !(match > 0)) return null;
  return { members, match, span: node.span };
}

/** The sections by name; says what is missing, unknown, doubled or out of order. */
function findSections(tree: MarkdownTree, found: Diagnostic[]): Sections {
  const sections: Sections = {};
  const names = sectionOrder.map((entry) => entry.name);
  let furthest = -1;
  for (const section of tree.sections) {
    const { value, span } = section.heading;
    const index = names.indexOf(value as SectionName); // -1 for any other heading
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
      found.push(
        diagnose(
          'SOP209',
          span,
          { section: value },
          { related: [{ span: first.heading.span, label: 'the first one' }] },
        ),
      );
      continue;
    }
    // One section that stands too early makes all before it late: the first is enough to act on.
    if (index < furthest && !found.some((diagnostic) => diagnostic.code === 'SOP210')) {
      found.push(diagnose('SOP210', span, { section: name, before: names[furthest] ?? '' }));
    }
    furthest = Math.max(furthest, index);
    sections[name] = section;
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
    else
      found.push(
        diagnose(
          'SOP209',
          heading.span,
          { section: heading.value },
          { related: [{ span: earlier, label: 'the first one' }] },
        ),
      );
  }
}

/** A table or SQL right below `## Signals` makes a group of it; its remarks are the group's. */
function hasGroup(section: Section | undefined): boolean {
  return section?.blocks.some((block) => block.kind === 'table' || block.kind === 'fence') === true;
}

function referencesOf(section: Section | undefined): string[] {
  return (section?.blocks ?? []).flatMap((block) =>
    block.kind === 'list' ? block.items.map((item) => item.value.replace(/\s*\n\s*/g, ' ')) : [],
  );
}
