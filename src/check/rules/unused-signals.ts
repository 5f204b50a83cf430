import { diagnose } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../checked.ts';

export const unusedSignals: Rule = ({ sop, logic }) => {
  if (sop.tables.length === 0) return [];
  const used = new Set(logic.inputs.map((column) => column.name));
  return sop.groups
    .flatMap((group) => group.signals)
    .filter((signal) => !used.has(signal.name.value))
    .map((signal) => diagnose('SOP323', signal.name.span, { name: signal.name.value }));
};
