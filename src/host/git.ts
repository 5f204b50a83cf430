import { execFile, spawn } from 'node:child_process';
import { dirname } from 'node:path';

/** What a run of git gave. `code` null: there is no such program. */
export interface GitAnswer {
  readonly code: number | null;
  readonly out: Buffer;
  readonly said: string;
}

/** Longer than any list of a library's files. */
const longestAnswer = 256 * 1024 * 1024;
const deadline = 60_000;

/**
 * A repository could name programs to run, and objects that stand for others: nothing of the kind is asked for here, and
 * what could ask for it is switched off.
 */
const always = [
  '--no-pager',
  '--no-replace-objects',
  '--literal-pathspecs',
  '--no-optional-locks',
  ...['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'safe.bareRepository=explicit'].flatMap((setting) => [
    '-c',
    setting,
  ]),
];

/** A git in `folder`, without a shell. */
export interface Git {
  /** Runs a command that ends; `input` is fed to it. */
  run(args: readonly string[], input?: string): Promise<GitAnswer>;
  /** Starts one that goes on, or writes into a file. */
  start(args: readonly string[], output: 'pipe' | number): ReturnType<typeof spawn>;
}

export function createGit(folder: string, environment: NodeJS.ProcessEnv): Git {
  const env = cleanEnvironment(environment);
  // A program that lies in the project under this name is never found: it is looked for from elsewhere.
  const cwd = dirname(process.execPath);
  const full = (args: readonly string[]) => ['-C', folder, ...always, ...args];
  return {
    run: (args, input) =>
      new Promise((resolve) => {
        const options = { cwd, env, encoding: 'buffer', maxBuffer: longestAnswer, timeout: deadline } as const;
        const child = execFile('git', full(args), { ...options, killSignal: 'SIGKILL' }, (error, out, said) => {
          const code =
            error === null ? 0 : typeof error.code === 'number' ? error.code : error.code === 'ENOENT' ? null : -1;
          resolve({ code, out, said: said.toString('utf8') });
        });
        child.stdin?.on('error', () => undefined); // it ended before it had read all: the answer says why
        child.stdin?.end(input ?? '');
      }),
    start: (args, output) => spawn('git', full(args), { cwd, env, stdio: ['pipe', output, 'ignore'] }),
  };
}

/**
 * Variables that lead git to another repository, or to programs, are left out (hooks set some of them); settings that a
 * person or a build server makes for all of git stay. Objects that a partial clone lacks are not fetched.
 */
function cleanEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const stays = /^GIT_(?:CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)|CEILING_DIRECTORIES)$/;
  const kept = Object.entries(environment).filter(([name]) => !/^GIT_/i.test(name) || stays.test(name));
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_GRAFT_FILE: '/dev/null',
    GIT_NO_LAZY_FETCH: '1',
    GIT_TERMINAL_PROMPT: '0',
  };
}
