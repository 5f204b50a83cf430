import { readFileSync } from 'node:fs';
import type { CheckedSop } from '../../check/checked.ts';
import { resolveTables } from '../../check/resolve-tables.ts';
import { misfitOf } from '../../check/rules/parameters.ts';
import { compile, type Ports } from '../../compile.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Desk } from '../../model/library.ts';
import { compareRuns, type RunDifference } from '../../replay/compare-runs.ts';
import type { Source } from '../../replay/source.ts';
import { jsonDifferences } from '../../report/json-difference.ts';
import { prettyDifference } from '../../report/pretty-difference.ts';
import { nearest } from '../../text/nearest.ts';
import type { SourceFile } from '../../text/source.ts';
import { existing } from '../data-files.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import { decide, lacksData, type RunWorld } from './run-options.ts';
import { showErrors } from './show-errors.ts';

/** Runs each SOP as it is and changed on the same data, and tells which alerts come and go. */
export async function whatIf(
  chosen: readonly CheckedSop[],
  world: Omit<RunWorld, 'source'>,
  open: (sops: readonly CheckedSop[]) => Promise<Source>,
  ports: Ports,
): Promise<ExitCode> {
  const { flags, terminal, files, desk } = world;
  const changed = await changeAll(chosen, world, ports);
  if ('errors' in changed) return showErrors(changed.errors, changed.files, flags, terminal);
  // The changed SOP may read what the other one does not.
  const source = await open([...chosen, ...changed.pairs.map(([, after]) => after)]);
  const differences: RunDifference[] = [];
  for (const [before, after] of changed.pairs) {
    const runs = [await decide(before, source, flags, desk), await decide(after, source, flags, desk)];
    const [one, other] = runs;
    const failed = runs.find((done) => 'diagnostic' in done);
    if (failed !== undefined && 'diagnostic' in failed) return showErrors([failed.diagnostic], files, flags, terminal);
    if (one !== undefined && 'run' in one && other !== undefined && 'run' in other)
      differences.push(compareRuns(one.run, other.run));
  }
  if (flags.format === 'json') terminal.out(`${JSON.stringify(jsonDifferences(differences), null, 2)}\n`);
  else terminal.out(differences.map((found) => prettyDifference(found, flags.verbose, terminal.page)).join('\n'));
  const runs = differences.flatMap(({ before, after }) => [before, after]);
  return runs.some(lacksData) ? exitCodes.findings : exitCodes.clean;
}

type Pair = readonly [before: CheckedSop, after: CheckedSop];

type Changed =
  | { readonly pairs: readonly Pair[] }
  | { readonly errors: readonly Diagnostic[]; readonly files: ReadonlyMap<string, SourceFile> };

async function changeAll(
  chosen: readonly CheckedSop[],
  { flags, desk }: Pick<RunWorld, 'flags' | 'desk'>,
  ports: Ports,
): Promise<Changed> {
  const assignments = flags.whatIf.filter((text) => text.includes('='));
  const [file, second] = flags.whatIf.filter((text) => !text.includes('='));
  if (second !== undefined || (file !== undefined && assignments.length > 0))
    throw new UsageError('`--what-if` takes parameters (name=value, as often as wanted) or one changed SOP file');
  if (file !== undefined) return changeByFile(chosen, file, ports);
  const pairs = chosen.flatMap((target): Pair[] => {
    const after = changeParameters(target, assignments, desk);
    return after === null ? [] : [[target, after]];
  });
  for (const text of assignments) requireParameter(text, chosen);
  return { pairs };
}

/** The SOP with other values; null where it has none of the parameters. */
function changeParameters(target: CheckedSop, assignments: readonly string[], desk: Desk): CheckedSop | null {
  const values = new Map(
    assignments.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]),
  );
  if (!target.sop.parameters.some(({ name }) => values.has(name.value))) return null;
  const parameters = target.sop.parameters.map((parameter) => {
    const value = values.get(parameter.name.value);
    return value === undefined ? parameter : { ...parameter, value: { ...parameter.value, value } };
  });
  const wrong = parameters.map(misfitOf).find((problem) => problem !== null);
  if (wrong?.code === 'SOP403') {
    const { name, value, problem } = wrong.args as { name: string; value: string; problem: string }; // the code's own arguments
    throw new UsageError(`\`--what-if ${name}=${value}\`: ${value} ${problem}`);
  }
  const sop = { ...target.sop, parameters };
  return { ...target, sop, logic: resolveTables(sop, desk)[0] };
}

function requireParameter(text: string, chosen: readonly CheckedSop[]): void {
  const name = text.slice(0, text.indexOf('='));
  const known = [...new Set(chosen.flatMap(({ sop }) => sop.parameters.map((parameter) => parameter.name.value)))];
  if (known.includes(name)) return;
  const [near] = nearest(name, known);
  throw new UsageError(
    `\`--what-if ${text}\`: no SOP of this run has a parameter \`${name}\`${near === undefined ? `; there are: ${known.join(', ')}` : `; did you mean \`${near}\`?`}`,
  );
}

/** The library with one SOP's file replaced, compiled as it would be after a merge. */
async function changeByFile(chosen: readonly CheckedSop[], file: string, ports: Ports): Promise<Changed> {
  const [target, second] = chosen;
  if (target === undefined || second !== undefined)
    throw new UsageError(`name the SOP that \`--what-if ${file}\` changes: \`sop run my-sop --what-if ${file} …\``);
  const text = readFileSync(existing(file), 'utf8');
  const { store } = ports;
  const read: typeof store.read = (path) =>
    path === target.sop.path ? Promise.resolve({ kind: 'text', text }) : store.read(path);
  const { checked, diagnostics, files } = await compile({ ...ports, store: { ...store, read } });
  const after = checked.sops.find((entry) => entry.sop.path === target.sop.path);
  const errors = diagnostics.filter(({ level, span }) => level === 'error' && span.path === target.sop.path);
  if (after === undefined || !after.sound) return { errors, files };
  return { pairs: [[target, after]] };
}
