import { diagnose } from '../../diagnostics/diagnostic.ts';
import { disguiseOf } from '../../syntax/look-alikes.ts';
import type { Located } from '../../text/source.ts';
import type { Rule } from '../checked.ts';

/** Names that may be written in any alphabet: none may pass for another one. */
export const lookAlikes: Rule = ({ sop }) => {
  const signals = sop.groups.flatMap((group) => group.signals);
  const words = [...sop.parameters, ...signals].flatMap(({ range }) =>
    [...range.text.matchAll(/"([^"]*)"/g)].map(([, value = '']): Located<string> => ({ value, span: range.span })),
  );
  const rules = sop.tables.flatMap((table) => [
    table.name,
    ...table.inputs,
    ...table.outputs,
    ...table.rules.map((rule) => rule.id),
  ]);
  return [...sop.segments, ...words, ...rules, ...sop.groups.map((group) => group.name)].flatMap(({ value, span }) => {
    const what = disguiseOf(value);
    return what === null ? [] : [diagnose('SOP116', span, { name: value, what, isData: false })];
  });
};
