import { type Diagnostic, diagnose } from '../../diagnostics/diagnostic.ts';
import type { Cell, Row, Section, Table } from '../../syntax/markdown.ts';
import { parseUnaryTest } from '../../syntax/parse-unary-test.ts';
import { type Located, spanAt } from '../../text/source.ts';
import {
  type DecisionCell,
  type DecisionTable,
  type HitPolicy,
  hitPolicies,
  type OutputValues,
  type Rule,
} from '../sop.ts';
import { firstTable } from './columns.ts';
import { snakeCase } from './names.ts';
import { isTable, remarksOf } from './remarks.ts';

/** One table below `## Decision`, or one below each `###` of it. */
export function buildDecision(
  section: Section,
  isInput: (name: string) => boolean,
  found: Diagnostic[],
): DecisionTable[] {
  const own = section.blocks.some((block) => block.kind === 'table');
  const parts = own ? [section, ...section.subsections] : section.subsections;
  if (parts.length === 0) {
    found.push(
      diagnose('SOP211', section.heading.span, {
        section: 'Decision',
        columns: ['F', 'a signal', '→ disposition', '→ severity', 'Why'],
      }),
    );
  }
  const known = new Set<string>();
  const laterOutputs = new Set(
    parts
      .flatMap((part) => tableIn(part)?.header.map((cell) => outputName(cell.text)) ?? [])
      .filter((name) => name !== null),
  );
  return parts.flatMap((part) => {
    const isKnown = (name: string) => isInput(name) || known.has(name) || laterOutputs.has(name);
    const table = buildTable(part, part === section, isKnown, found);
    for (const output of table?.outputs ?? []) known.add(output.value);
    return table === undefined ? [] : [table];
  });
}

function tableIn(section: Section): Table | undefined {
  return section.blocks.find((block) => block.kind === 'table');
}

function buildTable(
  section: Section,
  isOnly: boolean,
  isInput: (name: string) => boolean,
  found: Diagnostic[],
): DecisionTable | undefined {
  const table = firstTable(section, (corner) => policyOf(corner) !== undefined, found);
  const name: Located<string> = isOnly ? { value: 'decision', span: section.heading.span } : section.heading;
  if (table === undefined) {
    found.push(
      diagnose('SOP211', section.heading.span, {
        section: name.value,
        columns: ['F', 'a signal', '→ disposition', '→ severity', 'Why'],
      }),
    );
    return undefined;
  }
  const [corner, ...headers] = table.header;
  const hitPolicy = policyOf(corner?.text ?? '');
  if (hitPolicy === undefined) {
    found.push(diagnose('SOP216', corner?.span ?? table.span, { found: corner?.text ?? '', policies: hitPolicies }));
  }
  const roles = headers.map((cell) => roleOf(cell, isInput));
  const rules = table.rows.map((row) => buildRule(row, roles, found));
  const elseAt = rules.findIndex((rule) => rule.id.value.toLowerCase() === 'else');
  for (const rule of elseAt < 0 ? [] : rules.slice(elseAt + 1))
    found.push(diagnose('SOP225', rule.id.span, { rule: rule.id.value }));
  reportRepeatedIds(rules, found);
  const outputs = located(headers, roles, 'output');
  if (outputs.length === 0) found.push(diagnose('SOP217', name.span, { table: name.value, what: 'no output column' }));
  if (rules.length === 0) found.push(diagnose('SOP217', name.span, { table: name.value, what: 'no rules' }));
  return {
    name,
    hitPolicy: hitPolicy ?? 'F',
    inputs: located(headers, roles, 'input'),
    outputs,
    annotations: located(headers, roles, 'annotation'),
    rules: rules.filter((_, index) => index !== elseAt),
    otherwise: rules[elseAt] ?? null,
    values: buildValues(section),
    remarks: isOnly ? '' : remarksOf(section, isTable),
    span: table.span,
    headerSpan: spanAt(
      table.span.path,
      corner?.span.start ?? table.span.start,
      headers.at(-1)?.span.end ?? table.span.end,
    ),
  };
}

function policyOf(corner: string): HitPolicy | undefined {
  return hitPolicies.find((policy) => policy === corner.replaceAll(' ', '').toUpperCase());
}

type Role = 'input' | 'output' | 'annotation';

/**
 * `→ name` is an output and a known name an input. A heading written as a name is an input too, known or not, unless it
 * starts with a capital letter: a misspelt signal must not turn into a remark that nobody evaluates.
 */
function roleOf(cell: Cell, isInput: (name: string) => boolean): Role {
  if (outputName(cell.text) !== null) return 'output';
  // `Self-match ratio` and `self-match-ratio` for `self_match_ratio` are slips too, and not remarks.
  return isInput(snakeCase(cell.text)) || /^[a-z][a-z0-9_-]*$/.test(cell.text) ? 'input' : 'annotation';
}

function outputName(text: string): string | null {
  return /^(?:→|->|=>)\s*`?([^`]+?)`?$/.exec(text)?.[1] ?? null;
}

function located(headers: readonly Cell[], roles: readonly Role[], role: Role): Located<string>[] {
  return headers.flatMap((cell, index) => {
    if (roles[index] !== role) return [];
    const name = role === 'output' ? (outputName(cell.text) ?? cell.text) : cell.text;
    const start = role === 'output' ? cell.span.end - name.length : cell.span.start;
    return [{ value: name, span: spanAt(cell.span.path, start, cell.span.end) }];
  });
}

function buildRule(row: Row, roles: readonly Role[], found: Diagnostic[]): Rule {
  const [id, ...cells] = row.cells;
  const isElse = id?.text.toLowerCase() === 'else';
  const of = (role: Role) => cells.filter((_, index) => roles[index] === role);
  return {
    id: { value: isElse ? 'else' : (id?.text ?? ''), span: id?.span ?? row.span },
    cells: of('input').map((cell) => buildCell(cell, found)),
    outputs: of('output').map((cell) => ({ value: cell.text, span: cell.span })),
    annotations: of('annotation').map((cell) => cell.text),
    span: row.span,
  };
}

function buildCell(cell: Cell, found: Diagnostic[]): DecisionCell {
  const parsed = parseUnaryTest(cell.text);
  if (parsed.ok) return { test: parsed.test, text: cell.text, span: cell.span };
  const { at, length, hint } = parsed.problem;
  const start = Math.min(cell.span.start + at, Math.max(cell.span.start, cell.span.end - 1));
  const span = spanAt(cell.span.path, start, Math.max(start + 1, Math.min(cell.span.end, start + length)));
  found.push(diagnose('SOP218', span, { cell: cell.text, hint }));
  return { test: null, text: cell.text, span: cell.span };
}

function reportRepeatedIds(rules: readonly Rule[], found: Diagnostic[]): void {
  const first = new Map<string, Rule>();
  for (const rule of rules) {
    const earlier = first.get(rule.id.value);
    if (earlier === undefined) first.set(rule.id.value, rule);
    else if (rule.id.value !== 'else') {
      found.push(
        diagnose(
          'SOP311',
          rule.id.span,
          { rule: rule.id.value },
          { related: [{ span: earlier.id.span, label: 'the first one' }] },
        ),
      );
    }
  }
}

/** A line `Values colour: "red", "green"` below the table gives the outputs' priority, highest first. */
function buildValues(section: Section): OutputValues[] {
  return section.blocks.flatMap((block) => {
    if (block.kind !== 'prose') return [];
    return [...block.source.matchAll(/^\s*Values\s+`?([a-z][a-z0-9_]*)`?\s*:\s*(.+)$/gm)].map((match) => ({
      output: match[1] ?? '',
      values: [...(match[2] ?? '').matchAll(/"([^"]*)"|([^\s,"]+)/g)].map((value) => value[1] ?? value[2] ?? ''),
      span: block.span,
    }));
  });
}
