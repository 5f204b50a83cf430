import { define } from '../define.ts';
import { quote } from '../words.ts';

/** SOP9xx: dates, versions, approvals. */
export const governanceCodes = {
  SOP901: define<{ date: string; owner: string }>({
    level: 'warning',
    title: 'The review is overdue',
    message: ({ date }) => `this SOP was to be reviewed by ${date}`,
    label: 'past',
    why: 'markets and attackers move; a threshold that nobody has looked at for so long is a guess',
    fix: ({ owner }) => `${owner} reviews the SOP and sets a new \`review_by\``,
  }),
  SOP902: define<{ first: string; second: string }>({
    title: 'Dates in the wrong order',
    message: ({ first, second }) => `\`${second}\` lies before \`${first}\``,
    label: 'earlier than it can be',
    why: 'a SOP cannot be due for review before it is in force',
    fix: 'mend one of the two dates',
  }),
  SOP903: define<object>({
    title: 'Approved by nobody',
    message: 'this SOP is `approved`, but does not say by whom',
    label: 'approved by whom?',
    why: 'an approved SOP becomes a skill that agents follow; somebody must stand for it',
    fix: 'add `approved_by:` with a team of `sops/desk.yaml`, or set `status: in_review`',
  }),
  SOP904: define<{ value: string }>({
    title: 'A date that does not exist',
    message: ({ value }) => `\`${quote(value, 30)}\` is no date of the calendar`,
    label: 'year-month-day',
    why: 'whether a review or a known gap is overdue is computed from it',
    fix: 'write it as `2026-11-01`',
  }),
  SOP905: define<{ owner: string }>({
    level: 'warning',
    title: 'Approved by its own owner',
    message: ({ owner }) => `\`${owner}\` owns this SOP and approves it`,
    label: 'the same team',
    why: 'four eyes: who writes a procedure overlooks what it misses',
    fix: 'let another team of `sops/desk.yaml` approve it',
  }),
} as const;
