import { type Command, Option } from 'commander';
import { dialectNames } from '../decision/sql/dialects.ts';
import { addShared, type Run } from './options.ts';

/** The commands that take decision tables from other systems and give them to others. */
export function addExchange(program: Command, run: Run): void {
  const imports = program.command('import').description('take decision tables of another tool');
  addShared(imports.command('dmn'))
    .description('a DMN file as Parameters, Signals and Decision of a SOP; what could not be taken is listed')
    .argument('<file>', 'a .dmn file, DMN 1.1 to 1.6')
    .addOption(new Option('--decision <name>', 'the decision to take, with all that it needs; default: the last one'))
    .addOption(new Option('--out <file>', 'write the Markdown there; default: print it'))
    .addHelpText(
      'after',
      '\nExamples:\n  sop import dmn routing.dmn > decision.md\n  sop import dmn routing.dmn --decision "Routing" --out decision.md\n\nExit codes: 0 all taken, 1 something not taken, 2 wrong usage or no DMN file',
    )
    .action(async (file: string, options) =>
      run(
        async (terminal) => (await import('./commands/import-dmn.ts')).importDmnFile(file, options, terminal),
        options,
      )(),
    );

  const exporting = program.command('export').description('give what a SOP decides to another system');
  addShared(exporting.command('sql'))
    .description('the decision tables of a SOP as one SELECT over a table of its signals')
    .argument('<id>', 'the SOP')
    .addOption(new Option('--dialect <dialect>', 'whose SQL').choices(dialectNames).default('duckdb'))
    .addOption(new Option('--from <table>', 'the table, with a schema before a point if need be').default('signals'))
    .addHelpText(
      'after',
      '\nExamples:\n  sop export sql wash-trading\n  sop export sql wash-trading --dialect postgres --from risk.signals > decide.sql\n\nExit codes: 0 written, 1 the SOP has errors or no SQL says the same, 2 wrong usage',
    )
    .action(async (id: string, options) =>
      run(async (terminal) => (await import('./commands/export-sql.ts')).exportSql(id, options, terminal), options)(),
    );

  addShared(exporting.command('dmn'))
    .description("a SOP's decision tables as a DMN 1.3 file; what DMN has no words for is listed")
    .argument('<id>', 'the SOP')
    .addOption(new Option('--out <file>', 'write the file there; default: print it'))
    .addOption(new Option('--segment <name>', 'with the parameters of this segment'))
    .addHelpText('after', '\nExample:\n  sop export dmn wash-trading --out wash-trading.dmn')
    .action(async (id: string, options) =>
      run(
        async (terminal) => (await import('./commands/export-dmn.ts')).exportDmnFile(id, options, terminal),
        options,
      )(),
    );
}
