import type { HitPolicy } from '../../model/sop.ts';
import type { Comparison, Operand, UnaryTest } from '../../syntax/unary-test.ts';
import { formatTime, isoDuration } from '../../text/time.ts';

export const policyWords: Record<HitPolicy, string> = {
  U: 'Exactly one rule may match (hit policy U). Two at once are an error of the table: report it.',
  F: 'The first rule that matches decides, from top to bottom (hit policy F).',
  A: 'Any rule that matches decides; all that match must agree (hit policy A).',
  P: 'Of the rules that match, the one with the gravest outcome decides (hit policy P).',
  R: 'Every rule that matches counts, in the order of the table (hit policy R).',
  O: 'Every rule that matches counts, the gravest first (hit policy O).',
  C: 'Every rule that matches counts (hit policy C).',
  'C+': 'Add up the outputs of all rules that match (hit policy C+); none gives 0.',
  'C<': 'Take the least output of all rules that match (hit policy C<).',
  'C>': 'Take the greatest output of all rules that match (hit policy C>).',
  'C#': 'Count the rules that match (hit policy C#).',
};

/** `is at least 0.5`, `is "mm" or "house"`, `is known and not "mm"`; null where the cell asks for nothing. `parameter` gives a parameter's value. */
export function cellSentence(test: UnaryTest | null, parameter: (name: string) => string | undefined): string | null {
  if (test === null || test.kind === 'any') return null;
  const say = (operand: Operand) => operandWords(operand, parameter);
  const parts = test.tests.map((atom): string => {
    switch (atom.kind) {
      case 'null':
        return 'unknown';
      case 'equal':
        return say(atom.operand);
      case 'compare':
        return `${comparisons[atom.operator]} ${say(atom.operand)}`;
      default:
        return `${atom.lowClosed ? 'at least' : 'more than'} ${say(atom.low)} and ${atom.highClosed ? 'at most' : 'less than'} ${say(atom.high)}`;
    }
  });
  if (!test.negated) return `is ${parts.join(', or ')}`;
  return test.alsoNull
    ? `is unknown, or is not ${parts.join(', nor ')}`
    : `is known and is not ${parts.join(', nor ')}`;
}

const comparisons: Readonly<Record<Comparison, string>> = {
  '<': 'less than',
  '<=': 'at most',
  '>': 'more than',
  '>=': 'at least',
};

function operandWords(operand: Operand, parameter: (name: string) => string | undefined): string {
  switch (operand.kind) {
    case 'number':
      return operand.text;
    case 'text':
      return `"${operand.text}"`;
    case 'boolean':
      return String(operand.value);
    case 'date and time':
      return formatTime(operand.microseconds);
    case 'duration':
      return isoDuration(operand.microseconds);
    case 'name': {
      const value = parameter(operand.name);
      return value === undefined ? `\`${operand.name}\`` : `\`${operand.name}\` (${value})`;
    }
  }
}
