import type { CheckedSop } from '../check/checked.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { CaseInput, Story } from '../model/case.ts';
import type { Limits, TableShape } from '../model/ports.ts';
import { parseTime } from '../text/time.ts';
import { caseData, describeDataProblem, providedValues } from './case-data.ts';
import type { Request } from './evaluate.ts';
import { sharedData } from './shared-data.ts';
import type { Source } from './source.ts';
import { tablesOf } from './survey.ts';
import type { World } from './world.ts';

export type Given = Extract<CaseInput, { kind: 'given' }>;

/** A case of a few hundred rows is decided in milliseconds; what takes seconds has run away. */
export const caseLimits: Limits = { milliseconds: 20_000, megabytes: 2_000, rows: 100_000 };

/** Opens what a case states as a data set. Tables that it does not name are empty. */
export async function openCase(
  entry: Story,
  input: Given,
  checked: CheckedSop,
  world: World,
  shapes: readonly TableShape[],
): Promise<Source | { readonly why: string; readonly diagnostics: readonly Diagnostic[] }> {
  const content = await caseData(entry, { given: input.tables }, world.library.sources, world.store);
  if ('code' in content) return { why: 'its data file cannot be used', diagnostics: [content] };
  const names = input.tables.map((table) => table.name.value);
  const shared = sharedData(checked.reads, world.library.lists, names);
  const read = new Set([...tablesOf(checked), ...names.filter((name) => name === 'coverage')]);
  for (const { name } of shared.tables) read.delete(name);
  const open = shapes.filter((shape) => read.has(shape.name));
  const needed = content.filter((table) => open.some((shape) => shape.name === table.table));
  const opened = await world.engine.open([...open, ...shared.tables], [...needed, ...shared.content], {
    limits: caseLimits,
    threads: 1,
    views: shared.views,
  });
  if (!opened.ok)
    return {
      why: 'its data cannot be read',
      diagnostics: [describeDataProblem(opened.problem, entry, { given: input.tables })],
    };
  return { data: opened.value, shapes: open, given: new Set(names), complete: true };
}

/** How a case is evaluated: as of its `as_of`, or with all it states and the time to settle. */
export function caseRequest(entry: Story, input: Given, { sop }: CheckedSop): Request {
  return {
    provided: providedValues(input.provided, sop),
    limits: caseLimits,
    label: entry.name.value,
    from: null,
    asOf: entry.asOf === null ? null : (parseTime(entry.asOf.value) ?? null),
  };
}
