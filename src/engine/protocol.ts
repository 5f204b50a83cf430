import type { Reading } from '../model/mapping.ts';
import type {
  BoundQuery,
  DataProblem,
  EvidenceQuery,
  Extent,
  ExtentRequest,
  FileColumns,
  ResultColumn,
  SqlQuery,
  SqlResult,
  TableColumn,
  TableData,
  TableShape,
  ViewShape,
  Window,
} from '../model/ports.ts';
import type { SqlMutants } from '../model/sql-mutant.ts';
import type { LookResult, SurveyRequest, SurveyResult } from '../model/survey.ts';

/** What the parent asks of the child. `data` names a data set by the number that the parent gave it. */
export type Request =
  | { readonly op: 'bind'; readonly binds: readonly BindRequest[]; readonly megabytes: number }
  | {
      readonly op: 'open';
      readonly data: number;
      /** Data sets to let go of before. */
      readonly closes: readonly number[];
      readonly tables: readonly TableShape[];
      readonly content: readonly TableData[];
      readonly views: readonly ViewShape[];
      readonly covered: readonly TableShape[];
      readonly threads: number;
      readonly megabytes: number;
      /** Files of a table that together are smaller are loaded, larger ones are read at each query. */
      readonly loadBelowBytes: number;
    }
  | {
      readonly op: 'extents';
      readonly data: number;
      readonly window: Window;
      readonly requests: readonly ExtentRequest[];
    }
  | {
      readonly op: 'run';
      readonly data: number;
      readonly window: Window;
      readonly query: SqlQuery | EvidenceQuery;
      readonly rows: number;
    }
  | {
      readonly op: 'parquet';
      readonly lines: string;
      readonly path: string;
      readonly columns: readonly TableColumn[];
    }
  | { readonly op: 'mutants'; readonly sql: string; readonly megabytes: number }
  | { readonly op: 'look'; readonly file: string; readonly reading: Reading; readonly megabytes: number }
  | { readonly op: 'survey'; readonly request: SurveyRequest; readonly megabytes: number };

export interface BindRequest {
  readonly tables: readonly TableShape[];
  readonly query: SqlQuery;
}

/** The result type that belongs to each operation. */
export interface Results {
  /** In the order of the request; the list ends where the engine broke. */
  readonly bind: readonly SqlResult<BoundQuery>[];
  readonly open: OpenedData;
  readonly extents: SqlResult<readonly Extent[]>;
  readonly run: SqlResult<readonly ResultColumn[]>;
  readonly parquet: undefined;
  readonly mutants: SqlResult<SqlMutants>;
  readonly look: LookResult;
  readonly survey: SurveyResult;
}

export type OpenedData =
  | { readonly ok: true; readonly files: readonly FileColumns[]; readonly covered: readonly string[] }
  | { readonly ok: false; readonly problem: DataProblem };

/**
 * One column of a batch on the wire. Numbers travel as Float64Array where no value is NULL; a decimal travels as whole
 * multiples of 10^-scale.
 */
export type WireColumn =
  | { readonly kind: 'plain'; readonly values: Float64Array | readonly WireValue[] }
  | { readonly kind: 'decimal'; readonly scale: number; readonly values: readonly (number | bigint | null)[] };

export type WireValue = number | bigint | string | boolean | null;

export interface WireBatch {
  readonly length: number;
  readonly columns: readonly WireColumn[];
}

/** What the child says. `failed` is a mistake of ours, never of the SQL. */
export type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'batch'; readonly id: number; readonly batch: WireBatch }
  /** Which view a query is having computed; null once it goes on with its own work. */
  | { readonly kind: 'computes'; readonly id: number; readonly view: string | null }
  | { readonly kind: 'done'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

export interface Envelope {
  readonly id: number;
  readonly request: Request;
}
