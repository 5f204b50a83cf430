import type { Located } from '../text/source.ts';

/** Skills that belong together for a role. */
export interface SkillSet {
  readonly name: Located<string>;
  readonly title: string;
  /** The team that works with the set and answers for what is in it. */
  readonly owner: Located<string>;
  readonly purpose: string;
  /** Ids of SOPs, as written. */
  readonly skills: readonly Located<string>[];
}
