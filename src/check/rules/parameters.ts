import { compileTest } from '../../decision/compile-test.ts';
import type { Column } from '../../decision/logic.ts';
import { normalise } from '../../decision/normalise.ts';
import { type Diagnostic, diagnose } from '../../diagnostics/diagnostic.ts';
import type { Parameter, Sop } from '../../model/sop.ts';
import { nearest } from '../../text/nearest.ts';
import type { Rule } from '../checked.ts';
import { literalAs, parameterColumn, signalColumn } from '../resolve-columns.ts';
import { typeWords } from '../resolve-test.ts';

/** A parameter's value fits its own type and range; something uses the parameter. */
export const parameters: Rule = ({ sop }) => {
  const words = usedWords(sop);
  return sop.parameters.flatMap((parameter) => {
    const { name } = parameter;
    const values = [parameter.value, ...parameter.bySegment.map((entry) => entry.value)];
    const problems = values.map((value) => misfitOf({ ...parameter, value })).filter((problem) => problem !== null);
    if (problems.length > 0) return problems;
    return isUsed(name.value, words, sop) ? [] : [diagnose('SOP322', name.span, { name: name.value })];
  });
};

/** The value of a parameter does not fit its type or range; null where it does. */
export function misfitOf(parameter: Parameter): Diagnostic | null {
  const { name, value } = parameter;
  const problem = misfit(value.value, parameterColumn(parameter));
  return problem === null ? null : diagnose('SOP403', value.span, { name: name.value, value: value.value, problem });
}

/** What a subject without data gets must be something that the signal can be. */
export const missingValues: Rule = ({ sop }) =>
  sop.groups.flatMap((group) =>
    group.signals.flatMap((signal) => {
      const { name, missing } = signal;
      const problem = missing.value === null ? null : misfit(missing.value, signalColumn(signal));
      return problem === null
        ? []
        : [diagnose('SOP404', missing.span, { name: name.value, value: missing.value ?? '', problem })];
    }),
  );

/** Why a value can't be one of the column's; null where it can. */
function misfit(text: string, column: Column): string | null {
  const literal = column.type === 'text' ? text : literalAs(text, column.type);
  if (literal === undefined) return `is not ${typeWords(column)}`;
  const read = normalise(literal, column);
  if (!read.ok) return `is not ${read.expected}`;
  const isAllowed = compileTest(column.range, column)(read.value);
  return isAllowed ? null : `lies outside its range ${column.rangeText}`;
}

/** A name that is nearly this one, and nothing else's, counts as a use: the slip is reported where it stands. */
function isUsed(name: string, words: ReadonlySet<string>, sop: Sop): boolean {
  if (words.has(name)) return true;
  const named = [...sop.parameters, ...sop.groups.flatMap((group) => group.signals)];
  const others = new Set(named.map((each) => each.name.value));
  return [...words].some((word) => !others.has(word) && nearest(word, [name]).length > 0);
}

/** `$name` in SQL, `Covers` of Requires, headings of inputs, and words in cells that are no quoted text. */
function usedWords(sop: Sop): Set<string> {
  const sql = sop.groups.flatMap((group) => [group.sql, group.evidence, group.members]);
  const inSql = sql.flatMap((block) => [...(block?.text ?? '').matchAll(/\$(\w+)/g)].map((match) => match[1] ?? ''));
  const covers = sop.requires.flatMap((row) => (typeof row.covers?.amount === 'string' ? [row.covers.amount] : []));
  const rules = sop.tables.flatMap((table) => [...table.rules, ...(table.otherwise === null ? [] : [table.otherwise])]);
  const cells = rules.flatMap((rule) => [
    ...rule.cells.map((cell) => cell.text),
    ...rule.outputs.map((each) => each.value),
  ]);
  const inCells = cells.flatMap((text) => text.replace(/"[^"]*"/g, ' ').match(/[a-z]\w*/gi) ?? []);
  const inputs = sop.tables.flatMap((table) => table.inputs.map((input) => input.value));
  return new Set([...inSql, ...covers, ...inputs, ...inCells]);
}
