import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import type { Story } from '../model/case.ts';
import type { Library } from '../model/library.ts';
import { segmentName } from '../model/segments.ts';
import type { Sop } from '../model/sop.ts';
import { nearest, onlyNearest } from '../text/nearest.ts';

/** Signal values are decided in the segment that the case states; market data says the segment itself. */
export function checkSegment({ input, segment, name }: Story, sop: Sop): Diagnostic[] {
  const known = sop.segments.map(({ value }) => value);
  if (sop.segmentBy === null || input.kind === 'given') {
    if (segment === null) return [];
    const by = sop.segmentBy === null ? null : segmentName(sop.segmentBy);
    return [diagnose('SOP333', segment.span, { by })];
  }
  // Without any segment the SOP has been told so, and each of its cases would only repeat it.
  if (known.length === 0) return [];
  if (segment === null) return [diagnose('SOP331', name.span, { name: sop.id.value, known })];
  if (known.includes(segment.value)) return [];
  const only = onlyNearest(segment.value, known);
  const edits = only === undefined ? [] : [{ span: segment.span, text: only }];
  const args = { name: segment.value, near: nearest(segment.value, known), known };
  return [diagnose('SOP332', segment.span, args, { edits })];
}

/** Whoever is named by members must be named so in every SOP whose answer counts; signal values have no members. */
export function checkMembers({ sop: own, also, expect, input }: Story, { sops }: Library): Diagnostic[] {
  const [member] = expect.flatMap(({ members }) => members);
  if (member === undefined) return [];
  const asked = sops.filter(({ id }) => id.value === own || also.some(({ value }) => value === id.value));
  const without = asked.find(({ identity }) => identity === null || input.kind === 'signals');
  return without === undefined ? [] : [diagnose('SOP334', member.span, { sop: without.id.value })];
}

/** A case stands in the place of others once they are gone; said beforehand, it would be a licence to remove them. */
export function checkReplaces(
  { name, replaces }: Pick<Story, 'name' | 'replaces'>,
  sop: string,
  { cases, drafts, viewCases }: Library,
): Diagnostic[] {
  if (replaces.length === 0) return [];
  const there = new Set([...cases, ...drafts, ...viewCases].map((entry) => entry.name.value));
  return replaces
    .filter(({ value }) => there.has(value))
    .map(({ value, span }) => diagnose('SOP764', span, { case: name.value, sop, other: value }));
}

/** Rows are appended to rows, and files to files. */
export function checkMonotone({ input, monotone }: Story): Diagnostic[] {
  if (monotone === null) return [];
  if (input.kind === 'signals') {
    const fix = 'give market data under `given`: only rows can be appended';
    return [
      diagnose('SOP268', monotone.span, { problem: 'has no rows to stand behind: the case gives signal values', fix }),
    ];
  }
  return monotone.tables.flatMap(({ name, data }) => {
    const given = input.tables.find((table) => table.name.value === name.value);
    if (given === undefined || given.data.kind === data.kind) return [];
    const [is, more] = given.data.kind === 'file' ? ['a file', 'rows'] : ['rows', 'a file'];
    const problem = `appends ${more} to \`${name.value}\`, which the case gives as ${is}`;
    return [diagnose('SOP268', name.span, { problem, fix: `append ${is} to it, or give the table as ${more}` })];
  });
}
