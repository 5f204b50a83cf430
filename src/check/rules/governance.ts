import { diagnose } from '../../diagnostics/diagnostic.ts';
import { isDate } from '../../text/time.ts';
import type { Rule } from '../checked.ts';

/** Dates that exist and follow one another; approval by somebody else; a review that is not overdue. */
export const governance: Rule = ({ sop, today }) => {
  const { effective, reviewBy, status, approvedBy, owner } = sop;
  const dates = [effective, reviewBy].filter((date) => date !== null && /^\d{4}-\d{2}-\d{2}$/.test(date.value));
  const wrong = dates.filter((date) => date !== null && !isDate(date.value));
  const found = wrong.flatMap((date) => (date === null ? [] : [diagnose('SOP904', date.span, { value: date.value })]));
  if (wrong.length === 0 && effective !== null && reviewBy.value !== '' && reviewBy.value < effective.value) {
    found.push(
      diagnose(
        'SOP902',
        reviewBy.span,
        { first: 'effective', second: 'review_by' },
        { related: [{ span: effective.span, label: 'in force from here' }] },
      ),
    );
  }
  const isLive = status.value === 'approved' || status.value === 'in_review';
  if (isLive && isDate(reviewBy.value) && reviewBy.value < today)
    found.push(diagnose('SOP901', reviewBy.span, { date: reviewBy.value, owner: owner.value }));
  if (status.value === 'approved' && approvedBy === null) found.push(diagnose('SOP903', status.span, {}));
  if (status.value === 'approved' && approvedBy !== null && approvedBy.value === owner.value)
    found.push(diagnose('SOP905', approvedBy.span, { owner: owner.value }));
  return found;
};
