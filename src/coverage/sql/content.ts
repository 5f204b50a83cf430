import { createHash } from 'node:crypto';
import type { CheckedSop } from '../../check/checked.ts';
import type { GivenTable } from '../../model/case.ts';
import type { Library } from '../../model/library.ts';
import type { Store } from '../../model/ports.ts';
import type { ViewCase } from '../../model/view.ts';
import { sharedData } from '../../replay/shared-data.ts';
import type { DataCase } from './case-runs.ts';

/** All on which the outcome of a case with a SOP depends, but the case: a digest that prose and places do not change. */
export function sopContent({ sop, reads }: CheckedSop, library: Library, version: string): string {
  const { subject, at, lookback, settle, segmentBy, segments, identity, parameters, requires, tables } = sop;
  const groups = sop.groups.map(({ name, signals, sql, members }) => [name, signals, sql?.text, members?.text]);
  const { dispositions, severities } = library.desk;
  const shared = sharedData(reads, library.lists, []);
  const shapes = library.sources.filter(({ name }) => reads.tables.includes(name));
  return digest([
    version, subject, at, lookback, settle, segmentBy, segments, identity, parameters, requires, tables, groups, dispositions, severities,
    shared, shapes,
  ]); // biome-ignore format: a list of what counts
}

/** The case, with the content of its files; null where a file can't be read as text, so that nothing can be remembered. */
export async function caseContent({ entry, input }: DataCase, store: Store): Promise<string | null> {
  const { kind, asOf, expect, others, path } = entry;
  const given = await givenContent(input.tables, path, store);
  return given && digest([kind, asOf, expect, others, input.provided, given]);
}

export async function viewCaseContent(entry: ViewCase, store: Store): Promise<string | null> {
  const given = await givenContent(entry.given, entry.path, store);
  return given && digest([entry.view, entry.asOf, entry.expect, entry.others, given]);
}

async function givenContent(tables: readonly GivenTable[], path: string, store: Store): Promise<unknown[] | null> {
  const folder = path.replace(/\/cases\/[^/]*$/, '');
  const given: unknown[] = [];
  for (const { name, data } of tables) {
    if (data.kind === 'rows') given.push([name, data.rows]);
    else {
      const file = data.path.value;
      const content = await store.read(`${folder}/${file.startsWith('/') ? file.slice(1) : `cases/${file}`}`);
      if (content?.kind !== 'text') return null;
      given.push([name, file, digest(content.text)]);
    }
  }
  return given;
}

export function digest(value: unknown): string {
  const text = JSON.stringify(value, (key, entry: unknown) =>
    places.has(key) ? undefined : entry instanceof Map ? [...entry] : entry instanceof Set ? [...entry] : entry,
  );
  return createHash('sha256').update(text).digest('hex');
}

/** Where something stands, and what it is called or said of it, decides nothing. */
const places = new Set(['span', 'headerSpan', 'start', 'remarks', 'meaning', 'annotations', 'description']);
