import { readFileSync } from 'node:fs';
import type { CheckedSop } from '../../check/checked.ts';
import { withValues } from '../../check/resolve-segments.ts';
import { misfitOf } from '../../check/rules/parameters.ts';
import { compileForData, type Ports } from '../../compile.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Desk } from '../../model/library.ts';
import type { Parameter } from '../../model/sop.ts';
import { compareRuns, type RunDifference } from '../../replay/compare-runs.ts';
import type { Source } from '../../replay/source.ts';
import { jsonDifferences } from '../../report/json-difference.ts';
import { prettyDifference } from '../../report/pretty-difference.ts';
import { nearest } from '../../text/nearest.ts';
import type { SourceFile } from '../../text/source.ts';
import { existing } from '../data-files.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import { withFile } from '../with-file.ts';
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

/** `min_notional=500`: in every segment. `min_notional.illiquid=500`: in one. */
interface Assignment {
  readonly text: string;
  readonly name: string;
  readonly segment: string | null;
  readonly value: string;
}

function readAssignment(text: string): Assignment {
  const equals = text.indexOf('=');
  const [name = '', ...segment] = text.slice(0, equals).split('.');
  return { text, name, segment: segment.length === 0 ? null : segment.join('.'), value: text.slice(equals + 1) };
}

/** The SOP with other values; null where it has none of the parameters. */
function changeParameters(target: CheckedSop, assignments: readonly string[], desk: Desk): CheckedSop | null {
  const wanted = assignments.map(readAssignment).filter((entry) => isIn(entry, target));
  if (wanted.length === 0) return null;
  const parameters = target.sop.parameters.map((parameter) =>
    wanted.filter(({ name }) => name === parameter.name.value).reduce(assign, parameter),
  );
  const written = parameters.flatMap((parameter) =>
    [parameter.value, ...parameter.bySegment.map(({ value }) => value)].map((value) => ({ ...parameter, value })),
  );
  const wrong = written.map(misfitOf).find((problem) => problem !== null);
  if (wrong?.code === 'SOP403') {
    const { name, value, problem } = wrong.args as { name: string; value: string; problem: string }; // the code's own arguments
    throw new UsageError(`\`--what-if ${name}=${value}\`: ${value} ${problem}`);
  }
  return withValues(target, parameters, desk);
}

/** A value for all takes the place of what segments have of their own. */
function assign(parameter: Parameter, { segment, value }: Assignment): Parameter {
  const located = { ...parameter.value, value };
  if (segment === null) return { ...parameter, value: located, bySegment: [] };
  const others = parameter.bySegment.filter((entry) => entry.segment !== segment);
  return { ...parameter, bySegment: [...others, { segment, value: located }] };
}

function isIn({ name, segment }: Assignment, { sop }: CheckedSop): boolean {
  const hasSegment = segment === null || sop.segments.some(({ value }) => value === segment);
  return hasSegment && sop.parameters.some((parameter) => parameter.name.value === name);
}

function requireParameter(text: string, chosen: readonly CheckedSop[]): void {
  const assignment = readAssignment(text);
  if (chosen.some((target) => isIn(assignment, target))) return;
  const { name, segment } = assignment;
  const owners = chosen.filter(({ sop }) => sop.parameters.some((parameter) => parameter.name.value === name));
  if (segment !== null && owners.length > 0) {
    const segments = [...new Set(owners.flatMap(({ sop }) => sop.segments.map(({ value }) => value)))];
    const there = segments.length === 0 ? 'it has none' : `there are: ${segments.join(', ')}`;
    throw new UsageError(`\`--what-if ${text}\`: no SOP of this run has a segment \`${segment}\`; ${there}`);
  }
  const known = [...new Set(chosen.flatMap(({ sop }) => sop.parameters.map((parameter) => parameter.name.value)))];
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
  const { checked, diagnostics, files } = await compileForData(withFile(ports, target.sop.path, text));
  const after = checked.sops.find((entry) => entry.sop.path === target.sop.path);
  const errors = diagnostics.filter(({ level, span }) => level === 'error' && span.path === target.sop.path);
  if (after === undefined || !after.sound) return { errors, files };
  return { pairs: [[target, after]] };
}
