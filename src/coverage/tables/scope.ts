import type { CheckedSop } from '../../check/checked.ts';
import type { Logic } from '../../decision/logic.ts';
import { logicIn } from '../../replay/segment-runs.ts';

/** The decision of a SOP in one segment; `name` null in a SOP without segments. */
export interface Scope {
  readonly name: string | null;
  readonly logic: Logic;
}

/** One a segment; one alone in a SOP without segments. */
export function scopesIn(checked: CheckedSop): Scope[] {
  const names = checked.segmentation?.segments.map(({ name }) => name) ?? [null];
  return names.map((name) => ({ name, logic: logicIn(checked, name ?? undefined) }));
}
