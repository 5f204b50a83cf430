import type { CheckedSop } from '../check/checked.ts';
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import type { Case } from '../model/case.ts';
import { compareDecisions } from './comparer.ts';
import { evaluate } from './evaluate.ts';
import { caseRequest, openCase, type Without } from './open-case.ts';
import type { World } from './run-case.ts';
import { withoutIt } from './without-it.ts';

/**
 * Runs an attack case once without each table and column that its SOP requires. Whoever must be found may then be
 * undecided, or be found all the same; a milder answer is an error.
 */
export async function proveRequirements(entry: Case, checked: CheckedSop, world: World): Promise<Diagnostic[]> {
  const { input } = entry;
  if (input.kind !== 'given' || entry.kind === 'benign') return [];
  const found: Diagnostic[] = [];
  for (const without of losses(checked)) {
    const opened = await openCase(entry, input, checked, world, world.library.sources, without);
    if ('why' in opened) continue;
    const evaluated = await evaluate(checked, opened, caseRequest(entry, input, checked));
    await opened.data.close();
    // SQL that fails gives no decision, and so no milder one.
    if (!evaluated.ok) continue;
    const { decided, readiness } = evaluated.value;
    const { desk } = world.library;
    const milder = compareDecisions(
      entry.kind,
      entry.expect,
      desk.dispositions[0] ?? '',
      decided,
      checked.sop,
      desk,
      withoutIt(readiness, checked.sop),
    ).find(({ outcome, expected }) => outcome === 'missed' && !expected.atMost);
    if (milder === undefined) continue;
    found.push(
      diagnose('SOP722', entry.name.span, {
        case: entry.name.value,
        sop: checked.sop.id.value,
        missing: without.column === null ? `\`${without.table}\`` : `\`${without.table}.${without.column}\``,
        subject: milder.subject,
        expected: milder.expected.disposition ?? 'a decision',
        actual: milder.actual?.kind === 'decided' ? milder.actual.disposition : 'nothing',
      }),
    );
  }
  return found;
}

function losses({ sop }: CheckedSop): Without[] {
  return sop.requires.flatMap(({ table, columns }) => [
    { table: table.value, column: null },
    ...columns.map((column) => ({ table: table.value, column: column.value })),
  ]);
}
