import { define } from '../define.ts';
import { allOf, count, quote } from '../words.ts';

type InCase = { case: string; sop: string };

/** SOP7xx: cases and what they come out as. */
export const caseCodes = {
  SOP701: define<InCase & { subject: string; expected: string; actual: string; explanation: string }>({
    title: 'An attack is missed',
    message: ({ case: name, sop }) => `\`${sop}\` misses the attack \`${name}\``,
    label: ({ expected, actual }) => `expected ${expected}; got ${actual}`,
    why: ({ explanation }) => explanation,
    fix: 'change the rule or the signal; where the desk accepts the gap, say so with `known_gap:` (owner, reason, until)',
  }),
  SOP702: define<InCase & { subject: string; expected: string; actual: string; explanation: string }>({
    title: 'Somebody is accused who must not be',
    message: ({ case: name, sop, subject }) =>
      `\`${sop}\` raises a false alarm in \`${name}\` about ${quote(subject, 80)}`,
    label: ({ expected, actual }) => `expected ${expected}; got ${actual}`,
    why: ({ explanation }) => explanation,
    fix: 'narrow the rule, or add the signal that tells this one apart; where the desk accepts it, say so with `known_gap:`',
  }),
  SOP703: define<InCase & { subject: string; expected: string; actual: string; explanation: string }>({
    title: 'Found, but not as expected',
    message: ({ case: name, sop }) => `\`${sop}\` decides \`${name}\` otherwise than expected`,
    label: ({ expected, actual }) => `expected ${expected}; got ${actual}`,
    why: ({ explanation }) => explanation,
    fix: 'if the SOP is right, change the expectation; if the case is right, change the rule',
  }),
  SOP704: define<InCase & { explanation: string }>({
    title: 'A case could not be decided',
    message: ({ case: name, sop }) => `\`${sop}\` gives no decision in \`${name}\``,
    label: 'no decision',
    why: ({ explanation }) => explanation,
    fix: 'add a rule (or `else`) for this input, mend the value or the range of the signal, or give the case the data that is missing',
  }),
  SOP705: define<InCase & { outcome: string }>({
    title: 'A known gap is closed',
    message: ({ case: name, outcome }) => `the known gap of \`${name}\` is closed: the case is no longer ${outcome}`,
    label: 'take this out',
    why: 'a note that says "we miss this" must not outlive the gap: the next loss of detection would be excused by it',
    fix: 'take `known_gap:` out of the case, and its row out of Blind spots',
  }),
  SOP706: define<InCase & { until: string; reason: string }>({
    title: 'A known gap is past its date',
    message: ({ case: name, until }) => `the known gap of \`${name}\` was accepted until ${until}`,
    label: 'over',
    why: ({ reason }) => `the desk agreed to look again: ${quote(reason, 100)}`,
    fix: 'close the gap, or let its owner accept it anew with a later date',
  }),
  SOP707: define<InCase & { group: string; what: string }>({
    title: 'SQL fails on the data of a case',
    message: ({ case: name, group }) => `the SQL of \`${quote(group, 40)}\` fails on the data of \`${name}\``,
    label: ({ what }) => quote(what, 100),
    why: 'the query is valid, but this data breaks it; real data would too',
    fix: 'guard the place: `nullif(x, 0)` before a division, `TRY_CAST` for text that may be no number',
  }),
  SOP708: define<{ sop: string; what: string }>({
    level: 'warning',
    title: 'Cases are missing',
    message: ({ sop, what }) => `\`${sop}\` has ${what}`,
    label: 'unproved',
    why: 'without an attack that must be found and an innocent who must be left alone, nothing is proved about this SOP',
    fix: ({ sop }) => `\`sop new case ${sop} my-case\` starts one`,
  }),
  SOP709: define<InCase & { group: string; subject: string }>({
    title: 'Two rows for one subject',
    message: ({ group, subject }) => `the SQL of \`${quote(group, 40)}\` returns two rows for ${quote(subject, 80)}`,
    label: 'this SQL',
    why: 'one subject gets one decision; which of the rows counts would be chance',
    fix: 'group by every column of the subject, or join on a unique key',
  }),
  SOP710: define<InCase & { group: string; column: string }>({
    title: 'A subject without a name',
    message: ({ group, column }) => `the SQL of \`${quote(group, 40)}\` returns a row whose \`${column}\` is NULL`,
    label: 'this SQL',
    why: 'nobody could be told whom the decision concerns',
    fix: ({ column }) =>
      `filter such rows out (\`WHERE ${column} IS NOT NULL\`), fall back to another id with coalesce, or write \`${column}?\` in \`subject\` where NULL is meant`,
  }),
  SOP711: define<InCase & { group: string; signals: readonly string[]; values: number }>({
    level: 'warning',
    title: 'NaN or infinity became null',
    message: ({ signals, values }) =>
      `${count(values, 'value')} of ${signals.map((s) => `\`${s}\``).join(', ')} ${values === 1 ? 'is' : 'are'} no number (NaN) or infinite, and ${values === 1 ? 'counts' : 'count'} as null`,
    label: 'this SQL',
    why: 'a ratio over zero is no number; as null it matches no comparison, which may hide somebody',
    fix: 'decide in SQL what a division by zero means: `a / nullif(b, 0)`',
  }),
  SOP712: define<{ technique: string; sop: string }>({
    level: 'warning',
    title: 'A claim that no case proves',
    message: ({ technique, sop }) => `\`${sop}\` claims ${technique}, but no case of it is about ${technique}`,
    label: 'claimed',
    why: 'a technique that is claimed and never tried is the gap that nobody looks for',
    fix: ({ technique }) => `write an attack case with \`technique: ${technique}\`, or take the claim out`,
  }),
  SOP713: define<InCase & { file: string; what: string }>({
    title: 'A data file cannot be used',
    message: ({ file, what }) => `the data file \`${quote(file, 80)}\` cannot be used: ${quote(what, 140)}`,
    label: 'this file',
    why: 'the case cannot run without its data',
    fix: 'export the file again as CSV with a header line, as Parquet, or as JSON with one object a row',
  }),
  SOP714: define<InCase>({
    title: 'A case that counts nowhere',
    message: ({ case: name, sop }) =>
      `\`only\` of \`${quote(name, 64)}\` leaves out \`${sop}\`, the SOP in whose folder the case lies`,
    label: 'the case does not run',
    why: 'it looks like a proof about this SOP and is none',
    fix: ({ sop }) => `add \`${sop}\` to \`only\`, or move the case to the SOP that it is about`,
  }),
  SOP715: define<{ name: string }>({
    level: 'warning',
    title: 'A blind spot that its case does not show',
    message: ({ name }) => `the case \`${quote(name, 64)}\` is no known gap, so it does not show this blind spot`,
    label: 'shows nothing that is missed',
    why: 'a case without `known_gap:` must pass: either the SOP sees this after all, or the case is about something else',
    fix: 'if the gap is closed, take the row out; if it is not, name the case that fails today, or give this one its right answer and a `known_gap:`',
  }),
  SOP716: define<InCase & { outcome: string }>({
    level: 'warning',
    title: 'A known gap that no blind spot names',
    message: ({ case: name, sop }) =>
      `\`${quote(name, 64)}\` is a known gap, and no row of Blind spots in \`${sop}\` names it`,
    label: 'not under Blind spots',
    why: ({ outcome }) =>
      outcome === 'false_alarm'
        ? 'an agent reads the SOP and not the cases: it would accuse this innocent, and nobody has told it to doubt'
        : 'an agent reads the SOP and not the cases: it would take the silence of the SOP for an answer',
    fix: ({ case: name }) =>
      `add a row to Blind spots that says in words what is missed, with the case \`${quote(name, 64)}\``,
  }),
  SOP717: define<{ case: string; technique: string; market: string; markets: readonly string[] }>({
    level: 'warning',
    title: 'A case where its technique cannot happen',
    message: ({ case: name, technique, market }) =>
      `\`${quote(name, 64)}\` shows ${technique} in \`${quote(market, 40)}\`, where by the taxonomy it cannot happen`,
    label: ({ markets }) => (markets.length === 0 ? 'in no market' : `only in ${markets.join(', ')}`),
    why: 'one of the two is wrong; until it is mended, the coverage of the technique leaves this case out',
    fix: ({ technique, market }) =>
      `if it can happen, add \`${quote(market, 40)}\` to \`markets\` of ${technique} in \`sops/taxonomy.yaml\`; if not, mend \`market\` or \`technique\``,
  }),
  SOP720: define<
    InCase & {
      subject: string;
      cut: string;
      before: string;
      after: string;
      signals: readonly string[];
      settle: string | null;
    }
  >({
    title: 'A signal looks ahead',
    message: ({ case: name, sop, signals }) =>
      signals.length === 0
        ? `\`${sop}\` finds somebody in \`${name}\` only with rows that came later`
        : `\`${sop}\` decides \`${name}\` with rows that came later: ${allOf(signals, 3)} ${signals.length === 1 ? 'looks' : 'look'} ahead`,
    label: ({ before, after }) => `then: ${before}; with later rows: ${after}`,
    why: ({ subject, cut }) =>
      `${quote(subject, 80)}: whoever decides as of ${cut} does not have the later rows, so the case proves more than a desk will find`,
    fix: ({ settle }) =>
      settle === null
        ? 'let the SQL read rows up to the time of the subject only, or say how long the decision must wait: `settle: 1d` where the subject is a day called by its start'
        : `let the SQL read rows up to ${settle} after the time of the subject only, or make \`settle: ${settle}\` longer`,
  }),
  SOP721: define<
    InCase & {
      subject: string;
      cut: string;
      before: string;
      after: string;
      signals: readonly string[];
      lookback: string;
      isNew: boolean;
    }
  >({
    title: 'The answer depends on where the data begins',
    message: ({ case: name, sop, lookback, signals, isNew }) => {
      if (isNew) return `\`${sop}\` names another subject in \`${name}\` when the data begins later`;
      const which =
        signals.length === 0 ? '' : `: ${allOf(signals, 3)} ${signals.length === 1 ? 'reads' : 'read'} further back`;
      return `\`${sop}\` decides \`${name}\` otherwise when it sees no more than its lookback of ${lookback}${which}`;
    },
    label: ({ before, after }) => `with all rows: ${before}; with fewer: ${after}`,
    why: ({ subject, cut }) =>
      `${quote(subject, 80)}: rows before ${cut} are left out; what a patrol decides, and whom it names, must not hang on where the data happens to begin`,
    fix: ({ isNew }) =>
      isNew
        ? 'call the subject by something that stays, such as an account, an hour of the clock or the smallest id of a group; not by the first row that happens to be there'
        : 'make `lookback:` longer, or bound in SQL how far back it reads',
  }),
  SOP722: define<
    InCase & {
      kind: 'table' | 'column' | 'last_hour';
      table: string;
      column: string;
      subject: string;
      actual: string;
      expected: string;
    }
  >({
    title: 'Missing data makes the answer milder',
    message: ({ case: name, sop, kind, table, column }) =>
      `without ${kind === 'table' ? `\`${table}\`` : kind === 'column' ? `\`${table}.${column}\`` : `the last hour of \`${table}\``}, \`${sop}\` decides the attack \`${name}\` more mildly`,
    label: ({ actual, expected }) => `${expected} or undecided is right; ${actual} came out`,
    why: ({ subject }) => `${quote(subject, 80)}: a feed that is down must never be the way out`,
    fix: ({ kind, table }) =>
      kind === 'last_hour'
        ? `say under \`Fresh within\` how old the newest row of \`${table}\` may be, such as 10m; where rows are rare, let the table \`coverage\` say that the feed was alive`
        : 'list the table and its columns under `## Requires`: without them the answer is then undecided',
  }),
  SOP745: define<InCase & { subject: string; before: string; after: string }>({
    title: 'More data makes the answer milder',
    message: ({ case: name, sop }) => `after the rows of \`monotone\`, \`${sop}\` decides \`${name}\` more mildly`,
    label: ({ before, after }) => `before: ${before}; with these rows: ${after}`,
    why: ({ subject }) => `${quote(subject, 80)}: an attacker who adds such rows gets away`,
    fix: 'bound what the added rows can change: a count that only grows, a share that they cannot dilute, a group that they cannot rename',
  }),
} as const;
