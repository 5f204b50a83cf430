import type { Obligation } from '../coverage/obligation.ts';
import { showScalar } from '../decision/normalise.ts';
import { signalColumns } from '../replay/evaluate.ts';
import type { SopSuggestions } from './pretty-suggest.ts';

/** What `sop suggest --format json` prints; `schemas/output/suggest.json` describes it. */
export function jsonSuggest(found: readonly SopSuggestions[], written: readonly string[]) {
  return {
    version: 1,
    written,
    sops: found.map(({ checked, named, inDraft, left, later, leftOut, sql }) => ({
      sop: checked.sop.id.value,
      left_out: leftOut,
      suggestions: named.map(({ name, suggestion: { segment, values, now, closes } }) => {
        const columns = signalColumns(checked);
        return {
          case: name,
          segment,
          signals: Object.fromEntries(
            [...values].map(([signal, value]) => [signal, showScalar(value, columns.get(signal) ?? null)]),
          ),
          today:
            now.kind === 'decided'
              ? { state: now.kind, disposition: now.disposition, severity: now.severity, rule: now.rule }
              : { state: now.kind, disposition: null, severity: null, rule: null },
          closes: closes.map(jsonOpen),
        };
      }),
      in_draft: inDraft.map(jsonOpen),
      left: left.map(jsonOpen),
      later: later.map(jsonOpen),
      sql:
        sql === null
          ? null
          : sql.obligations
              .filter(({ state }) => state === 'open' || state === 'undecided')
              .map((one) => ({ ...jsonOpen(one), needs: one.needs ?? '' })),
    })),
  };
}

function jsonOpen({ id, kind, says }: Obligation) {
  return { id, kind, says };
}
