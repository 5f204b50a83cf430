import type { Git } from './git.ts';

/** Contents of objects, one after another, from one process. */
export interface GitObjects {
  /** Undefined where there is no such object. */
  read(id: string): Promise<Buffer | undefined>;
  close(): void;
}

interface Asked {
  readonly resolve: (content: Buffer | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** `git cat-file --batch`: a line with type and size, that many bytes, and a line's end; or a line that says `missing`. */
export function openObjects(git: Git): GitObjects {
  const child = git.start(['cat-file', '--batch'], 'pipe');
  const asked: Asked[] = [];
  let parts: Buffer[] = [];
  let held = 0;
  /** Bytes of the answer that is being read, its head and last line's end included; null while the head is not there. */
  let wanted: { readonly head: number; readonly size: number } | null = null;
  const give = () => {
    for (;;) {
      if (wanted === null) {
        const all = joined();
        const end = all.indexOf(10);
        if (end < 0) return;
        const size = /^[0-9a-f]+ blob (\d+)$/.exec(all.toString('latin1', 0, end))?.[1];
        if (size === undefined) {
          keep(all.subarray(end + 1));
          asked.shift()?.resolve(undefined);
          continue;
        }
        wanted = { head: end + 1, size: Number(size) };
      }
      if (held < wanted.head + wanted.size + 1) return;
      const all = joined();
      const content = Buffer.from(all.subarray(wanted.head, wanted.head + wanted.size));
      keep(all.subarray(wanted.head + wanted.size + 1));
      wanted = null;
      asked.shift()?.resolve(content);
    }
  };
  const joined = (): Buffer => {
    const all = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts); // a list of one holds one
    parts = [all];
    return all;
  };
  const keep = (rest: Buffer) => {
    parts = [rest];
    held = rest.length;
  };
  const fail = () => {
    for (const { reject } of asked.splice(0)) reject(new Error('git ended while a file of the base was read'));
  };
  child.stdout?.on('data', (chunk: Buffer) => {
    parts.push(chunk);
    held += chunk.length;
    give();
  });
  child.stdin?.on('error', fail);
  child.on('error', fail);
  child.on('close', fail);
  return {
    read: (id) =>
      new Promise((resolve, reject) => {
        if (child.exitCode !== null) return reject(new Error('git has ended'));
        asked.push({ resolve, reject });
        child.stdin?.write(`${id}\n`);
      }),
    close: () => {
      child.stdin?.end();
      child.kill();
    },
  };
}
