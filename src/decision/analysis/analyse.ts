import type { Logic } from '../logic.ts';
import { type Budget, meterOf, shareOf } from './budget.ts';
import { confirmWith } from './confirm.ts';
import type { Analysis } from './finding.ts';
import { frameOf } from './frame.ts';
import { inquiryOf } from './inquiry.ts';
import { tellReach } from './tell-reach.ts';
import { regionTeller } from './tell-region.ts';

/** What is wrong with the tables of a logic, or idle in them, each with a witness that the evaluator has confirmed. */
export function analyse(logic: Logic, budget: Budget): Analysis {
  const tell = regionTeller(logic);
  const confirm = confirmWith(logic);
  const parts = logic.tables.map((table, index): Analysis => {
    const meter = meterOf(budget.visits);
    const frame = frameOf(logic, index);
    const inquiry = inquiryOf({ logic, table, index, frame, tell, confirm });
    tellReach(inquiry, shareOf(meter, 0.5));
    return inquiry.told();
  });
  return {
    findings: parts.flatMap(({ findings }) => findings),
    open: parts.flatMap(({ open }) => open),
    omitted: parts.flatMap(({ omitted }) => omitted),
  };
}
