import Big from 'big.js';

import type { CheckedSop } from '../../check/checked.ts';
import { parameterColumn, parameterValue } from '../../check/resolve-columns.ts';
import type { LogicTable } from '../../decision/logic.ts';
import type { Desk } from '../../model/library.ts';
import type { DecisionTable, Rule } from '../../model/sop.ts';
import type { Literal } from '../../model/value.ts';
import { movableBounds, showBound } from '../../replay/movable-bounds.ts';

import { moved, slips } from './bounds.ts';
import { type Variant, withRule, withTable, withTest } from './variant.ts';

/** A rule that is gone, that changes places with the next, or that answers something else. */
export function ruleMutants({ sop, logic }: CheckedSop, desk: Desk): Variant[] {
  return sop.tables.flatMap((table, at) => {
    const own = logic.tables[at];
    if (own === undefined) return [];
    const rules = [
      ...table.rules.map((rule, place) => ({ rule, place })),
      ...(table.otherwise === null ? [] : [{ rule: table.otherwise, place: -1 }]),
    ];
    return rules.flatMap(({ rule, place }) => [
      deleted(table, rule, at, place),
      ...swapped(table, rule, at, place),
      ...answers({ table, own, rule, at, place, isLast: at === sop.tables.length - 1 }, desk),
    ]);
  });
}

function placed(table: DecisionTable, rule: Rule) {
  const at = { table: table.name.value, rule: rule.id.value, column: null, span: rule.span };
  return { kind: 'mutant', ...at, replacement: null, segments: null, cell: null, bound: null } as const;
}

function deleted(table: DecisionTable, rule: Rule, at: number, place: number): Variant {
  return {
    ...placed(table, rule),
    id: `mutant/${table.name.value}/${rule.id.value}/deleted`,
    replacement: '',
    says: `${rule.id.value} were gone`,
    of: (logic) =>
      withTable(logic, at, (own) =>
        place < 0 ? { ...own, otherwise: null } : { ...own, rules: own.rules.filter((_, index) => index !== place) },
      ),
  };
}

/** Only where their order says anything. */
function swapped(table: DecisionTable, rule: Rule, at: number, place: number): Variant[] {
  const next = table.rules[place + 1];
  if (place < 0 || next === undefined || (table.hitPolicy !== 'F' && table.hitPolicy !== 'R')) return [];
  return [
    {
      ...placed(table, rule),
      id: `mutant/${table.name.value}/${rule.id.value}/swapped with ${next.id.value}`,
      says: `${rule.id.value} and ${next.id.value} changed places`,
      of: (logic) =>
        withTable(logic, at, (own) => {
          const rules = [...own.rules];
          const [one, other] = rules.splice(place, 2);
          if (one === undefined || other === undefined) throw new Error('a rule without its neighbour');
          rules.splice(place, 0, other, one);
          return { ...own, rules };
        }),
    },
  ];
}

interface Answering {
  readonly table: DecisionTable;
  readonly own: LogicTable;
  readonly rule: Rule;
  readonly at: number;
  readonly place: number;
  readonly isLast: boolean;
}

/** Of the last table disposition and severity count; whatever else it says is not asserted by cases. */
function answers({ table, own, rule, at, place, isLast }: Answering, desk: Desk): Variant[] {
  const logicRule = place < 0 ? own.otherwise : own.rules[place];
  return own.outputs.flatMap(({ name, order }, column) => {
    const output = rule.outputs[column];
    const value = logicRule?.outputs[column] ?? null;
    if (output === undefined || value === null) return [];
    const words =
      name === 'disposition'
        ? desk.dispositions
        : name === 'severity'
          ? desk.severities
          : (order ?? usedWords(own, column));
    if (isLast && name !== 'disposition' && name !== 'severity') return [];
    return otherAnswers(value, words).map((other): Variant => {
      const text = typeof other === 'object' && other !== null ? other.toFixed() : String(other);
      return {
        ...placed(table, rule),
        id: `mutant/${table.name.value}/${rule.id.value}/→ ${name}/${output.value}>${text}`,
        column: name,
        span: output.span,
        // Without its quotes a text could be the name of a parameter.
        replacement: typeof other === 'string' && output.value.startsWith('"') ? `"${text}"` : text,
        says: `${rule.id.value} said ${text} instead of ${output.value}`,
        of: (logic) =>
          withRule(logic, { table: at, rule: place }, (one) => ({
            ...one,
            outputs: one.outputs.map((own, index) => (index === column ? other : own)),
          })),
      };
    });
  });
}

function usedWords({ rules, otherwise }: LogicTable, column: number): string[] {
  const values = [...rules, ...(otherwise === null ? [] : [otherwise])].map(({ outputs }) => outputs[column]);
  return [...new Set(values.filter((value) => typeof value === 'string'))];
}

/** The next to each side: a number by one, a word by one place in its order. */
function otherAnswers(value: Exclude<Literal, null>, words: readonly string[]): Literal[] {
  if (typeof value === 'boolean') return [!value];
  if (value instanceof Big) return [value.minus(1), value.plus(1)];
  const at = words.indexOf(value);
  return at < 0 ? [] : [words[at - 1], words[at + 1]].filter((word) => word !== undefined);
}

/** Parameters that cells read, moved wherever they stand. What SQL reads is moved with the SQL. */
export function movedParameters({ sop, logic }: CheckedSop): Variant[] {
  return movableBounds(sop, logic).bounds.flatMap(({ what, now, places, segments }): Variant[] => {
    if (what.kind !== 'parameter' || places.length === 0) return [];
    const parameter = sop.parameters.find(({ name }) => name.value === what.name);
    const own = parameter?.bySegment.find(({ segment }) => segment === what.segment)?.value ?? parameter?.value;
    if (parameter === undefined || own === undefined || !(parameterValue(parameter) instanceof Big)) return [];
    const where = what.segment === null ? '' : ` of ${what.segment}`;
    const column = parameterColumn(parameter);
    return slips({ value: now, column }).map((value): Variant => {
      const replacement = showBound(value, column);
      return {
        id: `mutant/parameter/${what.name}${where}/${own.value}>${replacement}`,
        kind: 'mutant',
        table: '',
        rule: null,
        column: what.name,
        span: own.span,
        replacement,
        says: `the parameter \`${what.name}\`${where} became ${replacement} instead of ${own.value}`,
        segments,
        cell: null,
        bound: null,
        of: (one) =>
          places.reduce((changed, place) => withTest(changed, place, (test) => moved(test, place, value)), one),
      };
    });
  });
}
