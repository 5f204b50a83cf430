import type { Imported } from '../dmn/imported.ts';

/** What `sop import dmn --format json` prints; `schemas/output/import.json` describes it. */
export function jsonImport({ decision, parameters, signals, tables, notTaken, notes }: Imported, markdown: string) {
  return {
    version: 1,
    decision,
    summary: {
      tables: tables.length,
      rules: tables.reduce((sum, table) => sum + table.rules.length, 0),
      signals: signals.length,
      parameters: parameters.length,
      not_taken: notTaken.length,
    },
    not_taken: notTaken,
    notes,
    markdown,
  };
}
