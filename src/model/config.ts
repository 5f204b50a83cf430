import type { Levels } from '../diagnostics/levels.ts';
import type { Located, Span } from '../text/source.ts';

/** What a floor can be set for: the kinds of obligations, as `sop.config.yaml` calls them. */
export const figures = ['rules', 'bounds', 'conditions', 'nulls', 'outputs', 'mutation', 'sql_mutation'] as const;

export type Figure = (typeof figures)[number];

/** `sop.config.yaml`: how much diagnostics weigh in this project, and how much its cases must prove. */
export interface Config {
  readonly levels: Levels;
  readonly floors: readonly Floor[];
  readonly skills: SkillKeys;
}

/** Keys of a skill's front-matter that no SOP gives; null: left out. */
export interface SkillKeys {
  readonly license: string | null;
  /** One text, parted by spaces, as the specification of Agent Skills has it. */
  readonly allowedTools: string | null;
}

/** The least share that the cases of a SOP must prove. */
export interface Floor {
  readonly figure: Figure;
  /** Null: of every SOP that has no floor of its own for the figure. */
  readonly sop: Located<string> | null;
  /** A whole number from 0 to 100. */
  readonly percent: number;
  readonly span: Span;
}

export const configPath = 'sop.config.yaml';

/** Names that the configuration is often given; nothing reads them. */
export const otherConfigPaths = ['sop.config.yml', 'sop.config.json'] as const;

export const noConfig: Config = { levels: {}, floors: [], skills: { license: null, allowedTools: null } };

/** The floor that holds for a SOP: its own, else that of all; undefined where there is none. */
export function floorOf({ floors }: Config, figure: Figure, sop: string): Floor | undefined {
  const own = floors.filter((floor) => floor.figure === figure);
  return own.find((floor) => floor.sop?.value === sop) ?? own.find((floor) => floor.sop === null);
}
