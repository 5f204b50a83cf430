import { decideSignals, type GivenSignals, type SignalDecision } from '../../../decision/decide-signals.ts';
import type { Logic } from '../../../decision/logic.ts';
import { decodeLogic, type LogicJson } from '../../../decision/logic-json.ts';

/** What `scripts/decide.mjs` of a skill holds: `assets/decision.json`. */
export interface DecisionJson {
  readonly sop: string;
  readonly sop_version: string;
  readonly skill_digest: string;
  /** All signals of the SOP: those that no table reads may be given, too. */
  readonly signals: readonly string[];
  /** The column whose value is the segment; null where one logic decides all. */
  readonly segment_by: string | null;
  readonly decisions: readonly { readonly segment: string | null; readonly logic: LogicJson }[];
}

export interface Asked {
  readonly signals: GivenSignals;
  readonly segment?: string | null;
}

export interface Answered extends SignalDecision {
  readonly sop: string;
  readonly sop_version: string;
  readonly skill_digest: string;
  readonly segment: string | null;
}

/** Decides as the compiler does: this is its own code. A subject whose segment is not told, or is none, is undecided. */
export function decider(json: DecisionJson): (asked: Asked) => Answered {
  const { sop, sop_version, skill_digest } = json;
  const logics = new Map<string | null, Logic>(
    json.decisions.map(({ segment, logic }) => [segment, decodeLogic(logic)]),
  );
  const known = new Set(json.signals);
  return ({ signals, segment = null }) => {
    const logic = logics.get(json.segment_by === null ? null : segment);
    const said: SignalDecision =
      logic === undefined
        ? {
            outcome: 'undecided',
            disposition: null,
            severity: null,
            rule: null,
            reason: `the segment (\`${json.segment_by}\`) of the subject is ${segment === null ? 'not told' : `\`${segment}\``}; parameters are known for ${[...logics.keys()].map((name) => `\`${name}\``).join(', ')}`,
            signals: {},
            tables: [],
          }
        : decideSignals(logic, signals, known);
    return { sop, sop_version, skill_digest, segment: json.segment_by === null ? null : segment, ...said };
  };
}

/** Reads `{"signals": {…}, "segment": "…"}`; what is wrong with it is a text. */
export function readAsked(text: string): Asked | string {
  let read: unknown;
  try {
    read = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return 'this is no JSON';
  }
  const isRecord = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isRecord(read) || !isRecord(read['signals']))
    return 'write {"signals": {"name": value, …}}, and "segment" where parameters differ by segment';
  const other = Object.keys(read).filter((key) => key !== 'signals' && key !== 'segment');
  if (other[0] !== undefined) return `${plain(other[0])}: only "signals" and "segment" are read`;
  const { signals, segment = null } = read;
  if (segment !== null && typeof segment !== 'string') return '"segment" is a text';
  return { signals, segment };
}

/** A name from outside, for a terminal. */
function plain(name: string): string {
  return JSON.stringify(name.slice(0, 80).replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '?'));
}
