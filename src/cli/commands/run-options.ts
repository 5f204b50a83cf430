import type { CheckedSop } from '../../check/checked.ts';
import type { Desk } from '../../model/library.ts';
import { type Evaluated, evaluate } from '../../replay/evaluate.ts';
import type { Group } from '../../replay/keep-identity.ts';
import { type SopRun, summariseRun } from '../../replay/run-sop.ts';
import type { Source } from '../../replay/source.ts';
import type { SourceFile } from '../../text/source.ts';
import { parseTime } from '../../text/time.ts';
import { historyLimits } from '../data-files.ts';
import type { DataFlags } from '../data-tables.ts';
import { UsageError } from '../exit.ts';
import type { Shared } from '../options.ts';
import type { Terminal } from '../terminal.ts';

export interface RunFlags extends Shared, DataFlags {
  readonly from?: string;
  readonly symbol?: string;
  readonly out?: string;
  readonly previous?: string;
  readonly whatIf: readonly string[];
}

/** What every SOP of a run shares. */
export interface RunWorld {
  readonly source: Source;
  readonly flags: RunFlags;
  readonly terminal: Terminal;
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly desk: Desk;
  /** Computed groups of an earlier run, by SOP. */
  readonly earlier: ReadonlyMap<string, readonly Group[]>;
}

/** The window that was asked for, in microseconds since 1970 UTC; null: the data says. */
export interface Moments {
  readonly from: number | null;
  readonly asOf: number | null;
}

export function readMoments({ from, asOf }: Pick<RunFlags, 'from' | 'asOf'>): Moments {
  const moments = { from: timeOf('--from', from), asOf: timeOf('--as-of', asOf) };
  if (moments.from !== null && moments.asOf !== null && moments.from >= moments.asOf)
    throw new UsageError(`\`--from ${from}\` must lie before \`--as-of ${asOf}\``);
  return moments;
}

function timeOf(flag: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const time = parseTime(text);
  if (time === undefined) throw new UsageError(`\`${flag} ${text}\` is no time; write it as 2026-11-02T03:00:00Z`);
  return time;
}

export type Decided = { readonly run: SopRun } | Extract<Evaluated, { ok: false }>;

/** Runs one SOP in the window, on all symbols or one. */
export async function decide(
  target: CheckedSop,
  source: Source,
  flags: RunFlags,
  desk: Desk,
  earlier: readonly Group[] = [],
): Promise<(Decided & Pick<Extract<Evaluated, { ok: true }>, 'warnings'>) | Extract<Evaluated, { ok: false }>> {
  const evaluated = await evaluate(target, source, {
    provided: [],
    limits: historyLimits(),
    label: 'this data',
    ...readMoments(flags),
  });
  if (!evaluated.ok) return evaluated;
  const { value, warnings } = evaluated;
  const decided = ofSymbol(value.decided, target, flags.symbol);
  return { run: summariseRun(target, { ...value, decided }, desk, lowestAlert(target, desk), earlier), warnings };
}

/** Whether something required is missing, or a signal cannot be computed: silence then means nothing. */
export function lacksData({ unmet, unavailable }: SopRun): boolean {
  return unmet.length > 0 || unavailable.size > 0;
}

/** Where the SOP does not say from when a decision is an alert, everything above the lowest disposition is. */
export function lowestAlert({ sop }: CheckedSop, desk: Desk): string {
  return sop.alert?.from.value ?? desk.dispositions[1] ?? '';
}

/** Only subjects are left out: SQL may compare one symbol with the others, so it sees them all. */
function ofSymbol<T extends { readonly key: readonly unknown[] }>(
  decided: readonly T[],
  { sop }: CheckedSop,
  symbol: string | undefined,
): readonly T[] {
  if (symbol === undefined) return decided;
  const place = sop.subject.columns.findIndex((column) => column.name === 'symbol');
  return place < 0 ? decided : decided.filter(({ key }) => key[place] === symbol);
}
