import type { CheckedSop } from '../check/checked.ts';
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import type { Case, GivenTable } from '../model/case.ts';
import type { Desk } from '../model/library.ts';
import { gravest, matchesSubject, rank } from './comparer.ts';
import { evaluate } from './evaluate.ts';
import { caseRequest, type Given, openCase } from './open-case.ts';
import { showAnswer } from './prove-time.ts';

import { sameSubject } from './same-subject.ts';
import { type DecidedSubject, showKey } from './subjects.ts';
import type { World } from './world.ts';

/**
 * Runs a case again with the rows of `monotone` appended. Whoever `expect` names keeps what the case alone gives: no lower
 * disposition, no lower severity, and not undecided. `before` are the decisions of the case alone.
 */
export async function proveMonotone(
  entry: Case,
  checked: CheckedSop,
  world: World,
  before: readonly DecidedSubject[],
): Promise<Diagnostic[]> {
  const { input, monotone } = entry;
  if (input.kind !== 'given' || monotone === null) return [];
  const more: Given = { ...input, tables: appended(input.tables, monotone.tables) };
  const opened = await openCase(entry, more, checked, world, world.library.tables);
  if ('why' in opened) return [...opened.diagnostics];
  const evaluated = await evaluate(checked, opened, caseRequest(entry, more, checked));
  await opened.data.close();
  if (!evaluated.ok) return [evaluated.diagnostic];
  const { desk } = world.library;
  const { sop } = checked;
  for (const expectation of entry.expect) {
    const matching = before.filter((subject) => matchesSubject(expectation, subject, sop));
    const was = gravest(matching, 'attack', desk);
    if (was === null || was.decision.kind !== 'decided') continue;
    const after = evaluated.value.decided;
    const named =
      expectation.members.length > 0 ? after.filter((other) => matchesSubject(expectation, other, sop)) : [];
    const is = gravest(named, 'attack', desk) ?? sameSubject(was, after, sop) ?? null;
    if (!isMilder(is, was, desk)) continue;
    const args = { case: entry.name.value, sop: sop.id.value, subject: showKey(was.key, sop) };
    return [
      diagnose('SOP745', entry.name.span, { ...args, before: showAnswer(was), after: showAnswer(is) }, placeOf(entry)),
    ];
  }
  return [];
}

/** Rows and files of one table stand behind what the case states of it; a table that it does not state is new. */
function appended(given: readonly GivenTable[], more: readonly GivenTable[]): GivenTable[] {
  const names = [...new Set([...given, ...more].map((table) => table.name.value))];
  return names.flatMap((name) => [...given, ...more].filter((table) => table.name.value === name));
}

function placeOf({ monotone }: Case) {
  return monotone === null ? {} : { related: [{ span: monotone.span, label: 'these rows are appended' }] };
}

function isMilder(is: DecidedSubject | null, was: DecidedSubject, desk: Desk): boolean {
  const weight = (subject: DecidedSubject) => {
    const { decision } = subject;
    if (decision.kind !== 'decided') return -1;
    return (
      rank(desk.dispositions, decision.disposition) * desk.severities.length + rank(desk.severities, decision.severity)
    );
  };
  return is === null || weight(is) < weight(was);
}
