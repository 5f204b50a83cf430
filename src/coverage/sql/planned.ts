import type { CheckedSop } from '../../check/checked.ts';
import type { View } from '../../model/view.ts';
import type { Span } from '../../text/source.ts';

/** A change of a SOP's SQL, of a view that it reads, or of a parameter that either reads. */
export interface PlannedMutant {
  readonly id: string;
  readonly span: Span;
  readonly replacement: string;
  /** `` `fills >= 2` became `fills > 2` in the SQL of Crowd at the ask``. */
  readonly says: string;
  /** What data would tell the two apart: `` data in `trades` for which `fills` is exactly `2` ``. */
  readonly needs: string;
  /** What is changed, by its content. */
  readonly key: string;
  /** Market tables and lists behind it: a case that states none of them can't show it. */
  readonly tables: ReadonlySet<string>;
  /** The SOP with the change. */
  readonly changed: CheckedSop;
  /** The view that is changed, as it is then; null where none is. */
  readonly view: View | null;
}
