import type { Located, SourceFile } from '../text/source.ts';
import type { Case, Draft } from './case.ts';
import type { Config } from './config.ts';
import type { DeskList } from './desk-list.ts';
import type { Mapping } from './mapping.ts';
import type { TableShape } from './ports.ts';
import type { SkillSet } from './skill-set.ts';
import type { Sop } from './sop.ts';
import type { View, ViewCase } from './view.ts';

/** Everything under `sops/`, built. */
export interface Library {
  readonly desk: Desk;
  readonly taxonomy: Taxonomy;
  readonly config: Config;
  /** As written; null: `sops/sets.yaml` cannot be read, and nobody knows which sets there are. */
  readonly sets: readonly SkillSet[] | null;
  readonly tables: readonly MarketTable[];
  /** By name. */
  readonly views: readonly View[];
  readonly lists: readonly DeskList[];
  readonly viewCases: readonly ViewCase[];
  /** All that SQL may read, as tables: market tables, lists and views. */
  readonly sources: readonly MarketTable[];
  /** Names of views and lists that could not be built: nothing that reads them is run. */
  readonly unreadSources: readonly string[];
  /** The desk's own and those that are shipped, by name; a desk's takes the place of a shipped one. */
  readonly mappings: readonly Mapping[];
  /** The desk's own templates of skills. */
  readonly templates: readonly SourceFile[];
  /** By id. */
  readonly sops: readonly Sop[];
  /** By SOP, then by file and place. */
  readonly cases: readonly Case[];
  /** Stories that wait for a person's answer, in the same order. They prove nothing, and count nowhere. */
  readonly drafts: readonly Draft[];
  /** Names of case files that could not be built: they exist, whatever else is wrong with them. `all`: no case was read. */
  readonly unreadCases: readonly string[] | 'all';
}

/** The desk's own vocabulary; dispositions and severities go from lowest to highest. */
export interface Desk {
  readonly dispositions: readonly string[];
  readonly severities: readonly string[];
  readonly markets: readonly string[];
  readonly teams: readonly Team[];
}

export interface Team {
  readonly id: string;
  readonly name: string;
  readonly audience: string;
}

export interface Taxonomy {
  readonly families: readonly { readonly id: string; readonly name: string }[];
  readonly techniques: readonly Technique[];
}

export interface Technique {
  readonly id: Located<string>;
  readonly name: string;
  readonly family: string;
  readonly what: string;
  readonly markets: readonly string[];
}

/** A market table with what a case's rows are checked against. */
export interface MarketTable extends TableShape {
  readonly description: string;
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly required: readonly string[];
}
