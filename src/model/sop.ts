import type { UnaryTest } from '../syntax/unary-test.ts';
import type { Located, Span } from '../text/source.ts';
import type { Requirement } from './requirement.ts';
import type { ValueType } from './value.ts';

export type SopStatus = 'draft' | 'in_review' | 'approved' | 'retired';

/** A SOP as its author wrote it: every part has its place, no name is resolved yet. */
export interface Sop {
  readonly path: string;
  /** `sops/<id>`, without a slash at the end. */
  readonly folder: string;
  readonly id: Located<string>;
  readonly title: Located<string>;
  readonly version: Located<string>;
  readonly status: Located<SopStatus>;
  readonly owner: Located<string>;
  readonly approvedBy: Located<string> | null;
  readonly effective: Located<string> | null;
  readonly reviewBy: Located<string>;
  readonly summary: Located<string>;
  readonly kind: Located<string>;
  readonly techniques: readonly Located<string>[];
  readonly markets: readonly Located<string>[];
  readonly subject: Subject;
  /** The subject's column that says when the thing happened. */
  readonly at: Located<string> | null;
  /** How long before the window's start the SQL may read, in seconds; null: as far as the data goes. */
  readonly lookback: Located<number> | null;
  /** How long after `at` it can be decided, in seconds. */
  readonly settle: Located<number> | null;
  readonly alert: AlertPolicy | null;
  /** The column by which parameters may differ; null: one value for all. */
  readonly segmentBy: SegmentBy | null;
  /** The headings of Parameters that name a segment, in their order. */
  readonly segments: readonly Located<string>[];
  /** For a subject that is a computed group, such as a cluster of accounts. */
  readonly identity: Identity | null;
  readonly purpose: string;
  readonly remarks: Remarks;
  readonly parameters: readonly Parameter[];
  readonly requires: readonly Requirement[];
  readonly groups: readonly SignalGroup[];
  readonly tables: readonly DecisionTable[];
  readonly steps: readonly Step[];
  readonly escalation: readonly EscalationRow[];
  readonly benign: readonly BenignRow[];
  readonly blindSpots: readonly BlindSpot[];
  readonly references: readonly string[];
}

/** What stands in a section beside its table or steps, as written; empty where there is nothing. */
export interface Remarks {
  readonly parameters: string;
  readonly requires: string;
  readonly signals: string;
  readonly decision: string;
  readonly procedure: string;
  readonly escalation: string;
  readonly benign: string;
  readonly blindSpots: string;
}

/** One decision per distinct value of these columns. */
export interface Subject {
  readonly columns: readonly SubjectColumn[];
  readonly span: Span;
}

export interface SubjectColumn {
  readonly name: string;
  /** Written `owner_id?`: NULL is a name of its own here and no error. */
  readonly nullable: boolean;
  readonly span: Span;
}

/** How decisions become alerts. */
export interface AlertPolicy {
  /** The lowest disposition that opens an alert. */
  readonly from: Located<string>;
  /** Decisions that agree in these columns belong together. */
  readonly by: readonly Located<string>[];
  /** Decisions within this many seconds of an alert's opening join it. */
  readonly quietSeconds: number;
  readonly span: Span;
}

/** `segment_by: instruments.liquidity_tier`: a segment is a value of this column. */
export interface SegmentBy {
  readonly table: Located<string>;
  readonly column: Located<string>;
}

/** A group is known by its members: its id is kept from run to run while enough of them stay. */
export interface Identity {
  /** The column of the `sql members` block that names one member. */
  readonly members: Located<string>;
  /** The share of the smaller group that must be in both, in (0..1]. */
  readonly match: number;
  readonly span: Span;
}

export interface Parameter {
  readonly name: Located<string>;
  readonly type: ValueType;
  readonly value: Located<string>;
  /** Where a segment has a value of its own. */
  readonly bySegment: readonly SegmentValue[];
  readonly unit: string;
  readonly range: Range;
  readonly meaning: string;
}

export interface SegmentValue {
  readonly segment: string;
  readonly value: Located<string>;
}

/** What stands under one `###` of Signals: signals that one SELECT computes, or that somebody provides. */
export interface SignalGroup {
  readonly name: Located<string>;
  readonly prose: string;
  readonly signals: readonly Signal[];
  readonly sql: SqlText | null;
  /** Lists the rows behind the signals: subject columns, source_table, row_id, ts, note. */
  readonly evidence: SqlText | null;
  /** Lists the members of each subject: subject columns and the members column. In one group of a SOP with `identity`. */
  readonly members: SqlText | null;
}

export interface SqlText {
  readonly text: string;
  /** Offset in the file of the first character of `text`; its lines follow one another there. */
  readonly start: number;
  readonly span: Span;
}

export interface Signal {
  readonly name: Located<string>;
  readonly type: ValueType;
  readonly unit: string;
  readonly range: Range;
  /** What a subject without a value gets, as written; null where nothing is known then. */
  readonly missing: Located<string | null>;
  readonly meaning: string;
}

/** `[0..1] step 0.0001`, `>= 0`, `"retail", "mm"`, or no limit. */
export interface Range {
  readonly test: UnaryTest;
  readonly step: string | null;
  readonly text: string;
  readonly span: Span;
}

export type HitPolicy = 'U' | 'F' | 'A' | 'P' | 'R' | 'O' | 'C' | 'C+' | 'C<' | 'C>' | 'C#';

export const hitPolicies: readonly HitPolicy[] = ['U', 'F', 'A', 'P', 'C', 'C+', 'C<', 'C>', 'C#', 'R', 'O'];

export interface DecisionTable {
  /** The `###` heading, or `decision` where there is one table without a heading. */
  readonly name: Located<string>;
  readonly hitPolicy: HitPolicy;
  readonly inputs: readonly Located<string>[];
  readonly outputs: readonly Located<string>[];
  readonly annotations: readonly Located<string>[];
  readonly rules: readonly Rule[];
  readonly otherwise: Rule | null;
  /** From a line `Values output: "first", "second"`: highest priority first. */
  readonly values: readonly OutputValues[];
  /** What stands below the heading of this table beside it; empty for a table right below `## Decision`. */
  readonly remarks: string;
  readonly span: Span;
  readonly headerSpan: Span;
}

export interface Rule {
  readonly id: Located<string>;
  /** One a column of `inputs`. */
  readonly cells: readonly DecisionCell[];
  /** One a column of `outputs`, as written. */
  readonly outputs: readonly Located<string>[];
  /** One a column of `annotations`. */
  readonly annotations: readonly string[];
  readonly span: Span;
}

/** `test` is null where the cell could not be read; a diagnostic has said so. */
export interface DecisionCell {
  readonly test: UnaryTest | null;
  readonly text: string;
  readonly span: Span;
}

export interface OutputValues {
  readonly output: string;
  readonly values: readonly string[];
  readonly span: Span;
}

export interface Step {
  readonly number: number;
  readonly name: string;
  readonly text: string;
  readonly actor: 'agent' | 'human';
  /** The RFC 2119 words it uses, strongest first. */
  readonly duties: readonly Duty[];
  readonly span: Span;
}

export type Duty = 'MUST NOT' | 'MUST' | 'SHOULD NOT' | 'SHOULD' | 'MAY';

export interface EscalationRow {
  readonly severity: Located<string>;
  readonly team: Located<string>;
  readonly within: string;
  readonly report: Located<string> | null;
}

export interface BenignRow {
  readonly explanation: string;
  readonly evidence: string;
  readonly disposition: Located<string>;
}

export interface BlindSpot {
  readonly description: string;
  readonly case: Located<string>;
}
