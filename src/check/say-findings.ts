import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import { quote } from '../diagnostics/words.ts';
import type { DecisionTable, Sop } from '../model/sop.ts';
import type { Span } from '../text/source.ts';
import type { Proof, ToldFinding, ToldRegion } from './prove-tables.ts';

/** What the analysis of the tables found, each at its place. */
export function sayFindings({ findings, omitted, open }: Proof, sop: Sop): Diagnostic[] {
  return [
    ...findings.flatMap((finding) => {
      const table = sop.tables.find(({ name }) => name.value === finding.table);
      return table === undefined ? [] : sayFinding(finding, findings, table, table === sop.tables.at(-1));
    }),
    ...sop.tables.flatMap((table) => sayOpen(open, omitted, table)),
  ];
}

function sayFinding(
  finding: ToldFinding,
  findings: readonly ToldFinding[],
  table: DecisionTable,
  isFinal: boolean,
): Diagnostic[] {
  switch (finding.kind) {
    case 'gap':
      return [diagnose('SOP501', table.headerSpan, { table: finding.table, isFinal, ...words(finding.told) })];
    case 'overlap': {
      const { rules } = finding;
      const args = { rules, policy: table.hitPolicy, ...words(finding.told) };
      return [diagnose('SOP511', ruleSpan(rules[0], table), args, { related: others(rules, table) })];
    }
    case 'masked': {
      const { rule, by } = finding;
      return [
        diagnose(
          'SOP512',
          ruleSpan(rule, table),
          { rule, by, policy: table.hitPolicy },
          { related: others([rule, ...by], table) },
        ),
      ];
    }
    case 'redundant':
      return [diagnose('SOP513', ruleSpan(finding.rule, table), { rule: finding.rule })];
    case 'mergeable': {
      const { rules, column, cell } = finding;
      return [
        diagnose('SOP514', ruleSpan(rules[0], table), { rules, column, cell }, { related: others(rules, table) }),
      ];
    }
    case 'idle_column':
      return [diagnose('SOP515', inputSpan(finding.column, table), { column: finding.column, table: finding.table })];
    case 'unused_output': {
      const alike = findings.filter((other) => isSaidWith(finding, other));
      if (alike[0] !== finding) return [];
      const answers = alike.map(({ output, value }) => `${output} "${quote(value, 30)}"`);
      return [diagnose('SOP516', ruleSpan(finding.rules[0], table), { answers, rules: finding.rules })];
    }
    case 'null_milder': {
      const { column, disposition, known } = finding;
      return [diagnose('SOP517', inputSpan(column, table), { column, disposition, known, ...words(finding.told) })];
    }
  }
}

type Unused = Extract<ToldFinding, { kind: 'unused_output' }>;

/** What the same rules say in vain is one message: mostly a disposition and its severity. */
function isSaidWith(finding: Unused, other: ToldFinding): other is Unused {
  return (
    other.kind === 'unused_output' && other.table === finding.table && other.rules.join(' ') === finding.rules.join(' ')
  );
}

function words(told: ToldRegion | null): ToldRegion {
  return told ?? { region: 'everything', witness: 'any subject' };
}

/** What the budget left open, and what is not listed because there is so much of it, once a table. */
function sayOpen(open: Proof['open'], omitted: Proof['omitted'], table: DecisionTable): Diagnostic[] {
  const isOwn = (entry: { readonly table: string }) => entry.table === table.name.value;
  const more = omitted.filter(isOwn).map(({ kind, count }) => `${count} more ${findingWords[kind]} are not listed`);
  const questions = [...new Set(open.filter(isOwn).map(({ question }) => questionWords[question])), ...more];
  if (questions.length === 0) return [];
  return [diagnose('SOP518', table.headerSpan, { table: table.name.value, questions })];
}

const findingWords: Record<Proof['omitted'][number]['kind'], string> = {
  gap: 'gaps',
  overlap: 'sets of rules that match at once',
  masked: 'rules that are never reached',
  redundant: 'rules that change nothing',
  mergeable: 'pairs of rules that are one',
  idle_column: 'columns that never matter',
  unused_output: 'answers that nobody can get',
  null: 'inputs that may be missing',
  null_milder: 'regions where missing data is milder',
};

const questionWords: Record<Proof['open'][number]['question'], string> = {
  reach: 'whether every subject is decided and every rule is reached',
  overlap: 'whether two rules match at once',
  redundant: 'whether every rule changes something',
  mergeable: 'which rules could be one',
  idle_column: 'whether every column matters',
  null: 'what happens to subjects whose data is missing',
  null_milder: 'whether missing data is a way out',
};

function inputSpan(column: string, table: DecisionTable): Span {
  return table.inputs.find((input) => input.value === column)?.span ?? table.headerSpan;
}

function ruleSpan(rule: string | undefined, table: DecisionTable): Span {
  const rows = table.otherwise === null ? table.rules : [...table.rules, table.otherwise];
  return rows.find(({ id }) => id.value === rule)?.id.span ?? table.headerSpan;
}

function others(rules: readonly string[], table: DecisionTable) {
  return rules.slice(1, 4).map((rule) => ({ span: ruleSpan(rule, table), label: `and ${rule}` }));
}
