import type { Diagnostic, Level } from './diagnostic.ts';
import { type Code, codes } from './registry.ts';

/** How much a project lets a diagnostic weigh; `off`: it is not said. */
export type SetLevel = Level | 'off';

export type Levels = Readonly<Partial<Record<Code, SetLevel>>>;

/**
 * Errors that no project can lower: what keeps a SOP or a case from being run, and what cases prove, or proved before a change.
 * Lowered, a run that proves nothing would end as a clean one; a miss that a desk accepts is a known gap, with an owner and a date.
 */
const firm = new Set<Code>([
  'SOP502', 'SOP503', 'SOP504', 'SOP505', 'SOP506', 'SOP507', 'SOP508', 'SOP509',
  'SOP701', 'SOP702', 'SOP703', 'SOP704', 'SOP707', 'SOP709', 'SOP710', 'SOP713', 'SOP714',
  'SOP720', 'SOP721', 'SOP722', 'SOP740', 'SOP741', 'SOP742', 'SOP744', 'SOP745',
  'SOP760', 'SOP761', 'SOP762', 'SOP763', 'SOP764', 'SOP770',
]); // biome-ignore format: a list by hundreds

/** Why a level cannot be set: the code is below SOP500, it tells of a proof, or an error would no longer be said. */
export type Refusal = 'early' | 'proof' | 'unsaid';

/** Null where the level may be set. */
export function refuseLevel(code: Code, level: SetLevel): Refusal | null {
  if (code < 'SOP500') return 'early';
  if (codes[code].level !== 'error' || level === 'error') return null;
  if (firm.has(code)) return 'proof';
  return level === 'off' ? 'unsaid' : null;
}

/** Diagnostics with the levels that the project sets; what is off is left out. Their order stays. */
export function withLevels(diagnostics: readonly Diagnostic[], levels: Levels): Diagnostic[] {
  return diagnostics.flatMap((diagnostic) => {
    const level = levels[diagnostic.code] ?? diagnostic.level;
    return level === 'off' ? [] : [level === diagnostic.level ? diagnostic : { ...diagnostic, level }];
  });
}
