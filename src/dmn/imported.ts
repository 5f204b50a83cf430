import type { HitPolicy } from '../model/sop.ts';
import type { ValueType } from '../model/value.ts';

/** What an import makes of a file: cells as text of ours, to be written as Markdown. */
export interface Imported {
  /** The decision that was asked for, as the file calls it. */
  readonly decision: string;
  readonly parameters: readonly ImportedParameter[];
  readonly signals: readonly ImportedSignal[];
  /** In order of evaluation. */
  readonly tables: readonly ImportedTable[];
  /** What is missing in the tables, or stands there as a placeholder that a check refuses. */
  readonly notTaken: readonly NotTaken[];
  /** What was taken, and what a person should know of it. */
  readonly notes: readonly string[];
}

export interface ImportedParameter {
  readonly name: string;
  readonly type: ValueType;
  readonly value: string;
  readonly meaning: string;
}

export interface ImportedSignal {
  readonly name: string;
  /** Null where the file does not say, or says a type that is none of ours. */
  readonly type: ValueType | null;
  readonly range: string;
  readonly meaning: string;
}

export interface ImportedTable {
  /** As the file shows it to people. */
  readonly name: string;
  readonly hitPolicy: HitPolicy;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly annotations: readonly string[];
  /** `else` last, where there is one. */
  readonly rules: readonly ImportedRule[];
  /** The order of outputs under P and O, highest first. */
  readonly values: readonly { readonly output: string; readonly values: readonly string[] }[];
}

export interface ImportedRule {
  readonly id: string;
  readonly cells: readonly string[];
  readonly outputs: readonly string[];
  readonly annotations: readonly string[];
}

export interface NotTaken {
  readonly decision: string;
  /** The rule's id in the Markdown; null where it is about a column or the whole decision. */
  readonly rule: string | null;
  readonly column: string | null;
  /** What stands in the file. */
  readonly text: string;
  readonly why: string;
}
