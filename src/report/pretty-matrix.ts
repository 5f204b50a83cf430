import { byTechnique } from '../coverage/techniques/next-steps.ts';
import { type Cell, type CellState, cellStates, countCells } from '../coverage/techniques/technique-matrix.ts';
import { count } from '../diagnostics/words.ts';
import type { Library, Technique } from '../model/library.ts';
import { clip, marked, padEnd, padStart, printable, widthOf } from './layout.ts';
import type { Page, Paint } from './paint.ts';

/** A word each, so that the matrix reads without colours. */
export const stateWords: Readonly<Record<CellState, string>> = {
  not_applicable: '–', blind: 'blind', gap: 'gap', claimed: 'claimed', half_proven: 'half', proven: 'proven',
}; // biome-ignore format: a small dictionary

const meanings: Readonly<Record<CellState, string>> = {
  blind: 'no SOP claims it',
  gap: 'a case of it comes out wrong today, known or not',
  claimed: 'a SOP claims it, and no case proves it',
  half_proven: 'only attacks are caught, or only innocents left alone',
  proven: 'a SOP catches an attack of it and leaves an innocent alone',
  not_applicable: 'it cannot happen in that market',
};

/** How many cells are in each state, and what each word means. */
export function matrixCounts(cells: readonly Cell[], { paint }: Page): string[] {
  const counts = countCells(cells);
  const width = String(counts.total).length;
  return [...cellStates, 'not_applicable' as const].map((state) => {
    const word = paintState(state, paint)(padEnd(stateWords[state], 7));
    return `  ${word}  ${padStart(String(counts[state]), width)}  ${paint.dim(meanings[state])}`;
  });
}

/** Technique × market, family by family; what is least proven stands first. Briefly, techniques that are blind everywhere are one line a family. */
export function matrixLines(
  cells: readonly Cell[],
  { taxonomy, desk }: Library,
  verbose: boolean,
  page: Page,
): string[] {
  const shown = taxonomy.families
    .map((family) => ({ family, cells: cells.filter(({ technique }) => technique.family === family.id) }))
    .filter((entry) => entry.cells.length > 0)
    .sort((a, b) => worstFirst(shares(a.cells), shares(b.cells)));
  return shown.flatMap(({ family, cells: own }) => {
    const { total, proven } = countCells(own);
    const head = `${printable(family.name)} (${family.id})`;
    const blind = verbose ? [] : [...byTechnique(own)].filter(([, entries]) => isBlind(entries)).map(([one]) => one);
    const told = own.filter(({ technique }) => !blind.includes(technique));
    const rows = [
      ...(told.length === 0 ? [] : pagesOf(desk.markets, page).flatMap((markets) => familyLines(told, markets, page))),
      ...blindLines(blind, page),
    ];
    return ['', `${page.paint.bold(head)}${page.paint.dim(`, ${proven} of ${count(total, 'cell')} proven`)}`, ...rows];
  });
}

function isBlind(cells: readonly Cell[]): boolean {
  return cells.every(({ state }) => state === 'blind' || state === 'not_applicable');
}

function blindLines(techniques: readonly Technique[], { columns, paint }: Page): string[] {
  if (techniques.length === 0) return [];
  const names = techniques.map(({ id, name }) => `${id.value} ${name}`);
  return marked('  ', printable(`blind wherever it can happen: ${names.join('; ')}`), columns).map(paint.red);
}

const idWidth = 7;
const leastName = 16;

/** The markets that fit side by side, page by page. */
function pagesOf(markets: readonly string[], { columns }: Page): string[][] {
  const pages: string[][] = [];
  let room = 0;
  for (const market of markets) {
    const width = columnWidth(market);
    const last = pages.at(-1);
    if (last === undefined || room < width) {
      pages.push([market]);
      room = columns - 2 - idWidth - leastName - width;
    } else {
      last.push(market);
      room -= width;
    }
  }
  return pages;
}

function columnWidth(market: string): number {
  return Math.max(widthOf(printable(market)), 7) + 2;
}

function familyLines(cells: readonly Cell[], markets: readonly string[], { columns, paint }: Page): string[] {
  const used = markets.reduce((sum, market) => sum + columnWidth(market), 0);
  const room = Math.max(leastName, columns - 2 - idWidth - used);
  const rows = [...byTechnique(cells)]
    .map(([technique, own]) => ({ technique, own }))
    .sort((a, b) => worstFirst(numbers(a.own), numbers(b.own)));
  const width = Math.min(room, Math.max(...rows.map(({ technique }) => widthOf(printable(technique.name)))));
  const header = `  ${' '.repeat(idWidth)}${' '.repeat(width)}${markets.map((market) => `  ${padEnd(printable(market), columnWidth(market) - 2)}`).join('')}`;
  return [
    paint.dim(header.trimEnd()),
    ...rows.map(({ technique, own }) => {
      const states = markets.map((market, index) => {
        const state = own.find((cell) => cell.market === market)?.state ?? 'not_applicable';
        const room = index === markets.length - 1 ? 0 : columnWidth(market) - 2;
        return `  ${paintState(state, paint)(padEnd(stateWords[state], room))}`;
      });
      const name = padEnd(clip(printable(technique.name), width), width);
      return `  ${padEnd(technique.id.value, idWidth)}${name}${states.join('')}`;
    }),
  ];
}

function numbers(cells: readonly Cell[]): number[] {
  const counts = countCells(cells);
  return cellStates.map((state) => counts[state]);
}

function shares(cells: readonly Cell[]): number[] {
  const { total } = countCells(cells);
  return numbers(cells).map((n) => (total === 0 ? 0 : n / total));
}

function worstFirst(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (b[at] ?? 0) - (a[at] ?? 0);
}

export function paintState(state: CellState, paint: Paint): (text: string) => string {
  if (state === 'blind' || state === 'gap') return paint.red;
  if (state === 'proven') return paint.green;
  return state === 'not_applicable' ? paint.dim : paint.yellow;
}
