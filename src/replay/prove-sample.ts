import type { CheckedSop } from '../check/checked.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { type Evaluation, evaluate, type Request } from './evaluate.ts';
import { describeFault, sameAnswer, type TimeFault, timeFaults, timeOf } from './prove-time.ts';
import type { Source } from './source.ts';
import { generator } from './statistics.ts';
import { type DecidedSubject, keyText } from './subjects.ts';

/** Decisions of a back-test that were tried again on data that ended when they had settled. */
export interface TimeSample {
  readonly tried: number;
  /** Those that came out otherwise. */
  readonly changed: number;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Tries a seeded sample of decisions again: nothing before the lookback, nothing after they had settled. Half of them are
 * decisions that some rule made, because `else` looks at little.
 */
export async function proveSample(
  checked: CheckedSop,
  source: Source,
  evaluation: Evaluation,
  request: Request,
  { size, seed }: { readonly size: number; readonly seed: number },
): Promise<TimeSample> {
  const again: Request = { ...request, supply: evaluation.supply };
  const faults: TimeFault[] = [];
  const sample = choose(evaluation.decided, checked, size, seed);
  for (const subject of sample) {
    if (await holdsInFeed(subject, checked, source, again)) continue;
    const [fault] = await timeFaults(subject, checked, source, again);
    if (fault !== undefined) faults.push(fault);
  }
  const first = (['ahead', 'start'] as const).flatMap((kind) => faults.find((fault) => fault.kind === kind) ?? []);
  const place = checked.sop.at?.span ?? checked.sop.id.span;
  return {
    tried: sample.length,
    changed: faults.length,
    diagnostics: first.map((fault) => describeFault(fault, 'this data', place, checked)),
  };
}

function choose(decided: readonly DecidedSubject[], checked: CheckedSop, size: number, seed: number): DecidedSubject[] {
  const random = generator(seed);
  const timed = decided.filter((subject) => subject.decision.kind === 'decided' && timeOf(subject, checked) !== null);
  const ruled = timed.filter(({ decision }) => decision.kind === 'decided' && decision.rule !== 'else');
  const chosen = new Set<DecidedSubject>();
  const draw = (from: readonly DecidedSubject[], upTo: number) => {
    for (let tries = 0; chosen.size < Math.min(upTo, size) && tries < 20 * size; tries++) {
      const subject = from[Math.floor(random() * from.length)];
      if (subject !== undefined) chosen.add(subject);
    }
  };
  draw(ruled, Math.ceil(size / 2));
  draw(timed, size);
  return [...chosen];
}

/**
 * The cheap way first: the subject's own feed alone, from its lookback to its end. The same answer there cannot come from
 * later rows; another one may only mean that the SQL compares feeds, and is looked at with all of them.
 */
async function holdsInFeed(
  subject: DecidedSubject,
  checked: CheckedSop,
  source: Source,
  request: Request,
): Promise<boolean> {
  const { sop } = checked;
  const at = timeOf(subject, checked);
  const column = source.shapes.find((shape) => shape.feed !== undefined)?.feed;
  const value = subject.key[sop.subject.columns.findIndex(({ name }) => name === column)];
  if (at === null || column === undefined || typeof value !== 'string') return false;
  const run = await evaluate(checked, source, {
    ...request,
    from: sop.lookback === null ? request.from : at,
    asOf: at + (sop.settle?.value ?? 0) * 1e6,
    feed: { column, value },
  });
  const other = run.ok ? run.value.decided.find(({ key }) => keyText(key) === keyText(subject.key)) : undefined;
  return other !== undefined && sameAnswer(subject, other);
}
