import { Command, CommanderError, Option } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { nearest } from '../text/nearest.ts';
import { addEvals } from './evals.ts';
import { addExchange } from './exchange.ts';
import { type ExitCode, exitCodes, UsageError } from './exit.ts';
import { addData, addShared, addSql, collect, type Run, type Shared } from './options.ts';
import {
  addReports,
  coverageFormats,
  coveragePages,
  fileFormats,
  type Reporting,
  reportFormats,
} from './report-options.ts';
import { closeQuietly, openTerminal, type Terminal } from './terminal.ts';

/** Parses the command line, runs the command and gives its exit code. Commands are loaded when they are called. */
export async function runCommand(argv: readonly string[]): Promise<ExitCode> {
  for (const stream of [process.stdout, process.stderr]) closeQuietly(stream);
  let exit: ExitCode = exitCodes.clean;
  const run =
    (work: (terminal: Terminal) => Promise<ExitCode> | ExitCode, options: Pick<Shared, 'color' | 'quiet'>) =>
    async () => {
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
    process.stderr.write(
      `sop: this is a fault of sopwright, not of your files. Please report it with these lines:\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return exitCodes.fault;
  }
}

/** What the operating system refused, in plain words. */
function refusal(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('path' in error)) return undefined;
  const words: Record<string, string> = {
    EACCES: 'no permission for', EPERM: 'no permission for', EROFS: 'a read-only file system holds', ENOSPC: 'no space left for',
    ENOTDIR: 'a file stands where a folder is needed:', EEXIST: 'a file stands where a folder is needed:', EISDIR: 'a folder stands where a file is needed:', ENOENT: 'there is no', ELOOP: 'files are written into plain folders only, and this is a symbolic link:',
  }; // biome-ignore format: a small dictionary
  const said = words[String(error.code)];
  return said === undefined ? undefined : `${said} ${String(error.path)}`;
}

function buildProgram(run: Run): Command {
  const program = addReports(addShared(new Command('sop'), reportFormats), fileFormats)
    .description(
      'Checks risk SOPs, runs their edge cases, shows what they miss, and compiles them to agent skills.\nWithout a command: check, build --check and test, and a summary.',
    )
    .option('--again', 'run cases again on less data and on more, however many they are', false)
    .version(packageJson.version)
    .showHelpAfterError('(add `--help` to see how it is used)')
    .exitOverride()
    .enablePositionalOptions()
    .addHelpText(
      'after',
      '\nExamples:\n  sop                        everything, in ten seconds\n  sop check wash-trading     messages about one SOP\n  sop test --verbose         every case\n  sop explain SOP301         what a message means\n  sop --again --format github --report junit=sop.xml   in CI\n  sop mcp                    serve the skills to an agent\n\nExit codes: 0 clean, 1 errors found, 2 wrong usage, 3 a fault of ours',
    );
  program.argument('[command]').action(async (command: string | undefined, options: Reporting & { again: boolean }) => {
    if (command !== undefined) throw new UsageError(unknownCommand(command, program));
    await run(async (terminal) => (await import('./commands/all.ts')).all(options, terminal), options)();
  });

  addReports(addShared(program.command('check'), reportFormats), fileFormats)
    .description('check syntax, shape, names, types, SQL, decision tables and dates; needs no data')
    .argument('[path...]', 'SOPs, files or folders to report on')
    .addOption(new Option('--fix', 'apply the fixes that have exactly one answer').default(false))
    .addHelpText(
      'after',
      '\nExamples:\n  sop check\n  sop check pump-and-dump --fix\n  sop check --format json | jq .summary\n  sop check --report sarif=sop.sarif',
    )
    .action(async (paths: string[], options) =>
      run(async (terminal) => (await import('./commands/check.ts')).check(paths, options, terminal), options)(),
    );

  addReports(addShared(program.command('test'), reportFormats), fileFormats)
    .description('run the cases, and say what is missed, who is accused and why')
    .argument('[id...]', 'SOPs')
    .addOption(
      new Option(
        '--since <rev>',
        'compare with what was proved where this branch left that revision, and fail where something of it is lost',
      ),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  sop test\n  sop test wash-trading --verbose\n  sop test --since origin/main\n  sop test --format json | jq \'.cases[] | select(.outcome == "missed")\'\n  sop test --report junit=reports/sop.xml --report markdown=reports/sop.md',
    )
    .action(async (ids: string[], options) =>
      run(async (terminal) => (await import('./commands/test.ts')).test(ids, options, terminal), options)(),
    );

  addSql(addReports(addShared(program.command('coverage'), coveragePages), coverageFormats))
    .description('tell what the cases prove: technique by market, across SOPs, and of each decision table')
    .argument('[id...]', 'SOPs')
    .addOption(new Option('--layer <file>', 'also write the matrix as a layer of the ATT&CK Navigator'))
    .addHelpText(
      'after',
      '\nExamples:\n  sop coverage\n  sop coverage wash-trading --verbose\n  sop coverage pump-and-dump --sql --time-limit 10m\n  sop coverage --report stryker=mutation.json --layer layer.json\n\nExit codes: 0 told, 1 below a floor, or a SOP has errors, so nothing is proved of it, 2 wrong usage',
    )
    .action(async (ids: string[], options) =>
      run(async (terminal) => (await import('./commands/coverage.ts')).coverage(ids, options, terminal), options)(),
    );

  addShared(program.command('build'))
    .description('compile approved SOPs to agent skills under skills/')
    .argument('[id...]', 'SOPs')
    .addOption(new Option('--check', 'write nothing; fail where the committed skills differ').default(false))
    .addOption(new Option('--drafts', 'compile SOPs that nobody has approved yet too').default(false))
    .addOption(
      new Option('--trace', 'also tell for each line of a skill which lines of the SOP it comes from').default(false),
    )
    .addOption(new Option('--out <dir>', 'into this folder instead of skills/; with --client: below this folder'))
    .addOption(
      new Option(
        '--client <client>',
        'where this client looks for skills, instead of skills/: claude, codex, copilot, cursor, gemini; repeat it for more',
      )
        .default([])
        .argParser(collect),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  sop build\n  sop build --check\n  sop build my-risk --drafts\n  sop build --client claude --client codex\n  sop build --out ../agents/skills',
    )
    .action(async (ids: string[], options) =>
      run(async (terminal) => (await import('./commands/build.ts')).build(ids, options, terminal), options)(),
    );

  addShared(program.command('mcp'))
    .description('serve the committed skills to agents by the Model Context Protocol, on stdin and stdout')
    .addOption(new Option('--http <port>', 'serve on this port of 127.0.0.1 in place of stdin and stdout'))
    .addOption(new Option('--drafts', 'serve skills that `sop build --drafts` made, too').default(false))
    .addOption(
      new Option(
        '--as-cases',
        'take rows as cases state them, as all there are: for evals, never for live data',
      ).default(false),
    )
    .addHelpText(
      'after',
      '\nA client starts it itself: its command is `npx`, its arguments are `sop mcp --root DIR`. How: docs/mcp.md.\nWith --http a token is printed, or taken from SOPWRIGHT_MCP_TOKEN; clients send it as `Authorization: Bearer TOKEN`.\n\nExamples:\n  sop mcp\n  sop mcp --http 8421',
    )
    .action(async (options) =>
      run(async (terminal) => (await import('./commands/mcp.ts')).mcp(options, terminal), options)(),
    );

  addShared(program.command('compare'))
    .description('tell which inputs two texts of a SOP decide otherwise, looser first; needs no data')
    .argument('<before>', 'a SOP.md, the id of a SOP as it stands, or - for stdin')
    .argument('<after>', 'the same')
    .addHelpText(
      'after',
      '\nExamples:\n  sop compare wash-trading changed/SOP.md\n  git show main:sops/wash-trading/SOP.md | sop compare - wash-trading\n\nExit codes: 0 every input is decided as before, 1 some are not, or it could not be told, 2 wrong usage',
    )
    .action(async (before: string, after: string, options) =>
      run(
        async (terminal) => (await import('./commands/compare.ts')).compare(before, after, options, terminal),
        options,
      )(),
    );

  addShared(program.command('sensitivity'))
    .description('tell how far each bound and parameter may move before a case comes out otherwise')
    .argument('<id>', 'the SOP')
    .addHelpText(
      'after',
      '\nExample:\n  sop sensitivity wash-trading\n\nExit codes: 0 told, 1 the SOP has errors, 2 wrong usage',
    )
    .action(async (id: string, options) =>
      run(
        async (terminal) => (await import('./commands/sensitivity.ts')).sensitivity(id, options, terminal),
        options,
      )(),
    );

  addSql(addShared(program.command('suggest')))
    .description('write the cases that are missing, as drafts for a person to answer')
    .argument('[id...]', 'SOPs')
    .addOption(new Option('--print', 'show them only; write nothing').default(false))
    .addHelpText(
      'after',
      '\nThey go to sops/ID/cases/suggested.md; what stands there is kept. A draft proves nothing until each `?` is answered.\nNo case of signal values can try SQL: with --sql it is told which rows of data would.\n\nExamples:\n  sop suggest wash-trading --print\n  sop suggest pump-and-dump --sql --time-limit 10m\n  sop suggest\n\nExit codes: 0 told, 1 a SOP has errors, 2 wrong usage',
    )
    .action(async (ids: string[], options) =>
      run(async (terminal) => (await import('./commands/suggest.ts')).suggest(ids, options, terminal), options)(),
    );

  addData(addShared(program.command('run')))
    .description("decide on a desk's data: what could not be decided, the alerts, and the rows behind them")
    .argument('[id...]', 'SOPs')
    .addOption(new Option('--from <time>', 'decide what happened from then on; default: the first row'))
    .addOption(new Option('--symbol <symbol>', 'report on this symbol only; SQL sees them all'))
    .addOption(new Option('--out <dir>', 'write alerts, evidence and what is undecided as JSON lines and Parquet'))
    .addOption(new Option('--previous <dir>', 'what an earlier run wrote: computed groups keep their ids'))
    .addOption(
      new Option(
        '--what-if <change>',
        'name=value of a parameter (repeat it), or a changed SOP.md: alerts gained and lost',
      )
        .default([])
        .argParser(collect),
    )
    .addHelpText(
      'after',
      '\n`--as-of` takes a time here; default: the newest row.\n\nExamples:\n  sop run --table trades=trades.parquet --as-of 2026-11-02T03:00:00Z\n  sop run pump-and-dump --table trades=day1.csv --table trades=day2.csv --out alerts\n  sop run wash-trading --table trades=t.parquet --table accounts=a.csv --what-if min_notional=200000\n\nExit codes: 0 decided, 1 something required is missing or failed, 2 wrong usage',
    )
    .action(async (ids: string[], options) =>
      run(async (terminal) => (await import('./commands/run.ts')).run(ids, options, terminal), options)(),
    );

  addData(addShared(program.command('ready')))
    .description('say of each SOP whether the data lets it decide: live, in warm-up, or what is missing')
    .argument('[symbol]', 'for this symbol')
    .addHelpText('after', '\nExample:\n  sop ready BTC-USDT --table trades=trades.parquet --as-of 2026-11-02T03:00:00Z')
    .action(async (symbol: string | undefined, options) =>
      run(async (terminal) => (await import('./commands/ready.ts')).ready(symbol, options, terminal), options)(),
    );

  addData(addShared(program.command('backtest')))
    .description('run a SOP on history and compare its alerts with labels, or its decisions with a sheet of answers')
    .argument('<id>', 'the SOP')
    .addOption(new Option('--labels <file>', 'what really happened: one row an event'))
    .addOption(new Option('--match <column>', 'the column of the labels that holds the time').default('ts'))
    .addOption(new Option('--within <duration>', 'how far an alert may be from its label').default('5m'))
    .addOption(new Option('--near <duration>', 'also give the figures for alerts this close to a label'))
    .addOption(new Option('--by <columns>', "columns that an alert and its label share; default: the SOP's alert.by"))
    .addOption(new Option('--from <disposition>', "the lowest disposition that counts; default: the SOP's alert.from"))
    .addOption(
      new Option('--signals <file>', 'a sheet of signal values and expected answers, in place of tables and labels'),
    )
    .addOption(
      new Option('--expect <output=column>', 'where the sheet holds the expected answer; repeat it for more')
        .default([])
        .argParser(collect),
    )
    .addOption(
      new Option('--floor <figure=share>', 'fail below it: f1=0.8, precision=…, recall=…, near_f1=…')
        .default([])
        .argParser(collect),
    )
    .addOption(new Option('--out <dir>', 'write all alerts, misses and false alarms as files'))
    .addOption(new Option('--seed <n>', 'seed of the intervals and of the sample').default('1'))
    .addOption(
      new Option('--sample <n>', 'decisions that are tried again on data that ends when they had settled').default(
        '10',
      ),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  sop backtest pump-and-dump --table trades=trades.parquet --labels events.csv --match onset_at --within 2m --near 24h --by symbol\n  sop backtest wash-trading --signals reviewed.csv --expect disposition=verdict',
    )
    .action(async (id: string, options) =>
      run(async (terminal) => (await import('./commands/backtest.ts')).backtest(id, options, terminal), options)(),
    );

  addData(addShared(program.command('traffic')))
    .description('count how many real subjects pass where the cases of a SOP prove little, and beside each bound')
    .argument('<id>', 'the SOP')
    .addHelpText(
      'after',
      '\nExample:\n  sop traffic pump-and-dump --table trades=trades.parquet\n\nExit codes: 0 counted, 1 the SOP has errors or the data decides about nobody, 2 wrong usage',
    )
    .action(async (id: string, options) =>
      run(async (terminal) => (await import('./commands/traffic.ts')).traffic(id, options, terminal), options)(),
    );

  const data = program.command('data').description('look through data files');
  addData(addShared(data.command('check')))
    .description('say what is wrong with data files, and which signals of which SOPs they can fill')
    .argument('[file...]', 'data files; their format and table are recognised')
    .addHelpText(
      'after',
      '\nExamples:\n  sop data check BTCUSDT-trades-2026-01.csv\n  sop data check --table trades=desk.duckdb#fills --table trades@okx=trades.json --contract BTC-USDT-SWAP=0.01\n\nExit codes: 0 nothing found, 1 something found, 2 wrong usage or a file that cannot be read',
    )
    .action(async (files: string[], options) =>
      run(
        async (terminal) => (await import('./commands/data-check.ts')).dataCheck(files, options, terminal),
        options,
      )(),
    );

  const start = program.command('new').description('start a SOP, a case or a technique');
  addShared(start.command('sop'))
    .description('a SOP with cases, green as it stands, to change into your own')
    .argument('<id>', 'lower-case words joined by hyphens')
    .addOption(new Option('--title <text>', 'its title'))
    .addOption(new Option('--technique <id>', 'what it detects; default: WT-01'))
    .addHelpText(
      'after',
      '\nExample:\n  sop new sop large-withdrawals --title "Large withdrawals after a login from a new device"',
    )
    .action(async (id: string, options) =>
      run(async (terminal) => (await import('./commands/new.ts')).newSop(id, options, terminal), options)(),
    );
  addShared(start.command('case'))
    .description('a case with the tables that the SOP reads; what it expects is for you to say')
    .argument('<sop>', 'the SOP that it belongs to')
    .argument('<name>', 'lower-case words joined by hyphens, unique in the repository')
    .addOption(
      new Option('--kind <kind>', 'attack: must be found; benign: must be left alone; incident: found, nobody accused')
        .choices(['attack', 'benign', 'incident'])
        .default('attack'),
    )
    .addOption(new Option('--technique <id>', "what it shows; default: the SOP's first"))
    .addHelpText('after', '\nExample:\n  sop new case wash-trading wt-two-desks --kind benign')
    .action(async (sop: string, name: string, options) =>
      run(async (terminal) => (await import('./commands/new.ts')).newCase(sop, name, options, terminal), options)(),
    );
  addShared(start.command('technique'))
    .description('an entry in sops/taxonomy.yaml')
    .argument('<id>', 'family and number, such as WT-08')
    .addOption(new Option('--name <text>', 'what it is called'))
    .addHelpText('after', '\nExample:\n  sop new technique WT-08 --name "Wash trading through a dark pool"')
    .action(async (id: string, options) =>
      run(async (terminal) => (await import('./commands/new.ts')).newTechnique(id, options, terminal), options)(),
    );

  addExchange(program, run);
  addEvals(program, run);

  addShared(program.command('tables'))
    .description('list the market tables that SQL and cases may use')
    .argument('[name]', 'one table, to see its columns')
    .addHelpText('after', '\nExamples:\n  sop tables\n  sop tables trades')
    .action(async (name: string | undefined, options) =>
      run(async (terminal) => (await import('./commands/tables.ts')).tables(name, options, terminal), options)(),
    );

  addShared(program.command('init'))
    .description("start a desk's repository here: vocabulary, taxonomy, one SOP with cases, a CI workflow")
    .addHelpText('after', '\nExample:\n  mkdir our-sops && cd our-sops && sop init && sop')
    .action(async (options) =>
      run(async (terminal) => (await import('./commands/init.ts')).init(options, terminal), options)(),
    );

  addShared(program.command('explain'))
    .description('print the page of a diagnostic')
    .argument('[code]', 'such as SOP301; without one, the list of all')
    .addHelpText('after', '\nExample:\n  sop explain SOP301')
    .action(async (code: string | undefined, options) =>
      run(async (terminal) => (await import('./commands/explain.ts')).explain(code, terminal), options)(),
    );
  return program;
}

function unknownCommand(command: string, program: Command): string {
  const known = program.commands.map((entry) => entry.name());
  const [near] = nearest(command, known);
  return `there is no command \`${command}\`${near === undefined ? `; there are: ${known.join(', ')}` : `; did you mean \`sop ${near}\`?`}`;
}
