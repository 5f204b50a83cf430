import Big from 'big.js';
import type { ModdleElement } from 'dmn-moddle';
import { type Column, isOrdered, type LogicRule, type LogicTable, type OutputColumn } from '../decision/logic.ts';
import type { HitPolicy } from '../model/sop.ts';
import type { Literal } from '../model/value.ts';
import type { TableRemarks } from './export-source.ts';
import { feelOfLiteral, feelOfTest } from './feel-of-test.ts';
import type { FeelScope } from './feel-scope.ts';

/** Makes nodes of the XML tree. */
export type Make = (type: string, properties: Readonly<Record<string, unknown>>) => ModdleElement;

const policies: Readonly<Record<HitPolicy, { readonly hitPolicy: string; readonly aggregation?: string }>> = {
  U: { hitPolicy: 'UNIQUE' },
  F: { hitPolicy: 'FIRST' },
  A: { hitPolicy: 'ANY' },
  P: { hitPolicy: 'PRIORITY' },
  R: { hitPolicy: 'RULE ORDER' },
  O: { hitPolicy: 'OUTPUT ORDER' },
  C: { hitPolicy: 'COLLECT' },
  'C+': { hitPolicy: 'COLLECT', aggregation: 'SUM' },
  'C<': { hitPolicy: 'COLLECT', aggregation: 'MIN' },
  'C>': { hitPolicy: 'COLLECT', aggregation: 'MAX' },
  'C#': { hitPolicy: 'COLLECT', aggregation: 'COUNT' },
};

/** A table as DMN has it. */
export function exportTable(
  table: LogicTable,
  remarks: TableRemarks | undefined,
  scope: FeelScope,
  make: Make,
): ModdleElement {
  const name = scope.table(table);
  const values = table.inputs.map((column) => valuesOf(column, table, scope));
  return make('dmn:DecisionTable', {
    id: scope.id('logic', name),
    ...policies[table.hitPolicy],
    input: table.inputs.map((column) =>
      make('dmn:InputClause', {
        id: scope.id('column', name, column.name),
        label: column.name,
        inputExpression: make('dmn:LiteralExpression', {
          id: scope.id('reads', name, column.name),
          typeRef: feelType(column),
          text: scope.expression(column.name, table),
        }),
      }),
    ),
    output: table.outputs.map((output, place) => exportOutput(output, place, table, scope, make)),
    annotation: (remarks?.headings ?? []).map((heading) => make('dmn:RuleAnnotationClause', { name: heading })),
    rule: table.rules.map((rule) => {
      const id = scope.id('rule', name, rule.id);
      return make('dmn:DecisionRule', {
        id,
        label: rule.id,
        inputEntry: rule.tests.map((test, place) =>
          make('dmn:UnaryTests', {
            id: scope.id(id, 'in', String(place + 1)),
            text: feelOfTest(test, table.inputs[place] ?? noColumn, values[place] ?? null),
          }),
        ),
        outputEntry: table.outputs.map((_, place) =>
          make('dmn:LiteralExpression', {
            id: scope.id(id, 'out', String(place + 1)),
            text: feelOfLiteral(outputOf(rule, place, table)),
          }),
        ),
        annotationEntry: (remarks?.headings ?? []).map((_, place) =>
          make('dmn:RuleAnnotation', { text: remarks?.texts.get(rule.id)?.[place] ?? '' }),
        ),
      });
    }),
  });
}

const noColumn: Column = { name: '', type: 'text', step: null, range: { kind: 'any' }, rangeText: '', missing: null };

function exportOutput(
  output: OutputColumn,
  place: number,
  table: LogicTable,
  scope: FeelScope,
  make: Make,
): ModdleElement {
  const ordered = (table.hitPolicy === 'P' || table.hitPolicy === 'O') && output.order !== null;
  const id = scope.id('output', scope.table(table), output.name);
  const otherwise = defaultOf(table, place);
  return make('dmn:OutputClause', {
    id,
    name: output.name,
    typeRef: feelTypeOf(output, table),
    ...(ordered && {
      outputValues: make('dmn:UnaryTests', {
        id: scope.id(id, 'values'),
        text: (output.order ?? []).map((value) => (output.type === 'text' ? feelOfLiteral(value) : value)).join(', '),
      }),
    }),
    ...(otherwise !== undefined && {
      defaultOutputEntry: make('dmn:LiteralExpression', {
        id: scope.id(id, 'default'),
        text: feelOfLiteral(otherwise),
      }),
    }),
  });
}

/** `else`; and for a sum or a count of nothing 0, which DMN would leave null. */
function defaultOf(table: LogicTable, place: number): Literal | undefined {
  if (table.otherwise !== null) return table.otherwise.outputs[place] ?? null;
  return table.hitPolicy === 'C+' || table.hitPolicy === 'C#' ? new Big(0) : undefined;
}

/** A null does not count in a sum: 0 says the same where engines differ. */
function outputOf(rule: LogicRule, place: number, table: LogicTable): Literal {
  const value = rule.outputs[place] ?? null;
  return value === null && table.hitPolicy === 'C+' ? new Big(0) : value;
}

/** All values that a column of words can have. */
function valuesOf(column: Column, table: LogicTable, scope: FeelScope): readonly Literal[] | null {
  if (column.type === 'boolean') return [true, false];
  if (isOrdered(column)) return null;
  if (column.type === 'text') return scope.valuesOf(column.name, table);
  if (column.range.kind === 'any') return null;
  const words = column.range.atoms.flatMap((atom) => (atom.kind === 'equal' ? [atom.value] : []));
  return words.length > 0 ? words : null;
}

export function feelType(column: Column): 'number' | 'boolean' | 'string' | 'dateTime' | 'dayTimeDuration' {
  if (column.type === 'date and time') return 'dateTime';
  if (column.type === 'duration') return 'dayTimeDuration';
  return isOrdered(column) ? 'number' : column.type === 'boolean' ? 'boolean' : 'string';
}

export function feelTypeOf(output: OutputColumn, { hitPolicy }: LogicTable): 'number' | 'boolean' | 'string' {
  if (hitPolicy === 'C#' || output.type === 'number') return 'number';
  return output.type === 'boolean' ? 'boolean' : 'string';
}
