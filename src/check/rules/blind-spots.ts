import { diagnose } from '../../diagnostics/diagnostic.ts';
import { nearest } from '../../text/nearest.ts';
import type { Rule } from '../checked.ts';

/** A blind spot is executable: it names a case. */
export const blindSpots: Rule = ({ sop, library }) => {
  const { unreadCases } = library;
  if (unreadCases === 'all') return [];
  const names = library.cases.filter((entry) => entry.sop === sop.id.value).map((entry) => entry.name.value);
  return sop.blindSpots
    .filter((row) => !names.includes(row.case.value) && !unreadCases.includes(row.case.value))
    .map((row) => diagnose('SOP309', row.case.span, { name: row.case.value, near: nearest(row.case.value, names) }));
};
