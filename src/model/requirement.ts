import type { Located, Span } from '../text/source.ts';

/** One row of `## Requires`: data that must be there for an answer. Without it the answer is undecided. */
export interface Requirement {
  readonly table: Located<string>;
  /** Columns that must hold values. */
  readonly columns: readonly Located<string>[];
  /** How long before the subject's time the data must begin; null where that does not matter. */
  readonly covers: Covers | null;
  /** How old the newest row may be, in seconds; null where that does not matter. */
  readonly freshSeconds: number | null;
  /** Who must know when it is missing; null: the SOP's owner. */
  readonly team: Located<string> | null;
  readonly span: Span;
}

export interface Covers {
  /** Seconds, or the name of a parameter whose unit is one of time. */
  readonly amount: number | string;
  /** `window before at`. */
  readonly text: string;
  readonly span: Span;
}

/** Of a parameter, what tells a stretch of time. */
interface Tunable {
  readonly name: Located<string>;
  readonly unit: string;
  readonly value: Located<string>;
}

const unitSeconds: Readonly<Record<string, number>> = {
  s: 1, second: 1, seconds: 1, min: 60, minute: 60, minutes: 60, h: 3600, hour: 3600, hours: 3600, d: 86_400, day: 86_400, days: 86_400,
}; // biome-ignore format: a table of words

/** The seconds that data must reach back; undefined for a parameter that is unknown, no number, or has no unit of time. */
export function coveredSeconds({ amount }: Covers, parameters: readonly Tunable[]): number | undefined {
  if (typeof amount === 'number') return amount;
  const parameter = parameters.find((entry) => entry.name.value === amount);
  const unit = unitSeconds[parameter?.unit.toLowerCase() ?? ''];
  const seconds = Number(parameter?.value.value) * (unit ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds : undefined;
}
