import { diagnose } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../checked.ts';

/** The last table gives one disposition and one severity; sums have one output. */
export const finalTable: Rule = ({ sop }) => {
  const last = sop.tables.at(-1);
  const found = sop.tables
    .filter((table) => ['C+', 'C#', 'C<', 'C>'].includes(table.hitPolicy) && table.outputs.length > 1)
    .map((table) =>
      diagnose('SOP506', table.outputs[1]?.span ?? table.headerSpan, {
        policy: table.hitPolicy,
        outputs: table.outputs.length,
      }),
    );
  if (last === undefined) return found;
  for (const missing of ['disposition', 'severity']) {
    if (last.outputs.length > 0 && !last.outputs.some((output) => output.value === missing)) {
      found.push(diagnose('SOP504', last.headerSpan, { missing, table: last.name.value }));
    }
  }
  if (!['U', 'A', 'F', 'P'].includes(last.hitPolicy))
    found.push(diagnose('SOP505', last.headerSpan, { policy: last.hitPolicy, table: last.name.value }));
  return found;
};
