import type { Decision } from '../decision/decide.ts';
import type { Expectation } from '../model/case.ts';
import type { Sop } from '../model/sop.ts';
import { parseTime } from '../text/time.ts';
import { withoutData } from './in-window.ts';
import type { Readiness } from './readiness.ts';

/** Somebody who was not found is undecided, not cleared, where data is missing that the SOP requires. */
export function withoutIt(readiness: Readiness, sop: Sop): (expectation: Expectation) => Decision | null {
  return ({ subject }) => {
    const match = (name: string | undefined) => subject.find(({ column }) => column.value === name)?.match;
    const time = match(sop.at?.value);
    const symbol = match('symbol');
    const at = time === undefined || time.text === null ? null : (parseTime(time.text) ?? null);
    const unmet = readiness({ at, symbol: symbol?.kind === 'equal' ? symbol.text : null });
    return unmet.length === 0 ? null : withoutData(unmet, null);
  };
}
