import { type Command, Option } from 'commander';
import { addShared, collect, type Run } from './options.ts';

/** The commands that measure an agent by the cases of SOPs. */
export function addEvals(program: Command, run: Run): void {
  addShared(program.command('evals'), ['jsonl', 'inspect', 'promptfoo'])
    .description('give the cases of SOPs as evals of an agent to another tool')
    .argument('[id...]', 'SOPs')
    .addOption(new Option('--out <place>', 'a file, for promptfoo a folder; default: print it'))
    .addOption(new Option('--drafts', 'also cases of SOPs that are not approved yet').default(false))
    .addHelpText(
      'after',
      '\nExamples:\n  sop evals > cases.jsonl\n  sop evals wash-trading --format inspect --out wash-trading.jsonl\n  sop evals --format promptfoo --out evals/ && promptfoo eval -c evals/promptfooconfig.yaml\n\nExit codes: 0 written, 1 there is no case to give, 2 wrong usage',
    )
    .action(async (ids: string[], options) =>
      run(async (terminal) => (await import('./commands/evals.ts')).evals(ids, options, terminal), options)(),
    );

  addShared(program.command('eval'), ['pretty', 'json', 'jsonl'])
    .description('put the cases of SOPs to an agent, and score its findings by what the SOPs say')
    .argument('[id...]', 'SOPs')
    .requiredOption(
      '--agent <command>',
      'a program with its arguments: a case on its standard input, findings on its standard output; or openai:URL',
    )
    .addOption(new Option('--concurrency <n>', 'cases at a time').default('4'))
    .addOption(new Option('--time-limit <duration>', 'for one case, such as 90s or 10m').default('5m'))
    .addOption(new Option('--output-limit <bytes>', 'of what a program answers to one case').default('1000000'))
    .addOption(
      new Option('--pass-env <name>', 'a variable that the program inherits; repeat it').default([]).argParser(collect),
    )
    .addOption(new Option('--model <name>', 'with openai: the model'))
    .addOption(new Option('--key-env <name>', 'with openai: the variable that holds the key'))
    .addOption(new Option('--rounds <n>', 'with openai: turns of the model for one case').default('20'))
    .addOption(new Option('--resume <file>', 'keep answers there as they come, and do not ask again what it holds'))
    .addOption(new Option('--floor <percent>', 'fail where fewer cases than that are right in everything'))
    .addOption(new Option('--drafts', 'also cases of SOPs that are not approved yet').default(false))
    .addHelpText(
      'after',
      "\nExamples:\n  sop eval wash-trading --agent 'node our-agent.mjs'\n  sop eval --agent 'python agent.py' --pass-env API_KEY --resume answers.jsonl --floor 90\n  sop eval --agent openai:http://localhost:8000/v1 --model our-model\n\nExit codes: 0 scored, 1 below the floor, or nothing could be scored, 2 wrong usage",
    )
    .action(async (ids: string[], options) =>
      run(async (terminal) => (await import('./commands/eval.ts')).evaluateAgent(ids, options, terminal), options)(),
    );
}
