import { diagnose } from '../../diagnostics/diagnostic.ts';
import type { MarketTable } from '../../model/library.ts';
import { onlyNearest } from '../../text/nearest.ts';
import { spanAt } from '../../text/source.ts';
import type { Rule } from '../checked.ts';

/** A word in backquotes that is nearly, but not quite, the name of something here. */
export const steps: Rule = ({ sop, library }) => {
  const known = new Set([
    ...sop.parameters.map((parameter) => parameter.name.value),
    ...sop.groups.flatMap((group) => group.signals.map((signal) => signal.name.value)),
    ...sop.tables.flatMap((table) => table.outputs.map((output) => output.value)),
    ...sop.subject.columns.map((column) => column.name),
  ]);
  return sop.steps.flatMap((step) =>
    [...step.text.matchAll(/`([a-z][a-z0-9_]*)`/g)].flatMap((match) => {
      const name = match[1] ?? '';
      const near = known.has(name) ? undefined : onlyNearest(name, known);
      if (near === undefined || library.tables.some((table) => isNamedIn(table, name))) return [];
      return [diagnose('SOP320', spanAt(step.span.path, step.span.start, step.span.end), { name, near })];
    }),
  );
};

function isNamedIn(table: MarketTable, name: string): boolean {
  return table.name === name || table.columns.some((column) => column.name === name);
}
