import type { GivenFinding } from '../replay/judge-findings.ts';
import { isRecord } from './plain-json.ts';

/** More findings than any case can ask for. */
const mostFindings = 1000;

/** The findings of an answer, one or a list of them. A text: why there are none. */
export function readAnswer(text: string): readonly GivenFinding[] | string {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return text.trim() === '' ? 'the answer is empty' : 'the answer is no JSON';
  }
  const list: readonly unknown[] = Array.isArray(read) ? read : [read];
  if (list.length > mostFindings) return `the answer holds more than ${mostFindings} findings`;
  if (!list.every(isRecord)) return 'the answer is no finding, and no list of findings';
  return list;
}
