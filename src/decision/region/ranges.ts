import type { Axis, Ranges } from './axis.ts';

const wholes = new WeakMap<Axis, Ranges>();

/** All pieces of an axis; the same object each time. */
export function wholeOf(axis: Axis): Ranges {
  const known = wholes.get(axis);
  if (known !== undefined) return known;
  const whole = axis.pieces.length === 0 ? [] : [0, axis.pieces.length - 1];
  wholes.set(axis, whole);
  return whole;
}

export function intersect(a: Ranges, b: Ranges): Ranges {
  const both: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const low = Math.max(a[i] ?? 0, b[j] ?? 0);
    const aEnd = a[i + 1] ?? -1;
    const bEnd = b[j + 1] ?? -1;
    if (low <= Math.min(aEnd, bEnd)) both.push(low, Math.min(aEnd, bEnd));
    if (aEnd < bEnd) i += 2;
    else j += 2;
  }
  return both;
}

/** What is in the first alone. */
export function subtract(a: Ranges, b: Ranges): Ranges {
  const rest: number[] = [];
  for (let at = 0; at < a.length; at += 2) {
    let from = a[at] ?? 0;
    const to = a[at + 1] ?? -1;
    for (let other = 0; other < b.length; other += 2) {
      const [low, high] = [b[other] ?? 0, b[other + 1] ?? -1];
      if (high < from || low > to) continue;
      if (low > from) rest.push(from, low - 1);
      from = high + 1;
    }
    if (from <= to) rest.push(from, to);
  }
  return rest;
}

export function unite(a: Ranges, b: Ranges): Ranges {
  const pairs: [number, number][] = [];
  for (const of of [a, b]) for (let at = 0; at < of.length; at += 2) pairs.push([of[at] ?? 0, of[at + 1] ?? -1]);
  pairs.sort((x, y) => x[0] - y[0]);
  const all: number[] = [];
  for (const [low, high] of pairs) {
    const end = all.at(-1);
    if (end !== undefined && low <= end + 1) all[all.length - 1] = Math.max(end, high);
    else all.push(low, high);
  }
  return all;
}

export function sameRanges(a: Ranges, b: Ranges): boolean {
  return a.length === b.length && a.every((place, at) => place === b[at]);
}

/** Each place by itself. */
export function places(ranges: Ranges): number[] {
  const all: number[] = [];
  for (let at = 0; at < ranges.length; at += 2)
    for (let place = ranges[at] ?? 0; place <= (ranges[at + 1] ?? -1); place++) all.push(place);
  return all;
}
