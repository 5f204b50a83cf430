import { type Box, placesOf, type State } from '../boxes/box.ts';
import type { Frame, Layer } from '../boxes/frame.ts';
import { cellAt } from '../boxes/state.ts';
import type { LogicTable } from '../logic.ts';
import { intersect, sameRanges } from '../region/ranges.ts';

/** A box of a frame, and what is known of each layer all over it. */
export interface Part {
  readonly frame: Frame;
  readonly box: Box;
  readonly states: readonly State[];
}

/** A layer of a part. */
export interface Known {
  readonly layer: Layer;
  readonly state: State;
}

export function knownOf({ frame, states }: Part, at: number): Known {
  const [layer, state] = [frame.layers[at], states[at]];
  if (layer === undefined || state === undefined) throw new Error(`no layer ${at}`);
  return { layer, state };
}

/** Where two tables begin to differ: rules at one place of their lists; undefined where a list has ended. */
export interface Difference {
  /** The layers. */
  readonly one: number;
  readonly other: number;
  readonly before: number | undefined;
  readonly after: number | undefined;
  /** How many rules of both lists are alike before it; -1: it is not a rule that differs. */
  readonly place: number;
}

/** What differs between two layers over a part; null where they are one and the same function of its inputs. */
export function differenceOf(one: number, other: number, part: Part, idsCount = false): Difference | null {
  const [a, b] = [knownOf(part, one), knownOf(part, other)];
  const most = Math.max(a.state.alive.length, b.state.alive.length);
  for (let place = 0; place < most; place++) {
    const [before, after] = [a.state.alive[place], b.state.alive[place]];
    if (before === undefined || after === undefined) return { one, other, before, after, place };
    const isRenamed = idsCount && a.layer.rules[before]?.id !== b.layer.rules[after]?.id;
    if (isRenamed || !sameRule(a, b, place, part)) return { one, other, before, after, place };
  }
  return kindOf(a.layer) === kindOf(b.layer) && sameElse(a, b)
    ? null
    : { one, other, before: undefined, after: undefined, place: -1 };
}

/** Whether the rules at one place of both lists say the same of the same inputs. */
function sameRule(a: Known, b: Known, place: number, part: Part): boolean {
  const [one, other] = [a.state.alive[place] ?? -1, b.state.alive[place] ?? -1];
  if (a.layer.says[one] !== b.layer.says[other]) return false;
  if (a.state.sure[place] && b.state.sure[place]) return true;
  return differingDim(a.layer, one, b.layer, other, part.box) === null && sameFeeds(a.layer, one, b.layer, other, part);
}

/** Both ask the same of the same tables. */
function sameFeeds(a: Layer, one: number, b: Layer, other: number, part: Part): boolean {
  const asked = ({ feeds }: Layer, rule: number) => feeds.filter(({ tests }) => tests[rule]?.kind === 'tests');
  const [before, after] = [asked(a, one), asked(b, other)];
  if (before.length !== after.length) return false;
  return before.every(({ column, tests, layer }) => {
    const like = after.find((feed) => feed.column.name === column.name && feed.tests[other] === tests[one]);
    return like !== undefined && differenceOf(layer, like.layer, part) === null;
  });
}

/** An axis on which two rules let different parts of a box through. */
export function differingDim(a: Layer, one: number, b: Layer, other: number, box: Box): number | null {
  const width = box.low.length;
  for (let dim = 0; dim < width; dim++)
    if (!sameCell(a, one * width + dim, b, other * width + dim, box, dim)) return dim;
  return null;
}

function sameCell(a: Layer, one: number, b: Layer, other: number, box: Box, dim: number): boolean {
  if (a.low[one] === b.low[other] && a.high[one] === b.high[other] && a.runs.get(one) === b.runs.get(other))
    return true;
  const all = placesOf(box, dim);
  return sameRanges(intersect(cellAt(a, one), all), intersect(cellAt(b, other), all));
}

/** The same text for tables that make the same of the rules that match. */
const kinds = new WeakMap<LogicTable, string>();

function kindOf({ table, ordered }: Layer): string {
  const outputs = table.outputs.map(({ name, type }) => [name, type]);
  const kind = kinds.get(table) ?? JSON.stringify([ordered ? 'F' : table.hitPolicy, outputs]);
  kinds.set(table, kind);
  return kind;
}

/** What a box that no rule decides gets. Where a rule matches all over it, nothing is left for it. */
function sameElse(a: Known, b: Known): boolean {
  return a.layer.says.at(-1) === b.layer.says.at(-1) || a.state.sure.includes(true);
}
