import { define } from '../define.ts';
import { allOf, didYouMean, oneOf, quote } from '../words.ts';

/** `view`: the SQL is a view's, and `group` its name. */
type InSql = { group: string; view?: boolean };
const notRun = ({ view }: InSql) =>
  view === true
    ? 'the view cannot be computed, so no SOP that reads it can decide'
    : 'the signals of this group cannot be computed, so no subject of this SOP can be decided';

/** SOP4xx: types and SQL. */
export const typeCodes = {
  SOP401: define<{ type: string; near: readonly string[]; known: readonly string[] }>({
    title: 'An unknown type',
    message: ({ type, near }) => `\`${quote(type, 30)}\` is no type${didYouMean(near)}`,
    label: 'unknown type',
    why: 'the type says how values are read, rounded and compared',
    fix: ({ known }) => `write ${oneOf(known)}`,
  }),
  SOP402: define<{ cell: string; column: string; type: string; example: string }>({
    title: 'A condition of the wrong type',
    message: ({ cell, column, type }) =>
      `\`${quote(cell, 40)}\` cannot be compared with \`${column}\`, which is ${type}`,
    label: ({ type }) => `${type} expected`,
    why: 'the condition could never be true',
    fix: ({ example }) => `write for example \`${example}\``,
  }),
  SOP403: define<{ name: string; value: string; problem: string }>({
    title: 'A parameter value that does not fit',
    message: ({ name, value, problem }) => `the value \`${quote(value, 40)}\` of \`${name}\` ${problem}`,
    label: 'does not fit',
    why: 'the parameter has stated limits; outside them it was never thought through',
    fix: 'change the value, or the type or range beside it',
  }),
  SOP404: define<{ name: string; value: string; problem: string }>({
    title: 'A `Missing` value that does not fit',
    message: ({ name, value, problem }) => `\`Missing\` of \`${name}\` is \`${quote(value, 40)}\`, which ${problem}`,
    label: 'does not fit',
    why: 'subjects without data for this signal get this value: it must be one that the signal can have, or null',
    fix: 'write a value within the range, or `null` where nothing is known',
  }),
  SOP405: define<{ bound: string; column: string; step: string; below: string; above: string }>({
    title: 'A bound between two steps',
    message: ({ bound, column, step }) => `\`${bound}\` is no multiple of the step ${step} of \`${column}\``,
    label: ({ below, above }) => `${below} or ${above}`,
    why: 'values are rounded to the step before they are compared, so this bound is never met exactly and reads finer than it is',
    fix: ({ below, above }) => `write \`${below}\` or \`${above}\`, or make the step finer`,
  }),
  SOP406: define<{ value: string; column: string; known: readonly string[]; near: readonly string[] }>({
    title: 'A value that the signal never has',
    message: ({ value, column, near }) => `\`${column}\` is never "${quote(value, 40)}"${didYouMean(near)}`,
    label: ({ known }) => `its values are ${oneOf(known)}`,
    why: 'the condition could never be true',
    fix: ({ known }) =>
      `write one of ${known
        .slice(0, 8)
        .map((v) => `"${v}"`)
        .join(', ')}, or add the value to the signal's range`,
  }),
  SOP407: define<{ value: string; output: string; type: string }>({
    title: 'An output value of another type',
    message: ({ value, output, type }) =>
      `\`${quote(value, 40)}\` does not fit the output \`${output}\`, which is ${type}`,
    label: ({ type }) => `${type} expected`,
    why: 'what a later table or a report does with the output depends on its type',
    fix: 'give every rule an output of the same type',
  }),
  SOP410: define<InSql & { near: string }>({
    title: 'SQL that cannot be read',
    message: ({ group, near }) =>
      near === ''
        ? `the SQL of \`${quote(group, 40)}\` ends too early`
        : `the SQL of \`${quote(group, 40)}\` cannot be read at \`${quote(near, 30)}\``,
    label: 'here',
    why: notRun,
    fix: 'look for a missing comma, bracket, quote or keyword just before this place',
  }),
  SOP411: define<InSql & { found: string }>({
    title: 'SQL that is not one SELECT',
    message: ({ group, found }) =>
      `the SQL of \`${quote(group, 40)}\` must be exactly one SELECT${found === '' ? '' : `: ${found}`}`,
    label: 'not one SELECT',
    why: 'a signal reads market data; it never changes data or settings',
    fix: 'write one `SELECT …` (it may start with `WITH …`), and no `;` with more behind it',
  }),
  SOP412: define<InSql & { name: string; near: readonly string[]; known: readonly string[] }>({
    title: 'SQL reads an unknown table',
    message: ({ name, near }) => `there is no table \`${quote(name, 40)}\`${didYouMean(near)}`,
    label: 'no market table, view or list',
    why: notRun,
    fix: ({ near, known }) => (near[0] === undefined ? `the tables are ${allOf(known, 30)}` : `write \`${near[0]}\``),
  }),
  SOP413: define<InSql & { name: string; near: readonly string[] }>({
    title: 'SQL reads an unknown column',
    message: ({ name, near }) => `the SQL has no column \`${quote(name, 60)}\` here${didYouMean(near)}`,
    label: 'unknown column',
    why: notRun,
    fix: ({ near }) =>
      near[0] === undefined
        ? '`sop tables NAME` lists the columns of a table; check also that the table is in FROM'
        : `write ${oneOf(near)}`,
  }),
  SOP414: define<InSql & { name: string; near: readonly string[] }>({
    title: 'SQL calls an unknown function',
    message: ({ name, near }) => `there is no SQL function \`${quote(name, 40)}\`${didYouMean(near)}`,
    label: 'unknown function',
    why: notRun,
    fix: ({ near }) =>
      near[0] === undefined
        ? 'the functions are those of DuckDB; see `sop explain SOP415` for the ones that SOPs may use'
        : `write ${oneOf(near)}`,
  }),
  SOP415: define<InSql & { name: string }>({
    title: 'SQL calls a function that SOPs may not use',
    message: ({ name }) => `SOPs may not call \`${quote(name, 40)}\``,
    label: 'not allowed',
    why: 'SOPs arrive from anyone: functions that reach files, the network, settings or the catalogue stay closed, and whatever is not known to be harmless with them',
    fix: 'compute the signal from the market tables with arithmetic, text, date, window and aggregate functions',
  }),
  SOP416: define<InSql & { name: string; near: readonly string[] }>({
    title: 'SQL reads something that is no market table',
    message: ({ name }) => `SOPs may read market tables only, not \`${quote(name, 60)}\``,
    label: 'not allowed',
    why: 'SOPs arrive from anyone: files, other databases and system tables stay closed',
    fix: ({ near }) =>
      near[0] === undefined
        ? 'read a market table; data of your own becomes one with a schema under `sops/tables/`'
        : `write \`${near[0]}\`: a market table is named without a schema`,
  }),
  SOP417: define<InSql & { name: string }>({
    title: 'SQL whose answer changes by itself',
    message: ({ name }) => `\`${quote(name, 40)}\` gives another answer each time`,
    label: 'not repeatable',
    why: 'the same rows must give the same decision tomorrow, in a review and in court',
    fix: "use the times in the data, such as `max(ts)`, or write a fixed one: `TIMESTAMP '2026-11-01'`",
  }),
  SOP418: define<InSql & { name: string }>({
    title: 'SQL whose answer depends on the order of rows',
    message: ({ name }) => `\`${quote(name, 40)}\` depends on the order in which rows happen to arrive`,
    label: 'no order is stated',
    why: 'the same rows in another order would give another decision',
    fix: 'state the order, for example `first(price ORDER BY ts, trade_id)`, or use min, max or sum',
  }),
  SOP419: define<InSql & { name: string }>({
    level: 'warning',
    title: 'SQL that leaves ties open',
    message: ({ name }) => `\`${quote(name, 40)}\` may depend on which of two equal rows comes first`,
    label: 'the order may have ties',
    why: 'two trades of one millisecond are common; where they tie, the answer depends on how rows happen to arrive',
    fix: "end the order with the table's key, `ORDER BY ts, venue, symbol, trade_id` or `arg_max(value, (ts, venue, symbol, trade_id))`; or take min or max",
  }),
  SOP420: define<InSql & { name: string; near: readonly string[] }>({
    title: 'SQL uses an unknown parameter',
    message: ({ name, near }) =>
      `the SQL uses a parameter \`$${quote(name, 40)}\`, which is not declared${didYouMean(near)}`,
    label: ({ view }) => (view === true ? 'not under `parameters` of the header' : 'not under `## Parameters`'),
    why: notRun,
    fix: ({ name, near, view }) => {
      if (name === 'as_of' || name === 'from')
        return `\`$${name}\` is reserved for a later version; use the time stamps in the data`;
      return near[0] === undefined
        ? view === true
          ? `add \`${quote(name, 40)}:\` under \`parameters\` in the header of the view`
          : `add a row \`${quote(name, 40)}\` to the table under \`## Parameters\``
        : `write \`$${near[0]}\``;
    },
  }),
  SOP421: define<InSql & { detail: string }>({
    title: 'SQL mixes types that do not go together',
    message: ({ detail }) => `the types do not fit: ${quote(detail, 140)}`,
    label: 'here',
    why: notRun,
    fix: 'convert one side, for example `CAST(x AS DOUBLE)` or `x::TIMESTAMP`',
  }),
  SOP422: define<InSql & { detail: string }>({
    title: 'SQL groups and does not group',
    message: ({ detail }) => `the SQL puts rows together, but ${quote(detail, 140)}`,
    label: 'here',
    why: notRun,
    fix: 'add the column to GROUP BY (or write `GROUP BY ALL`), or put it in max, min, sum or count; a condition on a sum goes into HAVING, a sum of sums into WITH',
  }),
  SOP423: define<InSql & { detail: string }>({
    title: 'SQL that does not work',
    message: ({ group, detail }) => `the SQL of \`${quote(group, 40)}\` does not work: ${quote(detail, 140)}`,
    label: 'here',
    why: notRun,
    fix: 'mend this place; try the query on its own in DuckDB if it is not clear',
  }),
  SOP424: define<InSql & { name: string; near: readonly string[] }>({
    title: 'The SQL does not return a signal',
    message: ({ name, near }) =>
      `the SQL does not return the signal \`${name}\`${near[0] === undefined ? '' : `, only \`${near[0]}\``}`,
    label: 'declared here',
    why: 'the signal would always be missing',
    fix: ({ name, near }) =>
      `add \`… AS ${name}\` to the outermost SELECT${near[0] === undefined ? '' : `, or rename its column \`${near[0]}\``}`,
  }),
  SOP425: define<InSql & { subject: readonly string[] }>({
    title: 'The SQL returns no column of the subject',
    message: ({ group, subject }) =>
      `the SQL of \`${quote(group, 40)}\` returns none of the subject's columns ${allOf(subject)}`,
    label: 'this SELECT',
    why: 'it would not be known whom the values are about',
    fix: ({ subject }) => `return ${allOf(subject)} beside the signals`,
  }),
  SOP426: define<{ name: string; declared: string; found: string; cast: string }>({
    title: 'A signal is declared as one type and computed as another',
    message: ({ name, declared, found }) => `\`${name}\` is declared as ${declared}, but the SQL returns ${found}`,
    label: 'declared here',
    why: 'the value would be read or compared as something else than the SOP says',
    fix: ({ name, cast }) =>
      cast === ''
        ? 'change the type in the table, or the SQL'
        : `write \`CAST(… AS ${cast}) AS ${name}\` in the SQL, or change the type in the table`,
  }),
  SOP427: define<InSql & { name: string; near: readonly string[] }>({
    level: 'warning',
    title: 'The SQL returns a column that nobody declared',
    message: ({ name, near }) =>
      `the SQL returns \`${quote(name, 40)}\`, which is neither a signal of this group nor a column of the subject${didYouMean(near)}`,
    label: 'this SELECT',
    why: 'the value is thrown away; perhaps it was meant to be a signal',
    fix: 'declare it in the signal table, or take it out of the SELECT',
  }),
  SOP428: define<InSql & { what: string }>({
    title: 'SQL that had to be stopped',
    message: ({ group, what }) => `the SQL of \`${quote(group, 40)}\` was stopped: ${what}`,
    label: 'stopped',
    why: "SQL that runs away before it has read a row would take a whole desk's machine with it on real data",
    fix: 'look for a list or a range that is built from large constants, or a recursion without an end',
  }),
  SOP429: define<{ column: string; found: string }>({
    title: 'The time of the subject is no timestamp',
    message: ({ column, found }) => `\`at\` names \`${column}\`, but the SQL returns it as ${found}`,
    label: 'a TIMESTAMP is needed',
    why: 'alerts are opened, joined and matched with labels by this time',
    fix: ({ column }) => `return it as a time: \`CAST(… AS TIMESTAMP) AS ${column}\``,
  }),
  SOP430: define<{ subject: readonly string[] }>({
    title: 'No group returns the whole subject',
    message: ({ subject }) => `no SQL of this SOP returns all columns of the subject ${allOf(subject)}`,
    label: 'the subject',
    why: 'a group that returns some of the columns adds to subjects that another group found; here nobody finds any',
    fix: 'let at least one group return every column of the subject, or shorten `subject`',
  }),
  SOP431: define<{ column: string; value: string; expected: string }>({
    title: 'A value that the column cannot hold',
    message: ({ column, value, expected }) =>
      `\`${quote(value, 40)}\` does not fit the column \`${column}\`: ${expected} expected`,
    label: ({ expected }) => `${expected} expected`,
    why: 'the case would run on something else than it says',
    fix: ({ expected }) => `write ${expected}`,
  }),
  SOP432: define<{ column: string; problem: string }>({
    title: 'Two groups disagree on a column of the subject',
    message: ({ column, problem }) => `the groups return \`${column}\` of the subject as different types: ${problem}`,
    label: 'the subject',
    why: 'values of different types never meet, so the signals of one subject would be spread over two',
    fix: 'convert one of them in its SQL, for example `CAST(account_id AS VARCHAR)`',
  }),
  SOP440: define<{ group: string; problems: readonly string[]; columns: readonly string[] }>({
    title: 'Evidence with the wrong columns',
    message: ({ group, problems }) =>
      `the evidence of \`${quote(group, 40)}\`: ${problems.slice(0, 3).join('; ')}${problems.length > 3 ? `; ${problems.length - 3} more` : ''}`,
    label: 'this SQL',
    why: 'evidence is shown beside the decision: every row must say whom it concerns, where it stands and why it is there',
    fix: ({ columns }) => `return exactly ${allOf(columns, 20)}`,
  }),
  SOP441: define<{ group: string; signals: readonly string[]; columns: readonly string[] }>({
    level: 'warning',
    title: 'A signal without evidence',
    message: ({ group, signals }) =>
      `nobody sees the rows behind ${oneOf(signals, 3)}: \`${quote(group, 40)}\` has no evidence`,
    label: 'no `sql evidence` block',
    why: 'a risk manager who confirms or overrules a finding needs the rows, not a number',
    fix: ({ columns }) =>
      `below the SQL of the group add a block that opens with \`\`\`sql evidence and lists the rows: ${allOf(columns, 20)}`,
  }),
  SOP442: define<{ table: string; group: string | null }>({
    level: 'warning',
    title: 'A table that is read and not required',
    message: ({ table, group }) =>
      group === null
        ? `segments come from \`${table}\`, which \`## Requires\` does not list`
        : `the SQL of \`${quote(group, 40)}\` reads \`${table}\`, which \`## Requires\` does not list`,
    label: 'read here',
    why: 'an empty or late feed would look like a quiet market, and somebody would be dismissed for lack of data',
    fix: ({ table }) =>
      `add a row \`${table}\` to \`## Requires\`: the columns that must hold values, how far back, how fresh, and who must know`,
  }),
} as const;
