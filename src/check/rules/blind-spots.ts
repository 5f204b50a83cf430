import { type Diagnostic, diagnose } from '../../diagnostics/diagnostic.ts';
import { isBlank } from '../../model/build/columns.ts';
import { nearest } from '../../text/nearest.ts';
import type { Rule } from '../checked.ts';

/** A blind spot is executable: it names a case that fails as noted; and no case fails as noted that it does not name. */
export const blindSpots: Rule = ({ sop, library }) => {
  const { unreadCases } = library;
  if (unreadCases === 'all') return [];
  const own = library.cases.filter((entry) => entry.sop === sop.id.value);
  const drafts = library.drafts.filter((entry) => entry.sop === sop.id.value);
  const names = own.map((entry) => entry.name.value);
  const rows = sop.blindSpots.flatMap(({ case: named }): Diagnostic[] => {
    if (unreadCases.includes(named.value)) return [];
    const what = { name: isBlank(named.value) ? '' : named.value, sop: sop.id.value };
    if (drafts.some((draft) => draft.name.value === named.value))
      return [diagnose('SOP309', named.span, { ...what, near: [], isDraft: true })];
    const entry = own.find((candidate) => candidate.name.value === named.value);
    if (entry === undefined)
      return [diagnose('SOP309', named.span, { ...what, near: nearest(named.value, names), isDraft: false })];
    if (entry.knownGap !== null) return [];
    const related = [{ span: entry.name.span, label: 'no `known_gap`' }];
    return [diagnose('SOP715', named.span, { name: what.name }, { related })];
  });
  // A row that names no case of its own is probably meant for one of these: told once.
  if (sop.status.value === 'retired' || rows.some(({ code }) => code === 'SOP309')) return rows;
  const shown = new Set(sop.blindSpots.map((row) => row.case.value));
  const hidden = own.filter((entry) => entry.knownGap !== null && !shown.has(entry.name.value));
  return [
    ...rows,
    ...hidden.map(({ name, knownGap }) =>
      diagnose('SOP716', name.span, {
        case: name.value,
        sop: sop.id.value,
        outcome: knownGap?.outcome ?? 'missed',
      }),
    ),
  ];
};
