import type { Finding, OpenQuestion } from '../decision/analysis/finding.ts';
import type { Column, Logic } from '../decision/logic.ts';
import { showScalar } from '../decision/normalise.ts';
import type { Region } from '../decision/region/region.ts';
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import type { DecisionTable, Sop } from '../model/sop.ts';
import type { Span } from '../text/source.ts';

/** A finding of the analysis, said at its place. `null` findings are for reports: an undecided null is in a gap already. */
export function sayFinding(finding: Finding, sop: Sop, logic: Logic): Diagnostic[] {
  const table = sop.tables.find(({ name }) => name.value === finding.table);
  if (table === undefined) return [];
  const { headerSpan } = table;
  switch (finding.kind) {
    case 'gap': {
      const isFinal = table === sop.tables.at(-1);
      return [diagnose('SOP501', headerSpan, { table: finding.table, isFinal, ...told(finding.region, logic) })];
    }
    case 'overlap': {
      const { rules, region } = finding;
      const args = { rules, policy: table.hitPolicy, ...told(region, logic) };
      return [diagnose('SOP511', ruleSpan(rules[0], table), args, { related: others(rules, table) })];
    }
    case 'masked': {
      const { rule, by } = finding;
      return [diagnose('SOP512', ruleSpan(rule, table), { rule, by }, { related: others([rule, ...by], table) })];
    }
    case 'redundant':
      return [diagnose('SOP513', ruleSpan(finding.rule, table), { rule: finding.rule })];
    case 'mergeable': {
      const { rules, column, cell } = finding;
      return [diagnose('SOP514', ruleSpan(rules[0], table), { rules, column, cell }, { related: others(rules, table) })];
    }
    case 'idle_column': {
      const { column } = finding;
      const span = table.inputs.find((input) => input.value === column)?.span ?? headerSpan;
      return [diagnose('SOP515', span, { column, table: finding.table })];
    }
    case 'unused_output': {
      const { output, value, rules } = finding;
      return [diagnose('SOP516', ruleSpan(rules[0], table), { output, value, rules })];
    }
    case 'null_milder': {
      const { column, disposition, known, region } = finding;
      const span = table.inputs.find((input) => input.value === column)?.span ?? headerSpan;
      return [diagnose('SOP517', span, { column, disposition, known, ...told(region, logic) })];
    }
    case 'null':
      return [];
  }
}

/** What the budget left open, once a table. */
export function sayOpen(open: readonly OpenQuestion[], sop: Sop): Diagnostic[] {
  return sop.tables.flatMap((table) => {
    const own = open.filter((entry) => entry.table === table.name.value);
    if (own.length === 0) return [];
    const questions = [...new Set(own.map(({ question }) => questionWords[question]))];
    return [diagnose('SOP518', table.headerSpan, { table: table.name.value, questions })];
  });
}

const questionWords: Record<OpenQuestion['question'], string> = {
  reach: 'whether every subject is decided and every rule is reached',
  overlap: 'whether two rules match at once',
  redundant: 'whether every rule changes something',
  mergeable: 'which rules could be one',
  idle_column: 'whether every column matters',
  null: 'what happens to subjects whose data is missing',
  null_milder: 'whether missing data is a way out',
};

/** A region and its witness in words. */
function told({ cells, witness }: Region, { inputs }: Logic) {
  const bounds = cells.map(({ column, text }) => `${column} ${text}`);
  const values = inputs.map((column) => `${column.name} ${shownValue(column, witness)}`);
  return { region: bounds.length === 0 ? 'everything' : bounds.join(', '), witness: values.join(', ') };
}

function shownValue(column: Column, witness: Region['witness']): string {
  return showScalar(witness.get(column.name) ?? null, column);
}

function ruleSpan(rule: string | undefined, table: DecisionTable): Span {
  const found = [...table.rules, ...(table.otherwise === null ? [] : [table.otherwise])];
  return found.find(({ id }) => id.value === rule)?.id.span ?? table.headerSpan;
}

function others(rules: readonly string[], table: DecisionTable) {
  return rules.slice(1, 4).map((rule) => ({ span: ruleSpan(rule, table), label: `and ${rule}` }));
}
