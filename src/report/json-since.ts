import type { SinceReport } from '../coverage/ratchet/since.ts';
import type { SourceFile } from '../text/source.ts';
import { jsonDiagnostic } from './json-check.ts';

/** What `sop test --since … --format json` prints under `since`. */
export function jsonSince(
  { stated, commit, how, changed, ratchet, old }: SinceReport,
  files: ReadonlyMap<string, SourceFile>,
) {
  return {
    revision: stated,
    base: commit,
    how,
    changed_files: changed,
    cases: ratchet.cases,
    obligations: ratchet.obligations,
    lost: ratchet.losses.map(({ what, sop, name, says, diagnostic }) => ({
      what,
      sop,
      name,
      says,
      code: diagnostic?.code ?? null,
    })),
    remarks: ratchet.remarks,
    not_compared: ratchet.notCompared,
    old: old.map((diagnostic) => jsonDiagnostic(diagnostic, files)),
  };
}
