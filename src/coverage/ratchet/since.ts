import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Ratchet } from './ratchet.ts';

/** What a change did to what was proved before it. */
export interface SinceReport {
  /** The revision as it was asked for: a person's words. */
  readonly stated: string;
  /** The commit that was compared with; null: there was none before. */
  readonly commit: string | null;
  readonly how: 'parted' | 'first_parent' | 'itself';
  /** Files below `sops` that changed. */
  readonly changed: number;
  readonly ratchet: Ratchet;
  /** What the change answers for: what the run found, and what was lost. */
  readonly counted: readonly Diagnostic[];
  /** What was there before it, in files that it does not touch. */
  readonly old: readonly Diagnostic[];
}
