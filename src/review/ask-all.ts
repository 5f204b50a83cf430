import { createHash } from 'node:crypto';
import type { Agent, AgentReply } from '../model/agent.ts';

/** One question that stands to be asked. */
export interface Question {
  /** By which an answer is found again. */
  readonly key: string;
  /** The case, for people who read the file of answers. */
  readonly name: string;
  readonly ask: (agent: Agent) => Promise<AgentReply>;
}

/** Answers of an earlier run, and where to keep those of this one. */
export interface Kept {
  readonly known: ReadonlyMap<string, AgentReply>;
  add(key: string, name: string, reply: AgentReply): Promise<void>;
}

/**
 * The key of a question: the same case, put to the same agent under the same limits, with the same skill. Whatever of these changes asks again.
 */
export function questionKey(caseDigest: string, skillDigest: string, agent: readonly unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify([1, caseDigest, skillDigest, agent]))
    .digest('hex');
}

/**
 * Asks all, so many at a time, and gives the answers in the order of the questions. An agent that could not be reached is asked again by the next run:
 * that answer is not kept.
 */
export async function askAll(
  questions: readonly Question[],
  agent: Agent,
  concurrency: number,
  kept: Kept | null,
  onProgress: (done: number, total: number) => void,
): Promise<AgentReply[]> {
  const replies: AgentReply[] = [];
  let next = 0;
  let done = 0;
  const work = async () => {
    for (let at = next++; at < questions.length; at = next++) {
      const question = questions[at] as Question; // within
      const known = kept?.known.get(question.key);
      const reply = known ?? (await question.ask(agent));
      replies[at] = reply;
      const isKept = reply.kind === 'answered' || reply.reason !== 'unreachable';
      if (known === undefined && isKept) await kept?.add(question.key, question.name, reply);
      onProgress(++done, questions.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, questions.length) }, work));
  return replies;
}
