import { mergeBoxes } from '../boxes/area.ts';
import type { Box, State } from '../boxes/box.ts';
import type { Meter } from '../boxes/budget.ts';
import { chooseCut } from '../boxes/cut-box.ts';
import { explore, lastOf, stopBefore } from '../boxes/explore.ts';
import { whatMatters } from '../boxes/matters.ts';
import { outcomesOf } from '../boxes/outcome.ts';
import { coversAt, rootOf } from '../boxes/state.ts';
import type { TableAnswer } from '../compile-table.ts';
import { compileDecision } from '../decide.ts';
import { showScalar } from '../normalise.ts';
import { witnessOf } from '../region/witness.ts';
import { insist } from './confirm.ts';
import type { Inquiry } from './inquiry.ts';
import { answersAlong, isToldApart, type Slice } from './slices.ts';

interface Milder {
  readonly disposition: string;
  readonly known: string;
  readonly boxes: Pick<Box, 'low' | 'high'>[];
}

/**
 * Where null of an input gets a milder disposition than all that the input may be known to be. Inputs that leave a subject undecided do
 * not count as mild: a person looks at them. `dispositions` from the mildest to the strictest.
 */
export function tellMilder(inquiry: Inquiry, dispositions: readonly string[], meter: Meter): void {
  const { frame, table } = inquiry;
  const output = table.outputs.findIndex(({ name }) => name === 'disposition');
  if (output < 0) return;
  frame.dims.forEach(({ axis, name }, dim) => {
    if (axis.column.fixed === true || axis.pieces.length < 2 || axis.pieces.at(-1)?.kind !== 'null') return;
    const groups = new Map<string, Milder>();
    const open = searchMilder(inquiry, { dim, output, dispositions }, meter, (box, answers) => {
      const milder = compareNull(answers, output, dispositions, axis.pieces.length - 1);
      if (milder === null) return;
      const key = `${milder.disposition} ${milder.known}`;
      const group = groups.get(key) ?? { ...milder, boxes: [] };
      groups.set(key, group);
      const low = box.low.slice();
      low[dim] = axis.pieces.length - 1;
      group.boxes.push({ low, high: box.high });
    });
    if (open.length > 0) inquiry.leaveOpen('null_milder', name, open);
    for (const group of groups.values()) tellGroup(inquiry, dim, group, dispositions);
  });
}

function searchMilder(
  { frame, layer }: Inquiry,
  {
    dim,
    output,
    dispositions,
  }: { readonly dim: number; readonly output: number; readonly dispositions: readonly string[] },
  meter: Meter,
  found: (box: Box, answers: readonly Slice[]) => void,
): Box[] {
  const root = rootOf(frame);
  if (root === null) return [];
  const width = frame.dims.length;
  const nullPlace = root.high[dim] ?? 0;
  /** The first rule decides null and something known alike. */
  const isSettled = (box: Box, { alive }: State) => {
    const first = alive[0];
    if (!layer.ordered || first === undefined || layer.feeds.length > 0) return false;
    for (let other = 0; other < width; other++)
      if (other !== dim && !coversAt(layer, first * width + other, box.low[other] ?? 0, box.high[other] ?? 0))
        return false;
    const cell = first * width + dim;
    return coversAt(layer, cell, nullPlace, nullPlace) && (layer.low[cell] ?? 0) < nullPlace;
  };
  const ranks = rankOfRules(layer, output, dispositions);
  /** Whatever rule decides, it gives one disposition. */
  const isOne = ({ alive, sure }: State) => {
    if (!layer.ordered) return false;
    const least = sure.includes(true) ? ranks[alive[0] ?? -1] : ranks.at(-1);
    return alive.every((rule) => ranks[rule] === least);
  };
  let asked: { readonly of: readonly State[]; readonly matter: readonly State[] } | undefined;
  /** A box is visited, and then cut, by the same states. */
  const mattering = (states: readonly State[]) => {
    if (asked?.of !== states) asked = { of: states, matter: whatMatters(frame, states) };
    return asked.matter;
  };
  const visit = (box: Box, states: readonly State[]) => {
    const stop = stopBefore(states);
    const last = lastOf(states);
    if (stop === 'sure' || (layer.ordered && last.sure[0])) return 'done';
    if (stop === 'no' && isSettled(box, last)) return 'done';
    if (stop === 'no' && isOne(last)) return 'done';
    return isToldApart(frame, box, mattering(states), dim) ? 'cut' : 'done';
  };
  const choose = (box: Box, states: readonly State[]) => chooseCut(frame, box, mattering(states), dim);
  const leaf = (box: Box, states: readonly State[]) => {
    found(box, answersAlong(frame, box, states, dim));
    return 'done' as const;
  };
  return explore({ frame, meter, visit, leaf, choose }, root);
}

/** How strict each rule is, and at the end where none matches. */
function rankOfRules(layer: Inquiry['layer'], output: number, dispositions: readonly string[]): number[] {
  const outcomes = outcomesOf(layer);
  const hits = [...layer.rules.map((_, rule) => [rule]), []];
  return hits.map((rules) => rankOf(outcomes(rules).answer, output, dispositions));
}

/** An answer without a disposition leaves its subject undecided, which is stricter than all. */
function rankOf(answer: TableAnswer | null, output: number, dispositions: readonly string[]): number {
  const value = answer?.kind === 'answer' ? answer.outputs[output] : undefined;
  const place = dispositions.indexOf(String(value));
  return place < 0 ? Number.POSITIVE_INFINITY : place;
}

function compareNull(
  answers: readonly Slice[],
  output: number,
  dispositions: readonly string[],
  nullPlace: number,
): Omit<Milder, 'boxes'> | null {
  const rank = ({ answer }: Slice) => rankOf(answer, output, dispositions);
  const ofNull = Math.min(...answers.filter(({ from }) => from === nullPlace).map(rank));
  const known = Math.min(...answers.filter(({ from }) => from !== nullPlace).map(rank));
  const [disposition, least] = [dispositions[ofNull], dispositions[known]];
  return ofNull < known && disposition !== undefined && least !== undefined ? { disposition, known: least } : null;
}

/** So many known values at most are asked to confirm that none gets less. */
const manyValues = 200;

function tellGroup(inquiry: Inquiry, dim: number, milder: Milder, dispositions: readonly string[]): void {
  const { table, logic, frame, tell, add, takes } = inquiry;
  const { name, axis } = frame.dims[dim] as Inquiry['frame']['dims'][number]; // the caller walks the axes
  const decide = compileDecision(logic);
  for (const area of mergeBoxes(milder.boxes)) {
    if (!takes('null_milder')) continue;
    const region = tell(frame, area);
    const rank = (piece: (typeof axis.pieces)[number]) => {
      const value = witnessOf(piece, axis.column, new Set());
      const decision = decide(new Map([...region.witness, [name, value]]), new Set());
      const place = decision.kind === 'decided' ? dispositions.indexOf(decision.disposition) : -1;
      return { place: place < 0 ? Number.POSITIVE_INFINITY : place, value };
    };
    const limit = dispositions.indexOf(milder.disposition);
    const known = axis.pieces.slice(0, -1).slice(0, manyValues).map(rank);
    const isMilder = rank({ kind: 'null' }).place === limit && known.every(({ place }) => place > limit);
    insist(
      isMilder,
      () => `null of \`${name}\` is milder than ${known.map(({ value }) => showScalar(value, axis.column))}`,
    );
    const { disposition, known: least } = milder;
    add({ kind: 'null_milder', table: table.name, column: name, disposition, known: least, region });
  }
}
