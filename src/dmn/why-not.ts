interface Reason {
  readonly says: RegExp;
  readonly why: string;
}

/** What FEEL has and a decision cell here has not, each with what to do instead. The first that fits is said. */
const reasons: readonly Reason[] = [
  {
    says: /\b(?:date and time|date|time|duration)\s*\(|@"/,
    why: 'only `date("2026-01-31")`, `date and time("2026-01-31T08:30:00Z")` and `duration("P1DT12H")` are times here; no time of day, no month, nothing computed',
  },
  { says: /\bin\b|\bbetween\b/, why: '`in` and `between` are expressions; write the interval or the list alone' },
  { says: /^\s*!?=/, why: '`=` and `!=` are expressions; write the value alone, or `not(…)`' },
  { says: /[{}]/, why: 'contexts have no place in a cell' },
  { says: /\b(?:if|for|some|every)\b/, why: 'it is a whole expression; a table of its own can say it' },
  // A name before a bracket; after `not` and after a comma or another bracket comes an interval.
  {
    says: /(?!not\s*\()(?<![\p{L}\p{N}_])[\p{L}_][\p{L}\p{N}_]*\s*\(/u,
    why: 'it calls a function; compute that as a signal',
  },
  { says: /\?/, why: 'the form with `?` is a whole expression; write the comparison alone, such as `> 3`' },
  {
    says: /[*/]|[\p{L}\p{N}_)"]\s*[+-]\s*[\p{L}\p{N}_(."]/u,
    why: 'it computes; cells compare only, so compute that as a signal',
  },
];

/** A text in quotes; one that nobody closes goes on to the end, so that none is looked at twice. */
export const quotedText = /"(?:[^"\\]|\\.?)*(?:"|$)/g;

/** Why a text of FEEL is no cell of ours; `hint` is what the reader of our cells says, where nothing better is known. */
export function whyNot(text: string, hint: string): string {
  // What stands in quotes is no FEEL; the marks of a date stay: @"2026-01-01".
  const bare = text.replace(quotedText, '""');
  const found = reasons.find(({ says }) => says.test(bare));
  if (found !== undefined) return found.why;
  if (/\\[^"\\]/.test(text)) return 'a text has an escape other than `\\"` and `\\\\`';
  return hint === '' ? 'it is no condition that a cell can hold' : hint;
}
