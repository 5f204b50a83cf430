import type { Logic } from '../decision/logic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Library } from '../model/library.ts';
import type { BoundQuery } from '../model/ports.ts';
import type { SignalGroup, Sop } from '../model/sop.ts';

/** A SOP whose names are resolved and whose SQL is bound. */
export interface CheckedSop {
  readonly sop: Sop;
  readonly logic: Logic;
  readonly groups: readonly CheckedGroup[];
  /** False where an error stands: such a SOP is not run and not compiled, because what it would do is a guess. */
  readonly sound: boolean;
}

export interface CheckedGroup {
  readonly group: SignalGroup;
  /** Null where the group has no SQL, or SQL that could not be bound. */
  readonly bound: BoundQuery | null;
  /** The same of the SQL that lists the rows behind its signals. */
  readonly evidence: BoundQuery | null;
}

export interface CheckedLibrary {
  readonly library: Library;
  readonly sops: readonly CheckedSop[];
}

/** What a rule sees. It reports; it changes nothing. */
export interface RuleContext {
  readonly library: Library;
  readonly sop: Sop;
  readonly logic: Logic;
  /** The day on which dates are judged, `2026-11-01`. */
  readonly today: string;
}

export type Rule = (context: RuleContext) => Diagnostic[];
