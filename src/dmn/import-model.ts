import { chooseDecision, inOrder } from './choose-decisions.ts';
import type { DmnDecision, DmnModel, DmnTable } from './dmn-model.ts';
import { ImportScope } from './import-scope.ts';
import { importTable } from './import-table.ts';
import type { Imported } from './imported.ts';
import { type Taken, taken, untaken } from './taken.ts';

/** The tables that lead to one decision, as tables of ours; `skipped` is what the reader of the XML could not place. */
export function importModel(model: DmnModel, wanted: string | undefined, skipped: readonly string[]): Taken<Imported> {
  const chosen = chooseDecision(model, wanted);
  if (!chosen.ok)
    return skipped.length === 0 ? chosen : untaken(`${chosen.why}; not read: ${skipped.slice(0, 3).join('; ')}`);
  const last = chosen.value;
  if (last.logic.kind !== 'table')
    return untaken(
      `the decision \`${last.name}\` is ${last.logic.kind === 'literal' ? 'an expression' : last.logic.what}, and no decision table`,
    );
  const ordered = inOrder(last, model);
  if (!ordered.ok) return ordered;
  const scope = new ImportScope(model);
  for (const text of [...skipped, ...model.others])
    scope.notTaken.push({ decision: last.name, rule: null, column: null, text, why: 'nothing of it is read' });
  const tables = ordered.value.flatMap((decision) => tableOf(decision));
  // The names of the last table's outputs mean something in a SOP: they are given first.
  const promised = new Map([...tables].reverse().map((entry) => [entry.decision, outputNames(entry, scope)]));
  const imported = ordered.value.flatMap((decision) => {
    const { logic } = decision;
    if (logic.kind === 'literal') scope.addLiteral(decision, logic.expression);
    if (logic.kind === 'other')
      scope.notTaken.push({
        decision: decision.name,
        rule: null,
        column: null,
        text: logic.what,
        why: 'only decision tables and plain values are taken',
      });
    if (logic.kind !== 'table') return [];
    const outputs = promised.get(decision) ?? [];
    const table = importTable(decision, logic.table, outputs, model.types, scope);
    scope.addOutputs(
      decision,
      outputs.map((own, place) => ({ name: logic.table.outputs[place]?.name ?? '', own })),
    );
    return [table];
  });
  const gives = imported.at(-1)?.outputs ?? [];
  if (!gives.includes('disposition') || !gives.includes('severity'))
    scope.notes.push(
      `the last table gives ${gives.map((name) => `\`${name}\``).join(', ') || 'nothing'}; in a SOP it must give \`disposition\` and \`severity\`, in the words of sops/desk.yaml`,
    );
  return taken({
    decision: last.name,
    ...scope.found(),
    tables: imported,
    notTaken: scope.notTaken,
    notes: scope.notes,
  });
}

function tableOf(decision: DmnDecision): { readonly decision: DmnDecision; readonly table: DmnTable }[] {
  return decision.logic.kind === 'table' ? [{ decision, table: decision.logic.table }] : [];
}

function outputNames(
  { decision, table }: { readonly decision: DmnDecision; readonly table: DmnTable },
  scope: ImportScope,
): string[] {
  const isOnly = table.outputs.length === 1;
  return table.outputs.map(({ name, label }, place) =>
    scope.names.give(name || (isOnly ? decision.name : label), `output_${place + 1}`),
  );
}
