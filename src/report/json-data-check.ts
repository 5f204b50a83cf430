import type { CheckedTable } from '../replay/data-check/checked-table.ts';
import type { SopFill } from '../replay/data-check/fillable.ts';
import { formatTime } from '../text/time.ts';

/** `schemas/output/data-check.json`. */
export function jsonDataCheck(tables: readonly CheckedTable[], fills: readonly SopFill[]) {
  const all = tables.flatMap((table) => table.findings);
  return {
    version: 1,
    summary: {
      errors: all.filter((finding) => finding.level === 'error').length,
      warnings: all.filter((finding) => finding.level === 'warning').length,
      rows: tables.reduce((sum, table) => sum + table.facts.rows, 0),
    },
    findings: all,
    tables: tables.map(({ facts, notChecked }) => ({
      table: facts.table,
      rows: facts.rows,
      files: facts.files.map(({ file, mapping, rows, from, to, present, ignored }) => ({
        file,
        mapping,
        rows,
        from: time(from),
        to: time(to),
        columns: present,
        ignored,
      })),
      symbols: symbolsOf(facts.days),
      not_checked: notChecked,
    })),
    sops: fills.map(({ sop, groups }) => ({ sop, groups })),
  };
}

export interface SymbolRows {
  readonly venue: string;
  readonly symbol: string;
  readonly rows: number;
  readonly from: string | null;
  readonly to: string | null;
}

/** Rows of each symbol, by venue and name. */
export function symbolsOf(days: CheckedTable['facts']['days']): SymbolRows[] {
  const found = new Map<
    string,
    { venue: string; symbol: string; rows: number; from: number | null; to: number | null }
  >();
  for (const { venue, symbol, rows, from, to } of days) {
    const key = `${venue}\u0000${symbol}`;
    const entry = found.get(key) ?? { venue, symbol, rows: 0, from: null, to: null };
    entry.rows += rows;
    if (from !== null) entry.from = Math.min(entry.from ?? from, from);
    if (to !== null) entry.to = Math.max(entry.to ?? to, to);
    found.set(key, entry);
  }
  return [...found.values()].map((entry) => ({ ...entry, from: time(entry.from), to: time(entry.to) }));
}

function time(microseconds: number | null): string | null {
  return microseconds === null ? null : formatTime(microseconds);
}
