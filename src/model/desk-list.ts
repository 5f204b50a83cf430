import type { Located, Span } from '../text/source.ts';

/** Exemptions, watch-lists: `sops/lists/<name>.csv`. */
export interface DeskList {
  readonly path: string;
  /** The file's name; its span is the header line. */
  readonly name: Located<string>;
  readonly entries: readonly ListEntry[];
}

/** Holds from `validFrom` on and before `validTo`, both in microseconds since 1970 UTC; null is open-ended. */
export interface ListEntry {
  readonly key: Located<string>;
  readonly reason: string;
  readonly approver: string;
  readonly validFrom: Located<number>;
  readonly validTo: Located<number> | null;
  readonly span: Span;
}
