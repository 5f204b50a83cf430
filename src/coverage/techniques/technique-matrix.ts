import type { Case } from '../../model/case.ts';
import type { Library, Technique } from '../../model/library.ts';
import type { Sop } from '../../model/sop.ts';
import type { CaseResult } from '../../replay/run-case.ts';

/**
 * What the cases prove of a technique in a market, worst first; the first that applies. `blind`: no SOP claims it. `gap`: a case of
 * it comes out wrong today, known or not. `claimed`: no case tries it. `half_proven`: no SOP both catches an attack and leaves an
 * innocent alone. `proven`: one does.
 */
export const cellStates = ['blind', 'gap', 'claimed', 'half_proven', 'proven'] as const;

/** `not_applicable`: by the taxonomy the technique can't happen in that market. */
export type CellState = (typeof cellStates)[number] | 'not_applicable';

/** A technique in a market. What is said of it rests on cases of this market alone. */
export interface Cell {
  readonly technique: Technique;
  readonly market: string;
  readonly state: CellState;
  /** SOPs that are not retired and name the technique and the market, by id. */
  readonly claimedBy: readonly Sop[];
  /** How its cases come out on the SOPs where they count, in the order of the library. */
  readonly results: readonly CaseResult[];
  /** Those that come out wrong today, on whichever SOP. */
  readonly wrong: readonly CaseResult[];
  /** Those that pass on a SOP that claims the cell: attacks and incidents, and innocents. */
  readonly attacks: readonly CaseResult[];
  readonly innocents: readonly CaseResult[];
}

/** Every technique of the taxonomy in every market of the desk, in their order. `results` are those of the whole library. */
export function techniqueMatrix({ taxonomy, desk, sops }: Library, results: readonly CaseResult[]): Cell[] {
  const inForce = sops.filter(({ status }) => status.value !== 'retired');
  const held = new Map<string, CaseResult[]>();
  for (const result of results) {
    const key = `${result.entry.technique.value} ${result.entry.market.value}`;
    held.set(key, [...(held.get(key) ?? []), result]);
  }
  return taxonomy.techniques.flatMap((technique) =>
    desk.markets.map((market) => {
      const own = held.get(`${technique.id.value} ${market}`) ?? [];
      const claimedBy = inForce.filter((sop) => claims(sop, technique.id.value, market));
      return cellOf(technique, market, claimedBy, own);
    }),
  );
}

/** Whether the SOP's front-matter names both. */
export function claims({ techniques, markets }: Sop, technique: string, market: string): boolean {
  return techniques.some(({ value }) => value === technique) && markets.some(({ value }) => value === market);
}

function cellOf(technique: Technique, market: string, claimedBy: readonly Sop[], results: readonly CaseResult[]): Cell {
  const passing = results.filter((result) => passes(result) && claimedBy.some(({ id }) => id.value === result.sop));
  const attacks = passing.filter(({ entry }) => entry.kind !== 'benign');
  const innocents = passing.filter(({ entry }) => entry.kind === 'benign' && holdsSomething(entry));
  const wrong = results.filter(isWrong);
  const parts = { technique, market, claimedBy, results, wrong, attacks, innocents };
  return { ...parts, state: stateOf(parts) };
}

/** Where no row is given, nobody is there to be accused. */
function holdsSomething({ input }: Case): boolean {
  if (input.kind === 'signals') return true;
  return input.provided.length > 0 || input.tables.some(({ data }) => data.kind === 'file' || data.rows.length > 0);
}

function stateOf({ technique, market, claimedBy, wrong, attacks, innocents }: Omit<Cell, 'state'>): CellState {
  if (!technique.markets.includes(market)) return 'not_applicable';
  if (claimedBy.length === 0) return 'blind';
  if (wrong.length > 0) return 'gap';
  if (attacks.length + innocents.length === 0) return 'claimed';
  // An attack that one SOP catches says nothing of the innocents whom it accuses: another SOP's are no proof.
  const both = attacks.some(({ sop }) => innocents.some((innocent) => innocent.sop === sop));
  return both ? 'proven' : 'half_proven';
}

/** One that comes out right only because its SOP looks ahead, or because no feed is late, would not come out so on a desk. */
export function passes({ outcome, diagnostics }: CaseResult): boolean {
  const isFaulty = diagnostics.some(({ level }) => level === 'error');
  return (outcome === 'caught' || outcome === 'left_alone') && !isFaulty;
}

/** A closed gap is neither: it is found now, and its note says that it is not. */
function isWrong(result: CaseResult): boolean {
  return !passes(result) && result.outcome !== 'gap_closed';
}

/** How many cells are in each state; those that can't happen are not among `total`. */
export function countCells(cells: readonly Cell[]): Readonly<Record<CellState | 'total', number>> {
  const of = (state: CellState) => cells.filter((cell) => cell.state === state).length;
  return {
    total: cells.length - of('not_applicable'),
    proven: of('proven'),
    half_proven: of('half_proven'),
    claimed: of('claimed'),
    gap: of('gap'),
    blind: of('blind'),
    not_applicable: of('not_applicable'),
  };
}

/** Whether any of the cases gives market data: signal values try the tables, and no SQL. */
export function isFromData(results: readonly CaseResult[]): boolean {
  return results.some(({ entry }) => entry.input.kind === 'given');
}
