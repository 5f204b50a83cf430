import type { CheckedSop } from '../../check/checked.ts';
import { signalsOf } from '../../decision/compare/joint-axes.ts';
import type { LogicTable } from '../../decision/logic.ts';
import type { DecisionTable } from '../../model/sop.ts';
import { passed, rulesReached } from '../../replay/rules-reached.ts';
import type { CaseResult } from '../../replay/run-case.ts';
import type { Obligation } from '../obligation.ts';

/**
 * What a case that passes has at least seen: each rule decides, each answer is given to somebody whom a case names, and each signal that
 * a subject may lack is lacking. That proves less than a variant which is noticed.
 */
export function seen(checked: CheckedSop, results: readonly CaseResult[]): Obligation[] {
  const own = passed(checked.sop.id.value, results);
  return [...rules(checked, results), ...answers(checked, own), ...nulls(checked, own)];
}

function rules({ sop, logic }: CheckedSop, results: readonly CaseResult[]): Obligation[] {
  return rulesReached(sop.id.value, logic, results).map(({ table, rule, by }): Obligation => {
    const written = sop.tables.find(({ name }) => name.value === table)?.rules.find(({ id }) => id.value === rule);
    return {
      id: `rule/${table}/${rule}`,
      kind: 'rule',
      table,
      rule,
      column: null,
      span: written?.id.span ?? sop.id.span,
      replacement: null,
      says: `${rule} decides somebody`,
      ...known(by),
    };
  });
}

/** The words that rules of the last table give, each where the first rule gives it. */
function answers({ sop, logic }: CheckedSop, own: readonly CaseResult[]): Obligation[] {
  const [table, last] = [sop.tables.at(-1), logic.tables.at(-1)];
  if (table === undefined || last === undefined) return [];
  return (['disposition', 'severity'] as const).flatMap((name) =>
    [...wordsOf(name, table, last)].map(([word, span]): Obligation => {
      const by = own.filter(({ entry }) => entry.expect.some((expected) => expected[name]?.value === word));
      return {
        id: `output/${table.name.value}/${name}/${word}`,
        kind: 'output',
        table: table.name.value,
        rule: null,
        column: name,
        span,
        replacement: null,
        says: `somebody is expected to get the ${name} ${word}`,
        ...known(by.map(({ entry }) => entry.name.value)),
      };
    }),
  );
}

function wordsOf(name: string, table: DecisionTable, last: LogicTable) {
  const column = last.outputs.findIndex((output) => output.name === name);
  const written = [...table.rules, ...(table.otherwise === null ? [] : [table.otherwise])];
  const logic = [...last.rules, ...(last.otherwise === null ? [] : [last.otherwise])];
  const words = logic.flatMap(({ outputs }, place) => {
    const [word, output] = [outputs[column], written[place]?.outputs[column]];
    return typeof word === 'string' && output !== undefined ? [[word, output.span] as const] : [];
  });
  return new Map([...words].reverse());
}

function nulls({ sop, logic }: CheckedSop, own: readonly CaseResult[]): Obligation[] {
  const may = [...signalsOf(logic).values()].filter(({ missing }) => missing === null);
  const signals = sop.groups.flatMap((group) => group.signals);
  return may.map(({ name }): Obligation => {
    const by = own.filter(({ decided }) => decided.some(({ values }) => (values.get(name) ?? null) === null));
    return {
      id: `null/${name}`,
      kind: 'null',
      table: null,
      rule: null,
      column: name,
      span: signals.find((signal) => signal.name.value === name)?.name.span ?? sop.id.span,
      replacement: null,
      says: `a subject has no \`${name}\``,
      ...known(by.map(({ entry }) => entry.name.value)),
    };
  });
}

function known(by: readonly string[]): Pick<Obligation, 'state' | 'by' | 'witness' | 'needs'> {
  return { state: by.length > 0 ? 'proven' : 'open', by, witness: null, needs: null };
}
