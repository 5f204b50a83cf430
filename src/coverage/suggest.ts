import type { CheckedSop } from '../check/checked.ts';
import { answerKey, answerOf } from '../decision/compare/answer.ts';
import { inputsOf } from '../decision/compare/compare.ts';
import { signalsOf } from '../decision/compare/joint-axes.ts';
import { compileDecision, type Decision } from '../decision/decide.ts';
import type { Scalar } from '../decision/normalise.ts';
import type { Desk } from '../model/library.ts';
import { isByTables } from '../replay/decide-again.ts';
import type { CaseResult } from '../replay/run-case.ts';
import type { DecidedSubject } from '../replay/subjects.ts';
import type { Obligation, SopProof, Witness } from './obligation.ts';
import { variantsOf } from './prove-sop.ts';
import { isStanding, type Judge, judgeOf } from './tables/judge.ts';
import { type Redecide, redecide } from './tables/redecide.ts';
import type { Scope } from './tables/scope.ts';
import type { Variant } from './tables/variant.ts';

/** A case that is missing: signal values that nobody has tried, and what it would prove once a person has said what is right. */
export interface Suggestion {
  /** Null in a SOP without segments. */
  readonly segment: string | null;
  /** A value for each signal that the decision reads. */
  readonly values: ReadonlyMap<string, Scalar>;
  /** What the SOP says of it today, which need not be right. */
  readonly now: Decision;
  /** The obligations that it proves if today's answer is right. */
  readonly closes: readonly Obligation[];
}

export interface Suggestions {
  readonly sop: string;
  /** The one that closes most first. */
  readonly suggestions: readonly Suggestion[];
  /** A draft that waits for an answer, or a case that fails, lies where they would be closed. */
  readonly inDraft: readonly Obligation[];
  /** Open, and no point was found that would close them. */
  readonly left: readonly Obligation[];
  /** Open, and left for a later call: there are too many for one. */
  readonly later: readonly Obligation[];
}

interface Candidate {
  readonly scope: Scope;
  /** What the tables read: with parameters, and with what is put where a subject has no value. */
  readonly inputs: ReadonlyMap<string, Scalar>;
  readonly values: ReadonlyMap<string, Scalar>;
  readonly now: Decision;
}

/** Points tried for each variant: each change that it makes has one, and a few will do. */
const mostEach = 6;
/** Open obligations that one call looks at: each point is asked about each of them, and nobody answers thousands of drafts at once. */
const mostOpen = 1_500;
/** Cases that one call suggests: as many as somebody may answer before the next. */
const mostCases = 200;
/** Points that one call looks at; each of those obligations brings one, and some bring several. */
const mostPoints = 3_000;

/**
 * Few cases that together close every open obligation that a case of signal values can close. `drafts` are the subjects of drafts: what they
 * would close is not suggested again. Nor is what a case that fails lies at: somebody has answered there, and the SOP does not agree.
 */
export function suggest(
  checked: CheckedSop,
  results: readonly CaseResult[],
  desk: Desk,
  proof: SopProof,
  drafts: readonly DecidedSubject[],
): Suggestions {
  const all = proof.obligations.filter(({ state }) => state === 'open');
  const judge = judgeOf(checked, results, desk);
  const byId = new Map(variantsOf(checked, desk).map((variant) => [variant.id, variant]));
  const failing = results.filter(({ sop, outcome }) => sop === checked.sop.id.value && !isStanding(outcome));
  const answered = failing.flatMap(({ decided }) => decided);
  const waiting = [...drafts, ...answered].filter(isByTables).flatMap(({ values, decision, segment }) => {
    const scope = judge.scopes.find(({ name }) => name === (segment ?? null));
    return scope === undefined ? [] : [{ scope, inputs: inputsOf(scope.logic, values), values, now: decision }];
  });
  const inDraft = new Set(all.filter((one) => waiting.some(closingOf(one, byId.get(one.id)))));
  const notWaiting = all.filter((one) => !inDraft.has(one));
  const open = notWaiting.slice(0, mostOpen);
  const candidates = candidatesFor(
    open.flatMap(({ id }) => byId.get(id) ?? []),
    open,
    judge,
  );
  const found = candidates.map((candidate): Closing => ({ candidate, closes: [] }));
  for (const one of open) {
    const isClosedBy = closingOf(one, byId.get(one.id));
    for (const { candidate, closes } of found) if (isClosedBy(candidate)) closes.push(one);
  }
  const needed = fewest(found, open);
  const chosen = needed.slice(0, mostCases);
  const closed = new Set(chosen.flatMap(({ closes }) => closes));
  const put = new Set([...needed.slice(mostCases).flatMap(({ closes }) => closes), ...notWaiting.slice(mostOpen)]);
  return {
    sop: checked.sop.id.value,
    suggestions: chosen.map(({ candidate: { scope, values, now }, closes }) => ({
      segment: scope.name,
      values,
      now,
      closes,
    })),
    inDraft: [...inDraft],
    left: open.filter((one) => !closed.has(one) && !put.has(one)),
    later: notWaiting.filter((one) => put.has(one)),
  };
}

function candidatesFor(
  variants: readonly Variant[],
  open: readonly Obligation[],
  { witnesses, scopes }: Judge,
): Candidate[] {
  const own = open.flatMap(({ witness }) => (witness === null ? [] : [witness]));
  const points = [
    ...variants.flatMap((variant) => witnesses(variant).slice(0, mostEach)).slice(0, mostPoints - own.length),
    ...own,
  ];
  const lacking = open.flatMap(({ kind, column }) => (kind === 'null' && column !== null ? [column] : []));
  const known =
    points.length > 0 ? points : scopes.map(({ name }) => ({ segment: name, values: new Map<string, Scalar>() }));
  const all = [
    ...points,
    ...lacking.flatMap((name) => known.map((point) => ({ ...point, values: new Map(point.values).set(name, null) }))),
  ];
  const deciders = new Map(scopes.map((scope) => [scope.name, { scope, decide: compileDecision(scope.logic) }]));
  const distinct = new Map<string, Candidate>();
  for (const { segment, values } of all) {
    const of = deciders.get(segment);
    if (of === undefined) continue;
    const inputs = inputsOf(of.scope.logic, values);
    const now = of.decide(inputs, new Set());
    if (now.kind === 'invalid') continue;
    const signals = new Map([...signalsOf(of.scope.logic).keys()].map((name) => [name, inputs.get(name) ?? null]));
    const key = JSON.stringify([segment, ...[...signals].map(([name, value]) => [name, value?.toString() ?? null])]);
    if (!distinct.has(key)) distinct.set(key, { scope: of.scope, inputs, values: signals, now });
  }
  return [...distinct.values()];
}

/**
 * Whether a case at a point, which expects disposition and severity as they are today, would prove an obligation. A gap is closed by a rule, which
 * a case in it asks for.
 */
function closingOf(one: Obligation, variant: Variant | undefined): (candidate: Candidate) => boolean {
  const deciders = new Map<string | null, Redecide>();
  const deciderOf = (changed: Variant, { name, logic }: Scope): Redecide => {
    const decide = deciders.get(name) ?? redecide(logic, changed);
    deciders.set(name, decide);
    return decide;
  };
  return (candidate) => {
    const { scope, inputs, values, now } = candidate;
    if (one.kind === 'gap') return now.kind === 'undecided' && isAt(candidate, one.witness);
    if (now.kind !== 'decided') return false;
    if (variant !== undefined) {
      if (variant.segments !== null && (scope.name === null || !variant.segments.includes(scope.name))) return false;
      const changed = deciderOf(variant, scope)({ values: inputs, decision: now });
      return changed !== null && answerKey(answerOf(changed)) !== answerKey(answerOf(now));
    }
    if (one.kind === 'null') return (values.get(one.column ?? '') ?? null) === null;
    if (one.kind === 'rule')
      return now.trail.some(({ table, rules }) => table === one.table && rules.includes(one.rule ?? ''));
    return one.kind === 'output' && wordIn(now, one.column) === one.id.slice(one.id.lastIndexOf('/') + 1);
  };
}

function wordIn({ disposition, severity }: Decision & { kind: 'decided' }, column: string | null): string {
  return column === 'disposition' ? disposition : severity;
}

function isAt({ scope, values }: Candidate, witness: Witness | null): boolean {
  if (witness === null || witness.segment !== scope.name) return false;
  const there = inputsOf(scope.logic, witness.values);
  const signals = [...signalsOf(scope.logic).keys()];
  return signals.every((name) => String(values.get(name) ?? null) === String(there.get(name) ?? null));
}

interface Closing {
  readonly candidate: Candidate;
  readonly closes: Obligation[];
}

/** Greedy: the one that closes most of what is still open, the first of equals, until none closes anything. */
function fewest(found: readonly Closing[], open: readonly Obligation[]): Closing[] {
  const left = new Set(open);
  const chosen: Closing[] = [];
  // What each closes can only shrink, so one that still closes as much as it was thought to need not be compared with those behind it.
  const bySize: number[][] = Array.from({ length: open.length + 1 }, () => []);
  for (const [place, { closes }] of found.entries()) bySize[closes.length]?.push(place);
  for (let size = bySize.length - 1; size > 0; size--) {
    const places = (bySize[size] ?? []).sort((a, b) => a - b);
    for (const place of places) {
      const { candidate, closes } = found[place] as Closing; // it was put there
      const still = closes.filter((one) => left.has(one));
      if (still.length < size) {
        bySize[still.length]?.push(place);
        continue;
      }
      chosen.push({ candidate, closes: still });
      for (const one of still) left.delete(one);
    }
  }
  return chosen;
}
