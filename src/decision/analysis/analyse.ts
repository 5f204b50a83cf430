import { type Budget, type Meter, meterOf, shareOf } from '../boxes/budget.ts';
import type { Frame, Layer } from '../boxes/frame.ts';
import type { Logic } from '../logic.ts';
import { confirmWith } from './confirm.ts';
import { findPairs, type Pairs } from './find-pairs.ts';
import type { Analysis } from './finding.ts';
import { frameOf } from './frame.ts';
import { inquiryOf } from './inquiry.ts';
import { frameAlone, tellIdle } from './tell-idle.ts';
import { tellMergeable } from './tell-mergeable.ts';
import { tellMilder } from './tell-milder.ts';
import { tellNull } from './tell-null.ts';
import { tellOverlap } from './tell-overlap.ts';
import { tellReach } from './tell-reach.ts';
import { tellRedundant } from './tell-redundant.ts';
import { regionTeller } from './tell-region.ts';
import { tellUnused } from './tell-unused.ts';

/**
 * What is wrong with the tables of a logic, or idle in them, each with a witness that the evaluator has confirmed. What the budget left
 * undecided is in `open`: where a question about a table is not there, the findings are all there are. The budget is for each table anew. `dispositions` from the mildest to the strictest: without them nothing is said of null that is milder.
 * `nulls`: whether to say of each input that may be null if the table decides it then.
 */
export function analyse(
  logic: Logic,
  budget: Budget,
  dispositions: readonly string[] = [],
  { nulls }: { readonly nulls: boolean } = { nulls: true },
): Analysis {
  const tell = regionTeller(logic);
  const confirm = confirmWith(logic);
  const safe = new Set<number>();
  const parts = logic.tables.map((table, index): Analysis => {
    const meter = meterOf(budget.visits);
    const { frame, pairs } = frameWithPairs(frameOf(logic, index, { safe }), shareOf(meter, 0.3));
    const inquiry = inquiryOf({ logic, table, index, frame, tell, confirm });
    const reach = tellReach(inquiry, shareOf(meter, 0.4), () => shareOf(meter, 0.3));
    if (tellOverlap(inquiry, pairs, shareOf(meter, 0.5))) safe.add(index);
    tellUnused(inquiry, reach, shareOf(meter, 0.3));
    tellRedundant(inquiry, reach, shareOf(meter, 0.5));
    const alone = frameAlone(inquiry, shareOf(meter, 0.2));
    tellMergeable(inquiry, alone, reach, shareOf(meter, 0.3));
    tellIdle(inquiry, alone, shareOf(meter, 0.3));
    if (nulls) tellNull(inquiry, shareOf(meter, 0.5));
    if (index === logic.tables.length - 1) tellMilder(inquiry, dispositions, meter);
    return { ...inquiry.told(), visits: budget.visits - meter.left() };
  });
  return {
    findings: parts.flatMap(({ findings }) => findings),
    open: parts.flatMap(({ open }) => open),
    omitted: parts.flatMap(({ omitted }) => omitted),
    visits: parts.reduce((sum, part) => sum + part.visits, 0),
  };
}

/** Where it is known which rules meet, the questions about one rule look at few others. */
function frameWithPairs(frame: Frame, meter: Meter): { frame: Frame; pairs: Pairs } {
  const last = frame.layers[frame.layers.length - 1] as Layer; // a frame has its own table
  const pairs = findPairs(frame, last, meter);
  if (!pairs.isWhole) return { frame, pairs };
  return { frame: { dims: frame.dims, layers: [...frame.layers.slice(0, -1), { ...last, near: pairs.met }] }, pairs };
}
