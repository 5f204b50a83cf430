import type { AskedAnswer, AskedColumn } from '../../replay/judge-findings.ts';

/** What a case asks, for a person or a model that grades: `escalate, high, by R1 for owner_id O-1; everybody else at most dismiss`. */
export function expectedWords({ expect, others }: AskedAnswer): string {
  const parts = expect.map(({ subject, members, disposition, severity, rules }) => {
    const who = [
      ...(members.length === 0 ? [] : [`the group with ${members.join(', ')}`]),
      ...subject.map(columnWords),
    ].join(', ');
    const what = [disposition, severity, rules.length === 0 ? null : `by ${rules.join(' or ')}`]
      .filter((part) => part !== null)
      .join(', ');
    return `${what === '' ? 'a decision' : what}${who === '' ? '' : ` for ${who}`}`;
  });
  return [...parts, `everybody else at most ${others}`].join('; ');
}

function columnWords(asked: AskedColumn): string {
  if ('near' in asked) return `${asked.column} within ${asked.within_seconds} s of ${asked.near}`;
  return `${asked.column} ${asked.equal ?? 'null'}`;
}
