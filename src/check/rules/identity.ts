import { diagnose } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../checked.ts';

/** Members are listed by one group where the SOP has an identity, and by none where it has not. */
export const identity: Rule = ({ sop }) => {
  const listing = sop.groups.filter((group) => group.members !== null);
  if (sop.identity === null)
    return listing.flatMap(({ name, members }) =>
      members === null ? [] : [diagnose('SOP264', members.span, { group: name.value })],
    );
  const { members, span } = sop.identity;
  const isSubject = sop.subject.columns.some((column) => column.name === members.value);
  return [
    ...(listing.length === 1 ? [] : [diagnose('SOP263', span, { blocks: listing.length, members: members.value })]),
    ...(isSubject ? [diagnose('SOP266', members.span, { name: members.value })] : []),
  ];
};
