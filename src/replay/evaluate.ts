import { sqlParameters } from '../check/bind-signals.ts';
import type { CheckedSop } from '../check/checked.ts';
import { signalColumn } from '../check/resolve-columns.ts';
import { compileDecision } from '../decision/decide.ts';
import type { Column } from '../decision/logic.ts';
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import type { DataSet, Limits, ResultColumn, RowBatch, SqlProblem } from '../model/ports.ts';
import type { SignalGroup, SqlText } from '../model/sop.ts';
import type { RawValue } from '../model/value.ts';
import { firstLine, placeOf } from '../check/sql-problem.ts';
import { type DecidedSubject, type RowProblem, showKey, SubjectTable } from './subjects.ts';

/** What a SOP says of a data set. */
export interface Evaluation {
  readonly decided: readonly DecidedSubject[];
  /** Signals whose data is not there, with the table or column that is missing. */
  readonly unavailable: ReadonlyMap<string, string>;
  readonly rows: number;
}

export type Evaluated = { readonly ok: true; readonly value: Evaluation; readonly warnings: readonly Diagnostic[] } | { readonly ok: false; readonly diagnostic: Diagnostic };

export interface ProvidedValues {
  readonly names: readonly string[];
  readonly rows: readonly (readonly RawValue[])[];
}

/** The columns of every signal of a SOP, by name. */
export function signalColumns({ sop }: CheckedSop): Map<string, Column> {
  return new Map(sop.groups.flatMap((group) => group.signals).map((signal) => [signal.name.value, signalColumn(signal)]));
}

/** Runs every group of a SOP on a data set and decides every subject. `label` names the case or the data in messages. */
export async function evaluate(checked: CheckedSop, data: DataSet, provided: readonly ProvidedValues[], limits: Limits, label: string): Promise<Evaluated> {
  const { sop, logic } = checked;
  const columns = signalColumns(checked);
  const table = new SubjectTable(sop, columns);
  const unavailable = new Map<string, string>();
  const warnings: Diagnostic[] = [];
  const name = { case: label, sop: sop.id.value };
  let rows = 0;
  for (const { group } of checked.groups) {
    if (group.sql === null) continue;
    const ran = await runGroup(data, group, group.sql, sqlParameters(sop.parameters), limits);
    if (!ran.ok) {
      const gone = missingData(ran.problem);
      if (gone === null) return { ok: false, diagnostic: describeFailure(ran.problem, group, group.sql, name) };
      for (const signal of group.signals) unavailable.set(signal.name.value, gone);
      continue;
    }
    const signals = new Set(group.signals.map((signal) => signal.name.value));
    const take = table.group(ran.columns, signals);
    for (const batch of ran.batches) {
      rows += batch.length;
      const problem = take(batch);
      if (problem !== null) return { ok: false, diagnostic: describeRows(problem, group, group.sql, checked, name) };
    }
    const spoilt = [...table.notFinite].filter(([signal]) => signals.has(signal));
    if (spoilt.length > 0) {
      const values = spoilt.reduce((sum, [, count]) => sum + count, 0);
      warnings.push(diagnose('SOP711', firstLine(group.sql), { ...name, group: group.name.value, signals: spoilt.map(([signal]) => signal), values }));
    }
  }
  for (const given of provided) {
    const problem = takeProvided(table, given, checked);
    if (problem !== null) return { ok: false, diagnostic: describeProvided(problem, checked, name) };
  }
  const used = new Set(logic.inputs.map((column) => column.name));
  const blocking = new Set([...unavailable.keys()].filter((signal) => used.has(signal)));
  return { ok: true, value: { decided: table.decide(compileDecision(logic), blocking), unavailable, rows }, warnings };
}

type Ran = { readonly ok: true; readonly columns: readonly ResultColumn[]; readonly batches: readonly RowBatch[] } | { readonly ok: false; readonly problem: SqlProblem };

async function runGroup(data: DataSet, group: SignalGroup, sql: SqlText, parameters: ReturnType<typeof sqlParameters>, limits: Limits): Promise<Ran> {
  const batches: RowBatch[] = [];
  const result = await data.run({ sql: sql.text, parameters }, limits, (batch) => batches.push(batch));
  return result.ok ? { ok: true, columns: result.value, batches } : { ok: false, problem: result.problem };
}

/** SQL that was bound at check time can only miss a name because the data lacks it: unavailable, not misspelt. */
function missingData(problem: SqlProblem): string | null {
  return problem.reason === 'unknown_column' || problem.reason === 'unknown_table' ? (problem.name ?? 'a column') : null;
}

type CaseName = { readonly case: string; readonly sop: string };

function describeFailure(problem: SqlProblem, group: SignalGroup, sql: SqlText, name: CaseName): Diagnostic {
  const what = { deadline: 'it ran longer than allowed and was stopped', memory: 'it used more memory than allowed and was stopped', rows: 'it returns more rows than allowed' };
  const known = problem.reason === 'deadline' || problem.reason === 'memory' || problem.reason === 'rows' ? what[problem.reason] : undefined;
  return diagnose('SOP707', placeOf(problem, sql), { ...name, group: group.name.value, what: known ?? problem.detail ?? 'the engine refuses it' });
}

function describeRows(problem: RowProblem, group: SignalGroup, sql: SqlText, { sop }: CheckedSop, name: CaseName): Diagnostic {
  const place = firstLine(sql);
  switch (problem.kind) {
    case 'two_rows':
      return diagnose('SOP709', place, { ...name, group: group.name.value, subject: showKey(problem.key, sop) });
    case 'null_key':
      return diagnose('SOP710', place, { ...name, group: group.name.value, column: problem.column });
    case 'type':
      return diagnose('SOP707', place, { ...name, group: group.name.value, what: `\`${problem.signal}\` is not ${problem.expected}` });
  }
}

function takeProvided(table: SubjectTable, { names, rows }: ProvidedValues, { sop }: CheckedSop): RowProblem | null {
  const signals = new Set(sop.groups.filter((group) => group.sql === null).flatMap((group) => group.signals.map((signal) => signal.name.value)));
  const take = table.group(names.map((name) => ({ name })), signals);
  return take({ length: rows.length, columns: names.map((_, column) => rows.map((row) => row[column] ?? null)) });
}

function describeProvided(problem: RowProblem, { sop }: CheckedSop, name: CaseName): Diagnostic {
  const group = sop.groups.find((entry) => entry.sql === null);
  const place = group?.name.span ?? sop.id.span;
  const what = problem.kind === 'two_rows' ? 'two provided rows name one subject' : problem.kind === 'null_key' ? `a provided row has no \`${problem.column}\`` : `the provided \`${problem.signal}\` is not ${problem.expected}`;
  return diagnose('SOP707', place, { ...name, group: group?.name.value ?? 'provided', what });
}
