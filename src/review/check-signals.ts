import type { GivenSignals } from '../decision/decide-signals.ts';
import { type DecisionJson, decider } from '../emit/skill/runtime/decide.ts';
import { type FindingProblem, problem } from './finding-problem.ts';
import { at, entriesAt, isOnlyBlanks, isRecord } from './plain-json.ts';

/** The reported values by name; null where the finding holds no signals that can be read. */
export function reported(finding: unknown): GivenSignals | null {
  if (!isRecord(at(finding, 'signals'))) return null;
  // What has no value was not reported: the schema says what is wrong with it.
  const entries = entriesAt(finding, 'signals').flatMap(([name, signal]) => {
    const value = at(signal, 'value');
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

/** Values that are none of their signal, and values of which nobody says where they come from. */
export function checkSignals(finding: unknown, decision: DecisionJson): FindingProblem[] {
  const decide = decider(decision);
  const segment = decision.decisions[0]?.segment ?? null;
  const known = new Set(decision.signals);
  return entriesAt(finding, 'signals').flatMap(([name, signal]) => {
    const path = ['signals', name];
    const value = at(signal, 'value');
    const found = isOnlyBlanks(at(signal, 'reference')) ? [notSaid(path)] : [];
    if (value === undefined || !known.has(name)) return found;
    // Asked for one signal alone, the tables say nothing but whether its value can be read: all others are missing.
    const answer = decide({ signals: { [name]: value }, segment });
    const isRead = answer.outcome !== 'invalid' || Object.keys(answer.signals).length > 0;
    return isRead ? found : [...found, problem('signals', [...path, 'value'], answer.reason)];
  });
}

function notSaid(path: readonly string[]): FindingProblem {
  return problem('signals', [...path, 'reference'], 'say where the value comes from: the run, the tool or the person');
}
