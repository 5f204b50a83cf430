import { createReadStream } from 'node:fs';
import { appendFile, lstat, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type AgentReply, failureReasons } from '../model/agent.ts';

/** Answers that were given, one a line, so that a run that was killed can go on. */
export interface AnswersFile {
  readonly known: ReadonlyMap<string, AgentReply>;
  add(key: string, name: string, reply: AgentReply): Promise<void>;
}

/** Reads what is there. A line that is torn or none of ours is passed over, and asked again. Throws where the file cannot be written. */
export async function openAnswers(path: string): Promise<AnswersFile> {
  await mkdir(dirname(path), { recursive: true });
  const found = await lstat(path).catch(() => undefined);
  if (found !== undefined && !found.isFile()) throw Object.assign(new Error('no file'), { code: 'EISDIR', path });
  const known = new Map<string, AgentReply>();
  if (found !== undefined) {
    // Loaded here: few commands need it.
    const { createInterface } = process.getBuiltinModule('node:readline');
    for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
      const [key, reply] = readLine(line) ?? [];
      if (key !== undefined && reply !== undefined) known.set(key, reply);
    }
  }
  if (found !== undefined && found.size > 0 && !(await endsWithLine(path, found.size))) await appendFile(path, '\n');
  let last = appendFile(path, '');
  await last;
  return {
    known,
    add: (key, name, reply) => {
      const line = `${JSON.stringify({ version: 1, key, case: name, reply })}\n`;
      last = last.then(() => appendFile(path, line));
      return last;
    },
  };
}

async function endsWithLine(path: string, size: number): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer.toString() === '\n';
  } finally {
    await file.close();
  }
}

function readLine(line: string): readonly [string, AgentReply] | undefined {
  try {
    const { version, key, reply } = JSON.parse(line) as Record<string, unknown>; // what is none throws
    if (version !== 1 || typeof key !== 'string' || typeof reply !== 'object' || reply === null) return undefined;
    const { kind, text, reason, detail } = reply as Record<string, unknown>; // an object
    if (kind === 'answered' && typeof text === 'string') return [key, { kind, text }];
    const isKnown = (word: unknown): word is keyof typeof failureReasons =>
      typeof word === 'string' && Object.hasOwn(failureReasons, word);
    if (kind === 'failed' && isKnown(reason) && typeof detail === 'string') return [key, { kind, reason, detail }];
  } catch {
    // torn by a kill
  }
  return undefined;
}
