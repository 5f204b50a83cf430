import { Command, CommanderError, Option } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { type ExitCode, exitCodes, UsageError } from './exit.ts';
import { addShared, type Shared } from './options.ts';
import { openTerminal, type Terminal } from './terminal.ts';

/** Parses the command line, runs the command and gives its exit code. Commands are loaded when they are called. */
export async function runCommand(argv: readonly string[]): Promise<ExitCode> {
  let exit: ExitCode = exitCodes.clean;
  const run = (work: (terminal: Terminal) => Promise<ExitCode> | ExitCode, options: Pick<Shared, 'color' | 'quiet'>) => async () => {
    exit = await work(openTerminal(options));
  };
  try {
    await buildProgram(run).parseAsync([...argv]);
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.usage;
    if (error instanceof UsageError) {
      process.stderr.write(`sop: ${error.message}\n`);
      return exitCodes.usage;
    }
    const refused = refusal(error);
    if (refused !== undefined) {
      process.stderr.write(`sop: ${refused}\n`);
      return exitCodes.usage;
    }
    process.stderr.write(`sop: this is a fault of sopwright, not of your files. Please report it with these lines:\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return exitCodes.fault;
  }
}

/** What the operating system refused, in plain words. */
function refusal(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('path' in error)) return undefined;
  const words: Record<string, string> = {
    EACCES: 'no permission for', EPERM: 'no permission for', EROFS: 'a read-only file system holds', ENOSPC: 'no space left for',
    ENOTDIR: 'a file stands where a folder is needed:', EISDIR: 'a folder stands where a file is needed:', ENOENT: 'there is no',
  }; // biome-ignore format: a small dictionary
  const said = words[String(error.code)];
  return said === undefined ? undefined : `${said} ${String(error.path)}`;
}

type Run = (work: (terminal: Terminal) => Promise<ExitCode> | ExitCode, options: Shared) => () => Promise<void>;

function buildProgram(run: Run): Command {
  const program = addShared(new Command('sop'))
    .description('Checks risk SOPs, runs their edge cases, shows what they miss, and compiles them to agent skills.\nWithout a command: check, build --check and test, and a summary.')
    .version(packageJson.version)
    .showHelpAfterError('(`sop --help` shows how it is used)')
    .exitOverride()
    .enablePositionalOptions()
    .addHelpText('after', '\nExamples:\n  sop                        everything, in ten seconds\n  sop check wash-trading     messages about one SOP\n  sop test --verbose         every case\n  sop explain SOP301         what a message means\n\nExit codes: 0 clean, 1 errors found, 2 wrong usage, 3 a fault of ours');
  program.action(async (options: Shared) => run(async (terminal) => (await import('./commands/all.ts')).all(options, terminal), options)());

  addShared(program.command('check'))
    .description('check syntax, shape, names, types, SQL, decision tables and dates; needs no data')
    .argument('[path...]', 'SOPs, files or folders to report on')
    .addOption(new Option('--fix', 'apply the fixes that have exactly one answer').default(false))
    .addHelpText('after', '\nExamples:\n  sop check\n  sop check pump-and-dump --fix\n  sop check --format json | jq .summary')
    .action(async (paths: string[], options) => run(async (terminal) => (await import('./commands/check.ts')).check(paths, options, terminal), options)());

  addShared(program.command('test'))
    .description('run the cases, and say what is missed, who is accused and why')
    .argument('[id...]', 'SOPs')
    .addHelpText('after', "\nExamples:\n  sop test\n  sop test wash-trading --verbose\n  sop test --format json | jq '.cases[] | select(.outcome == \"missed\")'")
    .action(async (ids: string[], options) => run(async (terminal) => (await import('./commands/test.ts')).test(ids, options, terminal), options)());

  addShared(program.command('build'))
    .description('compile approved SOPs to agent skills under skills/')
    .argument('[id...]', 'SOPs')
    .addOption(new Option('--check', 'write nothing; fail where the committed skills differ').default(false))
    .addOption(new Option('--drafts', 'compile SOPs that nobody has approved yet too').default(false))
    .addHelpText('after', '\nExamples:\n  sop build\n  sop build --check\n  sop build my-risk --drafts')
    .action(async (ids: string[], options) => run(async (terminal) => (await import('./commands/build.ts')).build(ids, options, terminal), options)());

  addShared(program.command('explain'))
    .description('print the page of a diagnostic')
    .argument('[code]', 'such as SOP301; without one, the list of all')
    .addHelpText('after', '\nExample:\n  sop explain SOP301')
    .action(async (code: string | undefined, options) => run(async (terminal) => (await import('./commands/explain.ts')).explain(code, terminal), options)());
  return program;
}
