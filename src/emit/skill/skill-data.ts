import type { Desk } from '../../model/library.ts';
import { segmentName } from '../../model/segments.ts';
import type { DecisionTable, Rule, SignalGroup, Sop } from '../../model/sop.ts';
import type { Located, Span } from '../../text/source.ts';
import { cellSentence, policyWords } from './rule-words.ts';
import type { SkillReads } from './skill-reads.ts';
import type { Tracer } from './traced.ts';
import { cell, oneLine, unix } from './words.ts';

/** What the templates of a skill are filled with: texts of the SOP, each marked with its place. */
export function skillData(sop: Sop, { views, lists }: SkillReads, desk: Desk, tracer: Tracer) {
  const whole = { path: sop.path, start: 0, end: 0 };
  const say = (located: Located<string>, as = oneLine) => tracer.mark(as(located.value), located.span);
  const near = (text: string, span: Span, as = oneLine) => tracer.mark(as(text), span);
  const remarks = Object.entries(sop.remarks).map(([section, text]) => [section, near(text, whole, unix)] as const);
  const steps = sop.steps.map(({ number, name, actor, text, span }) => ({
    number,
    name: near(name, span),
    human: actor === 'human',
    text: near(text, span, unix),
  }));
  return {
    id: say(sop.id),
    description: say(sop.summary),
    version: say(sop.version),
    status: say(sop.status),
    isApproved: sop.status.value === 'approved',
    owner: say(sop.owner),
    approvedBy: sop.approvedBy === null ? '' : say(sop.approvedBy),
    reviewBy: say(sop.reviewBy),
    title: say(sop.title),
    purpose: near(sop.purpose, whole, unix),
    remarks: Object.fromEntries(remarks),
    subject: sop.subject.columns.map(({ name, span }) => `\`${tracer.mark(name, span)}\``).join(', '),
    at: sop.at === null ? '' : say(sop.at),
    segmentBy: sop.segmentBy === null ? '' : tracer.mark(segmentName(sop.segmentBy), sop.segmentBy.table.span),
    segments: sop.segments.map((segment) => say(segment, cell)),
    members: sop.identity === null ? '' : say(sop.identity.members),
    parameters: parametersOf(sop, tracer),
    requires: sop.requires.map((row) => ({
      table: say(row.table),
      columns: row.columns.map((column) => `\`${say(column)}\``).join(', '),
      covers: row.covers === null ? '–' : tracer.mark(cell(row.covers.text), row.covers.span),
      team: row.team === null ? say(sop.owner) : say(row.team),
    })),
    groups: sop.groups.map((group) => groupData(group, tracer)),
    hasSql: sop.groups.some(({ sql }) => sql !== null),
    hasEvidence: sop.groups.some(({ evidence }) => evidence !== null),
    hasProvided: sop.groups.some(({ sql }) => sql === null),
    shared: views.length + lists.length > 0,
    views: views.map(({ view }) => ({
      name: say(view.name),
      path: view.path,
      title: near(view.title, view.name.span),
    })),
    lists: lists.map(({ list }) => ({ name: say(list.name), path: list.path })),
    tables: sop.tables.map((table) => tableData(table, sop, tracer)),
    dispositions: desk.dispositions.join(' < '),
    steps,
    gates: steps.filter(({ human }) => human),
    prohibitions: sop.steps.flatMap(({ number, text, span }) =>
      sentences(text)
        .filter((sentence) => /\bMUST NOT\b/.test(sentence))
        .map((sentence) => ({ number, text: near(sentence, span) })),
    ),
    benign: sop.benign.map(({ explanation, evidence, disposition }, at) => ({
      number: at + 1,
      explanation: near(explanation, disposition.span, cell),
      evidence: near(evidence, disposition.span, cell),
      disposition: say(disposition),
    })),
    escalation: sop.escalation.map(({ severity, team, within, report }) => ({
      severity: say(severity),
      team: say(team),
      within: near(within, severity.span, cell),
      report: report === null ? '–' : say(report),
    })),
    blindSpots: sop.blindSpots.map((row) => ({
      description: near(row.description, row.case.span),
      case: say(row.case),
    })),
    references: sop.references.map((text) => near(text, whole)),
  };
}

function parametersOf(sop: Sop, tracer: Tracer) {
  return sop.parameters.map((parameter) => {
    const { name, type, unit, meaning, value } = parameter;
    const valueIn = (segment: string) =>
      (parameter.bySegment.find((entry) => entry.segment === segment) ?? parameter).value;
    return {
      name: tracer.mark(name.value, name.span),
      type,
      value: tracer.mark(cell(value.value), value.span),
      own: sop.segments.map(({ value: segment }) => tracer.mark(cell(valueIn(segment).value), valueIn(segment).span)),
      unit: tracer.mark(cell(unit), name.span),
      meaning: tracer.mark(cell(meaning), name.span),
    };
  });
}

function groupData({ name, prose, signals, sql, members }: SignalGroup, tracer: Tracer) {
  return {
    name: tracer.mark(oneLine(name.value), name.span),
    prose: tracer.mark(unix(prose), name.span),
    isComputed: sql !== null,
    members: members !== null,
    signals: signals.map(({ name: own, type, unit, range, missing, meaning }) => ({
      name: tracer.mark(own.value, own.span),
      type,
      unit: tracer.mark(cell(unit), own.span) || '–',
      range: tracer.mark(cell(range.text), range.span) || '–',
      missing: missing.value === null ? 'null' : tracer.mark(cell(missing.value), missing.span),
      meaning: tracer.mark(cell(meaning), own.span),
    })),
  };
}

function tableData(table: DecisionTable, sop: Sop, tracer: Tracer) {
  const rules = [...table.rules, ...(table.otherwise === null ? [] : [table.otherwise])];
  return {
    name: tracer.mark(oneLine(table.name.value), table.name.span),
    several: sop.tables.length > 1,
    policy: policyWords[table.hitPolicy],
    markdown: markdownTable(table, rules, tracer),
    words: rules.map((rule) => ({
      id: tracer.mark(rule.id.value, rule.id.span),
      says: tracer.mark(ruleSentence(rule, table, sop), rule.span),
    })),
    remarks: tracer.mark(unix(table.remarks), table.span),
  };
}

/** ``when `ratio` is at least 0.5 and `type` is "mm": disposition is escalate, severity is high``. */
function ruleSentence(rule: Rule, table: DecisionTable, sop: Sop): string {
  const parameter = (name: string) => {
    if (sop.segments.length > 0) return undefined;
    return sop.parameters.find((one) => one.name.value === name)?.value.value;
  };
  const conditions = rule.cells.flatMap(({ test }, at) => {
    const words = cellSentence(test, parameter);
    return words === null ? [] : [`\`${table.inputs[at]?.value ?? ''}\` ${words}`];
  });
  const when =
    rule === table.otherwise
      ? 'when no other rule matches'
      : conditions.length === 0
        ? 'always'
        : `when ${conditions.join(', and ')}`;
  const outputs = rule.outputs.map(({ value }, at) => `${table.outputs[at]?.value ?? ''} is ${value}`);
  const why = rule.annotations.filter((text) => text.trim() !== '');
  return oneLine(`${when}: ${outputs.join(', ')}.${why.length === 0 ? '' : ` Because: ${why.join('; ')}`}`);
}

function markdownTable(table: DecisionTable, rules: readonly Rule[], tracer: Tracer): string {
  const header = [
    table.hitPolicy,
    ...table.inputs.map((input) => input.value),
    ...table.outputs.map((output) => `→ ${output.value}`),
    ...table.annotations.map((entry) => entry.value),
  ];
  const rows = rules.map((rule) => tracer.mark(row(ruleCells(rule)), rule.span));
  return [tracer.mark(row(header), table.headerSpan), row(header.map(() => '---')), ...rows].join('\n');
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

/** Of prose, cut behind each full stop, question mark or exclamation mark that a space follows. */
function sentences(text: string): string[] {
  return oneLine(text).split(/(?<=[.?!])\s+(?=\S)/);
}
