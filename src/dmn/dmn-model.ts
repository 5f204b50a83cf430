/** A DMN file as plain data: what stands in it, with nothing resolved or translated yet. */
export interface DmnModel {
  readonly name: string;
  readonly inputs: readonly DmnInput[];
  readonly decisions: readonly DmnDecision[];
  readonly types: ReadonlyMap<string, DmnType>;
  /** What a decision table has no use for: imports, functions, services. */
  readonly others: readonly string[];
}

export interface DmnInput {
  readonly id: string;
  readonly name: string;
  readonly typeRef: string | null;
  readonly description: string;
}

export interface DmnDecision {
  readonly id: string;
  readonly name: string;
  /** What people see instead of the name; may be empty. */
  readonly label: string;
  readonly typeRef: string | null;
  readonly description: string;
  /** Ids of the decisions that it needs. */
  readonly requires: readonly string[];
  readonly logic: DmnLogic;
}

export type DmnLogic =
  | { readonly kind: 'table'; readonly table: DmnTable }
  | { readonly kind: 'literal'; readonly expression: DmnText }
  /** `what` says in words what stands there instead. */
  | { readonly kind: 'other'; readonly what: string };

/** An expression with its language; null: FEEL. */
export interface DmnText {
  readonly text: string;
  readonly language: string | null;
}

export interface DmnType {
  readonly typeRef: string | null;
  readonly allowed: string | null;
  readonly isCollection: boolean;
  readonly parts: ReadonlyMap<string, DmnType>;
}

export interface DmnTable {
  readonly hitPolicy: string;
  readonly aggregation: string | null;
  readonly inputs: readonly DmnInputColumn[];
  readonly outputs: readonly DmnOutputColumn[];
  readonly annotations: readonly string[];
  readonly rules: readonly DmnRule[];
}

export interface DmnInputColumn {
  readonly label: string;
  readonly expression: DmnText;
  readonly typeRef: string | null;
  readonly values: string | null;
}

export interface DmnOutputColumn {
  readonly name: string;
  readonly label: string;
  readonly typeRef: string | null;
  readonly values: string | null;
  readonly otherwise: DmnText | null;
}

export interface DmnRule {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly cells: readonly DmnText[];
  readonly outputs: readonly DmnText[];
  readonly annotations: readonly string[];
}
