import { type MovableBound, showPlace } from '../replay/movable-bounds.ts';
import type { Leeway, Sensitivity, SensitivityReport } from '../replay/sensitivity.ts';

/** What `sop sensitivity --format json` prints; `schemas/output/sensitivity.json` describes it. */
export function jsonSensitivity({ checked, bounds, untried, cases, leftOut }: SensitivityReport) {
  return {
    version: 1,
    sop: checked.sop.id.value,
    sop_version: checked.sop.version.value,
    cases,
    left_out: leftOut,
    bounds: bounds.map(jsonBound),
    not_tried: untried.map(({ parameter, segment, now, why }) => ({ parameter, segment, now, why })),
  };
}

function jsonBound({ bound, down, up }: Sensitivity) {
  const { what, now } = bound;
  const cell = what.kind === 'cell' ? what : null;
  return {
    kind: what.kind,
    parameter: what.kind === 'parameter' ? what.name : null,
    segment: what.kind === 'parameter' ? what.segment : null,
    table: cell?.table ?? null,
    rule: cell?.rule ?? null,
    column: cell?.column ?? null,
    cell: cell?.cell ?? null,
    now: showPlace(now, bound),
    down: jsonLeeway(down, bound),
    up: jsonLeeway(up, bound),
  };
}

function jsonLeeway({ limit, included, stop, isIdle }: Leeway, bound: MovableBound) {
  return {
    limit: limit === null ? null : showPlace(limit, bound),
    included,
    held_by: isIdle ? 'no_effect' : stop === null ? 'nothing' : 'case',
    stop:
      stop === null
        ? null
        : {
            case: stop.case,
            before: stop.before,
            after: stop.after,
            decision:
              stop.decision === null
                ? null
                : stop.decision.kind === 'decided'
                  ? `${stop.decision.disposition}, ${stop.decision.severity}, by ${stop.decision.rule}`
                  : stop.decision.kind,
            other_cases: stop.others,
          },
  };
}
