import { diagnose } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../checked.ts';

/** `settle` counts from `at`; `$from` and `$as_of` belong to the run. */
export const timing: Rule = ({ sop }) => {
  const columns = sop.subject.columns.map((column) => column.name);
  const reserved = sop.parameters.filter(({ name }) => name.value === 'from' || name.value === 'as_of');
  return [
    ...(sop.settle === null || sop.at !== null
      ? []
      : [diagnose('SOP241', sop.settle.span, { what: '`settle`', columns })]),
    ...reserved.map(({ name }) =>
      diagnose('SOP303', name.span, { name: name.value, what: 'a parameter and a moment that every run sets' }),
    ),
  ];
};
