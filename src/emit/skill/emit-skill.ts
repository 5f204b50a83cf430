import { createHash } from 'node:crypto';
import Handlebars from 'handlebars';
import type { DeskList } from '../../model/desk-list.ts';
import { segmentName } from '../../model/segments.ts';
import type { DecisionTable, HitPolicy, Rule, Sop } from '../../model/sop.ts';
import type { View } from '../../model/view.ts';
import type { SourceFile } from '../../text/source.ts';
import template from './skill.hbs';

/** A compiled file, relative to the project. */
export interface EmittedFile {
  readonly path: string;
  readonly text: string;
}

const handlebars = Handlebars.create();
/** A JSON string is a YAML double-quoted scalar: nothing in it can end the line or the block. */
handlebars.registerHelper('yaml', (value: unknown) => JSON.stringify(String(value)));
let render: HandlebarsTemplateDelegate | undefined;

/** What the SQL of a SOP reads that is no market table. */
export interface SkillSources {
  readonly views: readonly { readonly view: View; readonly source: SourceFile }[];
  readonly lists: readonly DeskList[];
}

/** Compiles a SOP to an Agent Skill: the same SOP and views give the same bytes, on any day. */
export function emitSkill(sop: Sop, source: SourceFile, reads: SkillSources): EmittedFile {
  render ??= handlebars.compile(template, { noEscape: true, strict: true, preventIndent: true });
  const text = render(skillData(sop, source, reads));
  return { path: `skills/${sop.id.value}/SKILL.md`, text: `${text.replace(/\n{3,}/g, '\n\n').trimEnd()}\n` };
}

function skillData(sop: Sop, source: SourceFile, { views, lists }: SkillSources) {
  return {
    id: sop.id.value,
    description: oneLine(sop.summary.value),
    version: sop.version.value,
    status: sop.status.value,
    isApproved: sop.status.value === 'approved',
    owner: sop.owner.value,
    approvedBy: sop.approvedBy?.value ?? '',
    reviewBy: sop.reviewBy.value,
    digest: digest(source),
    title: oneLine(sop.title.value),
    purpose: unix(sop.purpose),
    remarks: Object.fromEntries(Object.entries(sop.remarks).map(([section, text]) => [section, unix(text)])),
    subject: sop.subject.columns.map((column) => `\`${column.name}\``).join(', '),
    at: sop.at?.value ?? '',
    segmentBy: sop.segmentBy === null ? '' : segmentName(sop.segmentBy),
    segments: sop.segments.map((segment) => cell(segment.value)),
    members: sop.identity?.members.value ?? '',
    parameters: sop.parameters.map((parameter) => ({
      name: parameter.name.value,
      type: parameter.type,
      value: cell(parameter.value.value),
      own: sop.segments.map(({ value: segment }) =>
        cell((parameter.bySegment.find((entry) => entry.segment === segment) ?? parameter).value.value),
      ),
      unit: cell(parameter.unit),
      meaning: cell(parameter.meaning),
    })),
    groups: sop.groups.map((group) => ({
      name: oneLine(group.name.value),
      prose: unix(group.prose),
      signals: group.signals.map((signal) => ({
        name: signal.name.value,
        type: signal.type,
        unit: cell(signal.unit) || '–',
        range: cell(signal.range.text) || '–',
        missing: cell(signal.missing.value ?? 'null'),
        meaning: cell(signal.meaning),
      })),
      sql: group.sql === null ? '' : unix(group.sql.text).trimEnd(),
      fence: fenceFor(group.sql?.text ?? ''),
      members: group.members === null ? '' : unix(group.members.text).trimEnd(),
      membersFence: fenceFor(group.members?.text ?? ''),
    })),
    shared: views.length + lists.length > 0,
    views: views.map(({ view, source: file }) => ({
      name: view.name.value,
      path: view.path,
      title: oneLine(view.title),
      digest: digest(file),
    })),
    lists: lists.map((list) => ({ name: list.name.value, path: list.path })),
    tables: sop.tables.map((table) => ({
      name: oneLine(table.name.value),
      several: sop.tables.length > 1,
      policy: policyWords[table.hitPolicy],
      markdown: markdownTable(table),
      remarks: unix(table.remarks),
    })),
    steps: sop.steps.map((step) => ({
      number: step.number,
      name: step.name,
      human: step.actor === 'human',
      text: step.text,
    })),
    benign: sop.benign.map((row) => ({
      explanation: cell(row.explanation),
      evidence: cell(row.evidence),
      disposition: row.disposition.value,
    })),
    escalation: sop.escalation.map((row) => ({
      severity: row.severity.value,
      team: row.team.value,
      within: cell(row.within),
      report: row.report?.value ?? '–',
    })),
    blindSpots: sop.blindSpots.map((row) => ({ description: oneLine(row.description), case: row.case.value })),
    references: sop.references,
  };
}

function digest({ text }: SourceFile): string {
  return createHash('sha256').update(unix(text)).digest('hex');
}

const policyWords: Record<HitPolicy, string> = {
  U: 'Exactly one rule may match (hit policy U). Two at once are an error of the table: report it.',
  F: 'The first rule that matches decides, from top to bottom (hit policy F).',
  A: 'Any rule that matches decides; all that match must agree (hit policy A).',
  P: 'Of the rules that match, the one with the gravest outcome decides (hit policy P).',
  R: 'Every rule that matches counts, in the order of the table (hit policy R).',
  O: 'Every rule that matches counts, the gravest first (hit policy O).',
  C: 'Every rule that matches counts (hit policy C).',
  'C+': 'Add up the outputs of all rules that match (hit policy C+); none gives 0.',
  'C<': 'Take the least output of all rules that match (hit policy C<).',
  'C>': 'Take the greatest output of all rules that match (hit policy C>).',
  'C#': 'Count the rules that match (hit policy C#).',
};

function markdownTable(table: DecisionTable): string {
  const header = [
    table.hitPolicy,
    ...table.inputs.map((input) => input.value),
    ...table.outputs.map((output) => `→ ${output.value}`),
    ...table.annotations.map((entry) => entry.value),
  ];
  const rules = [...table.rules, ...(table.otherwise === null ? [] : [table.otherwise])];
  return [row(header), row(header.map(() => '---')), ...rules.map((rule) => row(ruleCells(rule)))].join('\n');
}

function ruleCells(rule: Rule): string[] {
  return [
    rule.id.value,
    ...rule.cells.map((entry) => entry.text),
    ...rule.outputs.map((output) => output.value),
    ...rule.annotations,
  ];
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(cell).join(' | ')} |`;
}

function cell(text: string): string {
  return oneLine(text).replaceAll('|', '\\|');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function unix(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** A fence longer than any run of backquotes inside, so that nothing in the SQL can close it. */
function fenceFor(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  return '`'.repeat(longest + 1);
}
