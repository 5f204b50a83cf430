import { define } from '../define.ts';
import { oneOf, quote } from '../words.ts';

/** SOP5xx: the logic of decision tables. */
export const logicCodes = {
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
  SOP510: define<object>({
    level: 'note',
    title: 'Nothing decides what no rule matches',
    message: 'this table has no `else`: what no rule matches stays undecided',
    label: 'no `else`',
    why: 'undecided subjects are counted and shown apart, never dismissed; that may be what you want',
    fix: 'add `| else | - | … |` where the rest should get an answer, or keep it so',
  }),
} as const;
