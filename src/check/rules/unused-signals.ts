import { diagnose } from '../../diagnostics/diagnostic.ts';
import type { Sop } from '../../model/sop.ts';
import { nearest } from '../../text/nearest.ts';
import type { Rule } from '../checked.ts';

export const unusedSignals: Rule = ({ sop, logic }) => {
  if (sop.tables.length === 0) return [];
  const used = new Set(logic.inputs.map((column) => column.name));
  const given = new Set(logic.tables.flatMap((table) => table.outputs.map((output) => output.name)));
  const headings = sop.tables.flatMap((table) => table.inputs.map((input) => input.value));
  // A signal whose name is misspelt in a heading is missed there, not here.
  const misspelt = headings
    .filter((name) => !used.has(name) && !given.has(name))
    .flatMap((name) => nearest(name, signalNames(sop)));
  return sop.groups
    .flatMap((group) => group.signals)
    .filter((signal) => !used.has(signal.name.value) && !misspelt.includes(signal.name.value))
    .map((signal) => diagnose('SOP323', signal.name.span, { name: signal.name.value }));
};

function signalNames(sop: Sop): string[] {
  return sop.groups.flatMap((group) => group.signals).map((signal) => signal.name.value);
}
