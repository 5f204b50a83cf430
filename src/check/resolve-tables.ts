import Big from 'big.js';
import {
  anything,
  type Column,
  type Logic,
  type LogicRule,
  type LogicTable,
  type OutputColumn,
} from '../decision/logic.ts';
import { type Diagnostic, diagnose, type Outcome } from '../diagnostics/diagnostic.ts';
import { literalOfOperand } from '../model/build/literals.ts';
import type { Desk } from '../model/library.ts';
import type { DecisionTable, Rule, Sop } from '../model/sop.ts';
import type { Literal } from '../model/value.ts';
import { parseUnaryTest } from '../syntax/parse-unary-test.ts';
import { nearest, onlyNearest } from '../text/nearest.ts';
import type { Located } from '../text/source.ts';
import { parameterColumn, parameterValue, signalColumn } from './resolve-columns.ts';
import { type Names, resolveCell } from './resolve-test.ts';

/** Turns the tables of a SOP into logic without names: every column has its type, every bound its value. */
export function resolveTables(sop: Sop, desk: Desk): Outcome<Logic> {
  const found: Diagnostic[] = [];
  const signals = sop.groups.flatMap((group) => group.signals).map(signalColumn);
  const parameters = sop.parameters.map(parameterColumn);
  const declared = new Map<string, Column>([...parameters, ...signals].map((column) => [column.name, column]));
  const names: Names = {
    parameters: new Map(
      sop.parameters.map((parameter) => [
        parameter.name.value,
        { value: parameterValue(parameter), type: parameter.type },
      ]),
    ),
    all: [...declared.keys()],
  };
  const scope: Scope = { sop, desk, columns: new Map(declared), names, lists: new Map(), found };
  const tables = sop.tables.map((table) => resolveTable(table, scope));
  // Where an earlier table gives an output of a signal's name, later tables read that column, not the signal.
  const read = new Set(tables.flatMap((table) => table.inputs));
  return [{ inputs: [...declared.values()].filter((column) => read.has(column)), tables }, found];
}

interface Scope {
  readonly sop: Sop;
  readonly desk: Desk;
  /** Signals, parameters and the outputs of the tables so far. */
  readonly columns: Map<string, Column>;
  readonly names: Names;
  /** Outputs that are lists, with the hit policy that makes them so. */
  readonly lists: Map<string, string>;
  readonly found: Diagnostic[];
}

function resolveTable(table: DecisionTable, scope: Scope): LogicTable {
  const inputs = table.inputs.map((input) => resolveInput(input, table, scope));
  const rules = table.rules.map((rule) => ({ rule, resolved: resolveRule(rule, inputs, scope) }));
  const otherwise =
    table.otherwise === null
      ? null
      : { id: 'else', tests: [], outputs: table.otherwise.outputs.map((output) => outputLiteral(output, scope)) };
  const everyRule = [...rules.map((entry) => entry.resolved), ...(otherwise === null ? [] : [otherwise])];
  const outputs = table.outputs.map((output, index) => resolveOutput(output, index, table, everyRule, scope));
  const isList = ['R', 'O', 'C'].includes(table.hitPolicy);
  for (const output of outputs) {
    if (isList) scope.lists.set(output.name, table.hitPolicy);
    const type = table.hitPolicy === 'C#' || output.type === 'number' ? 'decimal' : output.type;
    scope.columns.set(output.name, {
      name: output.name,
      type,
      step: null,
      range: anything,
      rangeText: '',
      missing: null,
    });
  }
  return {
    name: table.name.value,
    hitPolicy: table.hitPolicy,
    inputs,
    outputs,
    rules: rules.map((entry) => entry.resolved),
    otherwise,
  };
}

function resolveInput(input: Located<string>, table: DecisionTable, scope: Scope): Column {
  const policy = scope.lists.get(input.value);
  if (policy !== undefined) scope.found.push(diagnose('SOP508', input.span, { name: input.value, policy }));
  const column = scope.columns.get(input.value);
  if (column !== undefined) return column;
  const later = scope.sop.tables.find(
    (other) => other !== table && other.outputs.some((output) => output.value === input.value),
  );
  if (later !== undefined)
    scope.found.push(diagnose('SOP321', input.span, { name: input.value, table: later.name.value }));
  else if (table.outputs.length > 0 || !['disposition', 'severity'].includes(input.value)) {
    // Where no heading has an arrow, that has been said (SOP217).
    const known = [...scope.columns.keys()];
    const near = nearest(input.value, known);
    const only = onlyNearest(input.value, known);
    const place = nameSpan(scope.sop, near[0]);
    const related = place === undefined ? [] : [{ span: place, label: 'this one has a similar name' }];
    const edits = only === undefined ? [] : [{ span: input.span, text: only }];
    scope.found.push(diagnose('SOP301', input.span, { name: input.value, near, known }, { related, edits }));
  }
  return { name: input.value, type: 'text', step: null, range: anything, rangeText: '', missing: null };
}

function nameSpan(sop: Sop, name: string | undefined) {
  const named = [...sop.groups.flatMap((group) => group.signals), ...sop.parameters];
  return named.find((entry) => entry.name.value === name)?.name.span;
}

function resolveRule(rule: Rule, inputs: readonly Column[], scope: Scope): LogicRule {
  const tests = rule.cells.map((cell, index) => {
    const column = inputs[index];
    // A column whose name is unknown has been reported; its cells would only repeat it.
    const known = column !== undefined && scope.columns.get(column.name) === column;
    return known ? resolveCell(cell, column, scope.names, scope.found) : anything;
  });
  return { id: rule.id.value, tests, outputs: rule.outputs.map((output) => outputLiteral(output, scope)) };
}

/** An output is a literal; a word needs no quotes. `-` and `null` give null. */
function outputLiteral(output: Located<string>, scope: Scope): Literal {
  const text = output.value;
  if (text === '' || text === '-' || text === '–' || text === 'null') return null;
  const quoted = /^"(.*)"$/s.exec(text)?.[1];
  if (quoted !== undefined) return quoted;
  const parameter = scope.names.parameters.get(text);
  if (parameter !== undefined) return parameter.value;
  const parsed = parseUnaryTest(text);
  const atom = parsed.ok && parsed.test.kind === 'tests' && !parsed.test.negated ? parsed.test.tests[0] : undefined;
  const literal =
    atom?.kind === 'equal' && parsed.ok && parsed.test.kind === 'tests' && parsed.test.tests.length === 1
      ? literalOfOperand(atom.operand)
      : undefined;
  return literal ?? text;
}

function resolveOutput(
  output: Located<string>,
  index: number,
  table: DecisionTable,
  rules: readonly LogicRule[],
  scope: Scope,
): OutputColumn {
  const written = [...table.rules, ...(table.otherwise === null ? [] : [table.otherwise])];
  const values = rules.map((rule) => rule.outputs[index] ?? null);
  const type = typeOf(values.find((value) => value !== null) ?? '');
  const order = orderOf(output.value, table, scope.desk);
  const sums = ['C+', 'C<', 'C>'].includes(table.hitPolicy);
  values.forEach((value, at) => {
    const place = written[at]?.outputs[index];
    if (place === undefined) return;
    if (value === null) {
      if (table === scope.sop.tables.at(-1)) reportNoWord(output, place, scope);
      return;
    }
    if (sums && !(value instanceof Big))
      scope.found.push(diagnose('SOP507', place.span, { policy: table.hitPolicy, value: place.value }));
    else if (typeOf(value) !== type)
      scope.found.push(
        diagnose('SOP407', place.span, { value: place.value, output: output.value, type: outputTypeWords[type] }),
      );
    else reportUnordered(value, place, output.value, order, table, scope);
  });
  return { name: output.value, type, order };
}

/** A subject that a rule of the last table decides gets a disposition and a severity: no cell may leave them open. */
function reportNoWord(output: Located<string>, place: Located<string>, { desk, found }: Scope): void {
  if (output.value !== 'disposition' && output.value !== 'severity') return;
  const known = output.value === 'disposition' ? desk.dispositions : desk.severities;
  found.push(diagnose('SOP312', place.span, { name: place.value, what: output.value, near: [], known }));
}

function reportUnordered(
  value: Literal,
  place: Located<string>,
  output: string,
  order: readonly string[] | null,
  table: DecisionTable,
  scope: Scope,
): void {
  const text = value instanceof Big ? value.toFixed() : String(value);
  const isWord = output === 'disposition' || output === 'severity';
  const known = output === 'disposition' ? scope.desk.dispositions : scope.desk.severities;
  if (isWord && !known.includes(text)) {
    const only = onlyNearest(text, known);
    const edits = only === undefined ? [] : [{ span: place.span, text: only }];
    scope.found.push(
      diagnose('SOP312', place.span, { name: text, what: output, near: nearest(text, known), known }, { edits }),
    );
  } else if ((table.hitPolicy === 'P' || table.hitPolicy === 'O') && !(order ?? []).includes(text)) {
    // Without a `Values` line every value of the output lacks its place: once is enough.
    const told = order === null && scope.found.some(({ code, args }) => code === 'SOP509' && args['output'] === output);
    if (!told) scope.found.push(diagnose('SOP509', place.span, { output, value: text, known: order ?? [] }));
  }
}

/** Highest priority first: a `Values` line, or the desk's order turned round. */
function orderOf(output: string, table: DecisionTable, desk: Desk): readonly string[] | null {
  const stated = table.values.find((line) => line.output === output);
  if (stated !== undefined) return stated.values;
  if (output === 'disposition') return [...desk.dispositions].reverse();
  return output === 'severity' ? [...desk.severities].reverse() : null;
}

const outputTypeWords = { number: 'a number', text: 'text', boolean: 'true or false' } as const;

function typeOf(value: Exclude<Literal, null>): OutputColumn['type'] {
  if (value instanceof Big) return 'number';
  return typeof value === 'boolean' ? 'boolean' : 'text';
}
