import type { NotAsked } from '../replay/eval-cases.ts';
import type { AskedSkill } from './agent-task.ts';
import type { CaseScore } from './score.ts';
import type { Summary } from './sum-up.ts';

/** Why a case is not among the scores: it was put to nobody, or the SOP does not give what it asks. */
export type NotScored = NotAsked | 'sop_differs';

/** How an agent did. */
export interface EvalReport {
  /** The program, without its arguments, which may hold what nobody should read; or the model and where it is. */
  readonly agent: string;
  readonly skills: readonly AskedSkill[];
  /** In the library's order. */
  readonly scores: readonly CaseScore[];
  readonly summary: Summary;
  readonly left: readonly { readonly case: string; readonly sop: string; readonly why: NotScored }[];
  readonly drafts: number;
  /** Answers that an earlier run had. */
  readonly kept: number;
}
