import { diagnose } from '../../diagnostics/diagnostic.ts';
import type { Span } from '../../text/source.ts';
import type { Rule } from '../checked.ts';

/** Signals, parameters, subject columns and outputs share one space of names: SQL and tables use them all alike. */
export const duplicateNames: Rule = ({ sop }) => {
  const first = new Map<string, { span: Span; what: string }>();
  const named = [
    ...sop.subject.columns.map((column) => ({ name: column.name, span: column.span, what: 'a column of the subject' })),
    ...sop.parameters.map((parameter) => ({
      name: parameter.name.value,
      span: parameter.name.span,
      what: 'a parameter',
    })),
    ...sop.groups.flatMap((group) =>
      group.signals.map((signal) => ({ name: signal.name.value, span: signal.name.span, what: 'a signal' })),
    ),
    ...sop.tables.flatMap((table) =>
      table.outputs.map((output) => ({
        name: output.value,
        span: output.span,
        what: `an output of \`${table.name.value}\``,
      })),
    ),
  ];
  return named.flatMap((entry) => {
    const earlier = first.get(entry.name);
    if (earlier === undefined) {
      first.set(entry.name, entry);
      return [];
    }
    return [
      diagnose(
        'SOP303',
        entry.span,
        { name: entry.name, what: `${earlier.what} and ${entry.what}${earlier.what === entry.what ? ' again' : ''}` },
        { related: [{ span: earlier.span, label: earlier.what }] },
      ),
    ];
  });
};
