import { define } from '../define.ts';
import { oneOf, quote } from '../words.ts';

/** SOP5xx: the logic of decision tables. */
export const logicCodes = {
  SOP501: define<Region & { table: string; isFinal: boolean }>({
    level: 'warning',
    title: 'Nothing decides what no rule matches',
    message: ({ table }) => `some subjects match no rule of \`${table}\``,
    label: 'a gap',
    why: ({ region, isFinal, witness }) =>
      `nothing decides ${region}${isFinal ? ': such a subject stays undecided, is counted and shown apart, and never dismissed' : ': the later tables get no answer of this one'}. For example ${witness}`,
    fix: 'add a rule for it, or `| else | - | … |` where the rest should get an answer',
  }),
  SOP502: define<{ cell: string }>({
    title: 'An interval that holds nothing',
    message: ({ cell }) => `no value lies in \`${quote(cell, 40)}\``,
    label: 'empty',
    why: 'the rule could never match',
    fix: 'write the smaller bound first; equal bounds need closed ends, `[5..5]`',
  }),
  SOP503: define<{ cell: string; column: string; range: string }>({
    title: "A bound outside the signal's range",
    message: ({ cell, column, range }) => `\`${quote(cell, 40)}\` lies outside the range ${range} of \`${column}\``,
    label: ({ range }) => `the range is ${range}`,
    why: 'values outside the range are refused, so this part of the condition is never or always true',
    fix: 'mend the bound (20 % of a ratio is `0.2`), or the range of the signal',
  }),
  SOP504: define<{ missing: string; table: string }>({
    title: 'The last table does not give a disposition and a severity',
    message: ({ missing, table }) => `the last decision table, \`${table}\`, has no output \`${missing}\``,
    label: 'this table',
    why: 'the disposition says what happens to the subject, the severity who hears of it and how fast',
    fix: ({ missing }) => `add a column \`→ ${missing}\` (with its arrow)`,
  }),
  SOP505: define<{ policy: string; table: string }>({
    title: 'The last table could give several answers',
    message: ({ policy, table }) =>
      `the last decision table, \`${table}\`, has the hit policy ${policy}, which gives a list or a sum`,
    label: 'F, U, A or P',
    why: 'a subject gets exactly one disposition',
    fix: 'write `F` (the first rule that matches) or `U` (never two at once), and collect scores in an earlier table',
  }),
  SOP506: define<{ policy: string; outputs: number }>({
    title: 'A sum over several outputs',
    message: ({ policy, outputs }) => `a ${policy} table has one output; this one has ${outputs}`,
    label: 'one too many',
    why: 'nobody has defined which of the outputs a sum, a count or an extreme would be about',
    fix: 'keep one output column, or make a second table',
  }),
  SOP507: define<{ policy: string; value: string }>({
    title: 'A sum over something that is no number',
    message: ({ policy, value }) => `a ${policy} table adds or compares numbers, and \`${quote(value, 30)}\` is none`,
    label: 'a number belongs here',
    why: 'the score could not be computed',
    fix: 'write a number such as `1`',
  }),
  SOP508: define<{ name: string; policy: string }>({
    title: 'A list is used as a condition',
    message: ({ name, policy }) =>
      `\`${name}\` comes from a ${policy} table and is a list; conditions compare single values`,
    label: 'a list',
    why: 'no condition could ever be true for a list',
    fix: 'use `C+` (sum), `C#` (count), `C<` (least) or `C>` (greatest) in the earlier table',
  }),
  SOP509: define<{ output: string; value: string; known: readonly string[] }>({
    title: 'An output without a place in the order',
    message: ({ output, value }) => `"${quote(value, 30)}" has no place in the order of \`${output}\``,
    label: 'not in the `Values` line',
    why: 'a P or O table orders rules by their outputs, so each output needs a place in an order',
    fix: ({ output, known }) =>
      known.length === 0
        ? `add a line \`Values ${output}: "first", "second"\` below the table, highest first`
        : `write ${oneOf(known)}, or add the value to the \`Values\` line`,
  }),
  SOP511: define<Region & { rules: readonly string[]; policy: string }>({
    title: 'Rules that match at once',
    message: ({ rules, policy }) =>
      policy === 'U'
        ? `rules ${listed(rules)} match at once, which a U table forbids`
        : `rules ${listed(rules)} match at once and give different outputs, which an A table forbids`,
    label: 'one of them',
    why: ({ region, witness }) =>
      `with ${region} the decision is invalid, and the subject gets no disposition. For example ${witness}`,
    fix: 'narrow one of the rules, or write `F` above them so that the first one decides',
  }),
  SOP512: define<{ rule: string; by: readonly string[]; policy: string }>({
    level: 'warning',
    title: 'A rule that is never reached',
    message: ({ rule, by }) =>
      by.length === 0
        ? `no subject can match rule ${rule}`
        : `rule ${rule} is never reached: ${listed(by)} ${by.length === 1 ? 'comes' : 'come'} first wherever it matches`,
    label: ({ by }) => (by.length === 0 ? 'matches nothing' : 'never decides'),
    why: 'who reads the table believes that this rule decides something',
    fix: ({ by, policy }) => {
      if (by.length === 0) return 'mend its cells: together they let nothing through';
      return policy === 'P'
        ? 'narrow the rules that come first (under P the highest output does), or take it out'
        : 'move it up, narrow the rules above it, or take it out';
    },
  }),
  SOP513: define<{ rule: string }>({
    level: 'note',
    title: 'A rule that changes nothing',
    message: ({ rule }) => `without rule ${rule} every decision would be the same`,
    label: 'decides what others decide alike',
    why: 'a rule that changes nothing still has to be read, tested and reviewed',
    fix: 'take it out, or keep it for its reason (`Why`) and for the day when the others change',
  }),
  SOP514: define<{ rules: readonly string[]; column: string; cell: string }>({
    level: 'note',
    title: 'Two rules that are one',
    message: ({ rules, column }) => `rules ${listed(rules)} differ in \`${column}\` only, and give the same`,
    label: ({ cell }) => `one rule with \`${quote(cell, 40)}\` says the same`,
    why: 'two rules where one would do are read and tested twice',
    fix: ({ column, cell }) =>
      `write \`${quote(cell, 40)}\` under \`${column}\` in one of them and take out the other, if their reasons are one`,
  }),
  SOP515: define<{ column: string; table: string }>({
    level: 'warning',
    title: 'A column that never matters',
    message: ({ column, table }) => `whatever \`${column}\` is, \`${table}\` answers the same`,
    label: 'never matters',
    why: 'who reads the table believes that this signal counts',
    fix: 'take the column out, or mend the cells that should make a difference',
  }),
  SOP516: define<{ answers: readonly string[]; rules: readonly string[] }>({
    level: 'warning',
    title: 'An answer that nobody can get',
    message: ({ answers }) => `no subject can get the ${answers.join(' or the ')}`,
    label: ({ rules }) => `only by ${listed(rules)}, which never ${rules.length === 1 ? 'has' : 'have'} the last word`,
    why: 'who reads the table believes that some subjects get it',
    fix: ({ rules }) =>
      rules.join() === 'else'
        ? 'the other rules leave nothing to `else`: take it out, or narrow the rule that takes too much'
        : 'look why the rules that give it never decide (see the other messages on this table)',
  }),
  SOP517: define<Region & { column: string; disposition: string; known: string }>({
    level: 'warning',
    title: 'Missing data is the way out',
    message: ({ column, disposition }) =>
      `where \`${column}\` is missing the answer is ${disposition}, milder than for every known value`,
    label: ({ known }) => `known values get ${known} or more`,
    why: ({ region, witness }) =>
      `whoever keeps the data away gets off more lightly: with ${region}. For example ${witness}`,
    fix: ({ column }) =>
      `decide null on purpose: a rule with \`null\` under \`${column}\`, or \`not(…), null\` in the rule that should catch it`,
  }),
  SOP518: define<{ table: string; questions: readonly string[] }>({
    level: 'warning',
    title: 'A table too large to be proved',
    message: ({ table }) => `not everything is told of \`${table}\``,
    label: 'too many combinations',
    why: ({ questions }) => `the table is large, and this is open: ${questions.join('; ')}`,
    fix: 'split the table (a score in an earlier table, tested by a later one), or leave out columns that hardly ever matter',
  }),
} as const;

/** Where something is so: `self_ratio >= 0.5, account_type null`, and one subject of it. */
interface Region {
  readonly region: string;
  readonly witness: string;
}

function listed(names: readonly string[]): string {
  const shown = names.length > 6 ? [...names.slice(0, 5), `${names.length - 5} more`] : names;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}
