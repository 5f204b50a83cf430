import { define } from '../define.ts';
import { allOf, didYouMean, oneOf, quote } from '../words.ts';

/** SOP2xx: what a file must hold, and where. */
export const shapeCodes = {
  SOP201: define<{ key: string; meaning: string; where: string }>({
    title: 'A required key is missing',
    message: ({ key, where }) => `\`${key}\` is missing in ${where}`,
    label: ({ key }) => `\`${key}\` belongs here`,
    why: ({ key, meaning }) => (meaning === '' ? `\`${key}\` has no safe default` : `\`${key}\` says: ${meaning}`),
    fix: ({ key }) => `add a line \`${key}: …\``,
  }),
  SOP202: define<{ key: string; near: readonly string[]; allowed: readonly string[]; where: string }>({
    title: 'An unknown key',
    message: ({ key, near, where }) => `\`${quote(key, 40)}\` is no key of ${where}${didYouMean(near)}`,
    label: 'unknown key',
    why: 'a key that nobody reads looks like a rule that nobody keeps',
    fix: ({ near, allowed }) =>
      near[0] === undefined ? `the keys are ${allOf(allowed, 14)}` : `write \`${near[0]}\`, or take the line out`,
  }),
  SOP203: define<{ value: string; allowed: readonly string[]; near: readonly string[]; what: string }>({
    title: 'A value that is not in the list',
    message: ({ value, what, near }) => `\`${quote(value, 40)}\` is no ${what}${didYouMean(near)}`,
    label: ({ allowed }) => `one of ${oneOf(allowed)}`,
    why: 'the words are fixed so that a search, a rule and a report mean the same thing',
    fix: ({ allowed }) => `write ${oneOf(allowed)}`,
  }),
  SOP204: define<{ what: string; expected: string; found: string }>({
    title: 'The wrong kind of value',
    message: ({ what, expected, found }) => `${what} must be ${expected}, not ${found}`,
    label: ({ expected }) => `${expected} belongs here`,
    why: 'read as something else, the value would silently mean another thing',
    fix: ({ expected }) => `write ${expected}`,
  }),
  SOP205: define<{ what: string; value: string; say: string }>({
    title: 'A value of the wrong form',
    message: ({ what, value, say }) => `${what} \`${quote(value, 40)}\` must be ${say}`,
    label: ({ say }) => say,
    why: 'other tools, file names and SQL rely on this form',
    fix: ({ say }) => `write ${say}`,
  }),
  SOP206: define<{ what: string; say: string }>({
    title: 'Too short, too long or empty',
    message: ({ what, say }) => `${what} ${say}`,
    why: 'an empty or overlong entry says nothing to the person who reads the alert',
    fix: 'fill it in, or take the key out where it may be left out',
  }),
  SOP207: define<{ section: string; holds: string }>({
    title: 'A section is missing',
    message: ({ section }) => `the section \`## ${section}\` is missing`,
    why: ({ holds }) => `it holds ${holds}`,
    fix: ({ section }) => `add a heading \`## ${section}\` in its place; \`sop new sop my-risk\` shows a complete one`,
  }),
  SOP208: define<{ section: string; near: readonly string[]; allowed: readonly string[] }>({
    title: 'An unknown section',
    message: ({ section, near }) => `\`## ${quote(section, 40)}\` is no section of a SOP${didYouMean(near)}`,
    label: 'unknown heading',
    why: 'what stands under an unknown heading reaches no skill and no check',
    fix: ({ near, allowed }) =>
      near[0] === undefined ? `the sections are ${allOf(allowed, 12)}` : `write \`## ${near[0]}\``,
  }),
  SOP209: define<{ section: string }>({
    title: 'A heading stands twice',
    message: ({ section }) => `the heading \`${quote(section, 40)}\` stands twice`,
    label: 'this is the second one',
    why: 'a reader would see one of the two and miss the other',
    fix: 'put both parts under one heading, or give the second one a name of its own',
  }),
  SOP210: define<{ section: string; before: string }>({
    title: 'A section out of order',
    message: ({ section, before }) => `\`## ${section}\` must come before \`## ${before}\``,
    label: 'too late',
    why: 'every SOP reads in the same order, so that a reviewer at 03:00 finds the decision without searching',
    fix: ({ before }) => `move the section up, above \`## ${before}\``,
  }),
  SOP211: define<{ section: string; columns: readonly string[] }>({
    title: 'A table is missing',
    message: ({ section }) => `\`${section}\` has no table`,
    why: ({ columns }) => `the table with ${allOf(columns, 10)} is what gets compiled; prose around it is for people`,
    fix: ({ columns }) => `add a table that starts \`| ${columns.join(' | ')} |\``,
  }),
  SOP212: define<{ section: string; column: string; columns: readonly string[] }>({
    title: 'A table column is missing',
    message: ({ section, column }) => `the table of \`${section}\` has no column \`${column}\``,
    label: 'this table',
    why: 'the rows cannot be read without it',
    fix: ({ columns }) => `the table starts \`| ${columns.join(' | ')} |\``,
  }),
  SOP213: define<{ column: string; near: readonly string[]; columns: readonly string[] }>({
    title: 'An unknown table column',
    message: ({ column, near }) => `\`${quote(column, 40)}\` is no column of this table${didYouMean(near)}`,
    label: 'unknown column',
    why: 'a column that nobody reads looks like a condition that somebody checks',
    fix: ({ near, columns }) =>
      near[0] === undefined ? `the columns are ${allOf(columns, 12)}` : `write \`${near[0]}\``,
  }),
  SOP214: define<{ expected: string }>({
    title: 'The title heading is missing or differs',
    message: ({ expected }) => `the heading \`# ${quote(expected)}\` is missing or says something else`,
    why: 'the page that people read and the SOP that is compiled must carry one name',
    fix: ({ expected }) => `write \`# ${quote(expected)}\` below the front-matter`,
  }),
  SOP215: define<{ what: string }>({
    level: 'warning',
    title: 'Written, but not used yet',
    message: ({ what }) => `${what} is part of the language, but this version does not act on it`,
    label: 'not used yet',
    why: 'whoever reads the SOP would believe that this is being checked; today it is not',
    fix: 'keep it for later if you like, but do not rely on it',
  }),
  SOP216: define<{ found: string; policies: readonly string[] }>({
    title: 'The decision table has no hit policy',
    message: ({ found }) => `\`${quote(found, 20)}\` in the first cell of the decision table is no hit policy`,
    label: 'the hit policy belongs here',
    why: 'it says what happens when two rules match: without it the same data could be decided in two ways',
    fix: ({ policies }) =>
      `write \`F\` (the first rule that matches decides) or \`U\` (never two at once); all: ${policies.join(' ')}`,
  }),
  SOP217: define<{ table: string; what: string }>({
    title: 'The decision table is incomplete',
    message: ({ table, what }) => `the decision table \`${table}\` has ${what}`,
    why: 'such a table decides nothing',
    fix: 'an output column is headed `→ name` (or `-> name`); each row below the header is a rule',
  }),
  SOP218: define<{ cell: string; hint: string }>({
    title: 'A cell that is no condition',
    message: ({ cell, hint }) =>
      `${cell.trim() === '' ? 'an empty cell' : `\`${quote(cell, 40)}\``} is no condition: ${hint}`,
    label: ({ hint }) => hint,
    why: 'a guess at what it means could let an attack through',
    fix: 'write `-` (anything), `>= 0.3`, `< min_notional`, `[0.3..0.5)`, `"mm"`, `true`, `null`, a list `"a", "b"`, or `not(…)`',
  }),
  SOP219: define<{ cell: string; hint: string }>({
    title: 'A range that cannot be read',
    message: ({ cell, hint }) => `\`${quote(cell, 40)}\` is no range: ${hint}`,
    label: ({ hint }) => hint,
    why: 'values outside the range are refused, so the range must be exact',
    fix: 'write `[0..1]`, `>= 0`, `[0..1] step 0.001`, a list `"retail", "mm"`, or `–` for no limit',
  }),
  SOP220: define<{ group: string; fences: number }>({
    title: 'More than one SQL block in a group',
    message: ({ group, fences }) =>
      `the signal group \`${quote(group, 40)}\` has ${fences} SQL blocks; at most one computes it`,
    label: 'this is one too many',
    why: 'it would not be clear which of them computes the signals',
    fix: 'join them with `WITH … AS (…)`, or make a second `###` group with a signal table of its own',
  }),
  SOP221: define<{ group: string }>({
    title: 'SQL outside a signal group',
    message: ({ group }) => `the SQL under \`${quote(group, 40)}\` belongs to no signal table`,
    label: 'nobody reads this',
    why: 'what it computes has no name, no type and no range, so no rule can use it',
    fix: 'put a `### Name` heading and a table `| Signal | Type | Unit | Range | Missing | Meaning |` above it',
  }),
  SOP222: define<{ step: number }>({
    title: 'A step without MUST, SHOULD or MAY',
    message: ({ step }) => `step ${step} does not say whether it MUST, SHOULD or MAY be done`,
    label: 'MUST, SHOULD or MAY is missing',
    why: 'an agent treats a step without a duty as a suggestion; a person cannot check whether it was kept',
    fix: 'write who does it and how binding it is: `The agent MUST …`, `The agent SHOULD …`, or `(human) A risk manager MUST …`',
  }),
  SOP223: define<{ step: number }>({
    title: 'A prohibition without a reason',
    message: ({ step }) => `step ${step} says MUST NOT and gives no \`because\``,
    label: 'why not?',
    why: 'a prohibition that gives its reason is kept; one without is argued away at the first exception',
    fix: 'go on with `, because …`',
  }),
  SOP224: define<object>({
    title: 'The procedure has no numbered steps',
    message: '`## Procedure` has no numbered list',
    why: 'each numbered item becomes one step of the skill, and a finding has to say of each that it was done',
    fix: 'write the steps as `1. **Name.** The agent MUST …`',
  }),
  SOP225: define<{ rule: string }>({
    title: '`else` must be the last rule',
    message: ({ rule }) => `the rule \`${quote(rule, 30)}\` stands after \`else\``,
    label: 'after `else`',
    why: '`else` decides what no other rule matched; a rule below it reads as if it came later, but it does not',
    fix: 'move `else` to the end of the table, and keep only one',
  }),
  SOP226: define<{ what: string; found: string; expected: string }>({
    title: 'The id and the file name differ',
    message: ({ what, found, expected }) =>
      `the ${what} is \`${quote(found, 64)}\`, but its ${what === 'id' ? 'folder' : 'file'} is called \`${quote(expected, 64)}\``,
    label: ({ expected }) => `\`${quote(expected, 64)}\` belongs here`,
    why: 'people look for a SOP by its folder and for a case by its file; the skill is named after the id',
    fix: ({ what, expected }) => `write \`${quote(expected, 64)}\`, or rename the ${what === 'id' ? 'folder' : 'file'}`,
  }),
  SOP227: define<{ what: string }>({
    title: 'A case needs data or signal values, not both',
    message: ({ what }) => `this case has ${what}`,
    why: '`given:` tests the SQL and the decision, `signals:` tests the decision alone; a case that has neither tests nothing',
    fix: 'keep `given:` (market data) or `signals:` (signal values)',
  }),
  SOP228: define<{ what: string }>({
    title: 'Rows that cannot be read',
    message: ({ what }) => what,
    why: 'a case that runs on something else than its author meant proves the wrong thing',
    fix: 'write a list of rows, `- {symbol: BTC-USDT, ts: 2026-11-02 10:00:00}`, or the path of a CSV or Parquet file below `cases/`',
  }),
  SOP229: define<{ section: string }>({
    level: 'warning',
    title: 'A table without rows',
    message: ({ section }) => `the table of \`${quote(section, 40)}\` has no rows`,
    label: 'only a header',
    why: 'an empty table looks like work that was forgotten',
    fix: 'fill it in, or take the section out where it may be left out',
  }),
  SOP230: define<{ case: string; kind: string }>({
    title: 'A case that expects nothing',
    message: ({ case: name, kind }) => `the ${kind} case \`${quote(name, 64)}\` does not say what must be found`,
    label: 'no subject is expected above the lowest disposition',
    why: 'it would pass whatever the SOP does, and count as a proof of detection',
    fix: 'add the subject and its disposition under `expect:`, such as `- {owner_id: o1, disposition: escalate}`',
  }),
  SOP231: define<{ section: string }>({
    title: 'A second table where one is compiled',
    message: ({ section }) =>
      `\`${quote(section, 40)}\` has a second table of this kind; only the first one is compiled`,
    label: 'nobody reads this table',
    why: 'its rows look like limits or rules that are kept, and they are not',
    fix: 'move the rows into the first table; for a second decision table use a `###` heading of its own',
  }),
  SOP232: define<{ case: string; disposition: string }>({
    title: 'A benign case that accuses',
    message: ({ case: name, disposition }) =>
      `the benign case \`${quote(name, 64)}\` allows ${disposition}, the gravest disposition`,
    label: 'an innocent must be left alone',
    why: 'it would be counted as "left alone" while the innocent is accused',
    fix: 'expect a lower disposition; if the SOP accuses an innocent today and the desk accepts it, say so with `known_gap:`',
  }),
  SOP233: define<{ case: string }>({
    title: 'A draft with a known gap',
    message: ({ case: name }) => `\`${quote(name, 64)}\` has no answer yet, and excuses the SOP from it`,
    label: 'excused from what?',
    why: 'a known gap says that the SOP fails to give the right answer; while the answer is `?` nobody knows whether it does',
    fix: 'decide the answer first (`kind:` and `expect:`), or take `known_gap:` out',
  }),
  SOP240: define<{ cell: string }>({
    title: 'A stretch of time that cannot be read',
    message: ({ cell }) =>
      `\`${quote(cell, 40)}\` under \`Covers\` does not say how long before \`at\` the data must begin`,
    label: 'how long before `at`?',
    why: 'data that begins too late leaves a subject undecided; unread, the subject could be dismissed for lack of data',
    fix: ({ cell }) =>
      /^\d+[smhd]$/.test(cell)
        ? `write \`${cell} before at\``
        : 'write `24h before at`, or `window before at` where `window` is a parameter in a unit of time; `–` where it does not matter',
  }),
  SOP241: define<{ what: string; columns: readonly string[] }>({
    title: 'A time that nothing is measured from',
    message: ({ what }) => `${what} counts from the time of the subject, and this SOP has no \`at:\``,
    label: 'from when?',
    why: 'without the time at which it happened nobody can say from when and until when the data must be there',
    fix: ({ columns }) =>
      `add \`at:\` to the front-matter, with the column of the subject that says when it happened: ${oneOf(columns)}`,
  }),
  SOP243: define<{ name: string; unit: string | null; near: readonly string[] }>({
    title: 'Covers by a parameter that is no stretch of time',
    message: ({ name, unit, near }) => {
      const parameter = `\`${quote(name, 40)}\` under \`Covers\``;
      if (unit === null) return `${parameter} is no parameter${didYouMean(near)}`;
      const counted = unit === '' ? 'has no unit' : `is counted in ${quote(unit, 20)}`;
      return `${parameter} ${counted}, not in seconds, minutes, hours or days`;
    },
    label: 'how long is that?',
    why: 'data that begins too late leaves a subject undecided; nobody can say when that is',
    fix: ({ unit, near }) =>
      unit === null
        ? `write ${near[0] === undefined ? 'the name of a parameter' : `\`${near[0]} before at\``}, or a duration such as \`24h before at\``
        : 'give the parameter the unit second, minute, hour or day, or write a duration such as `24h before at`',
  }),
  SOP244: define<{ covers: string; lookback: string }>({
    title: 'The SQL may not read as far back as it must',
    message: ({ covers, lookback }) =>
      `this table must cover ${covers} before \`at\`, but \`lookback\` lets the SQL read only ${lookback}`,
    label: ({ covers }) => `${covers} are needed`,
    why: 'rows before the lookback are not seen: a patrol would always decide on less than the SOP says it needs',
    fix: ({ covers }) => `set \`lookback: ${covers}\` or more`,
  }),
  SOP260: define<{ by: string }>({
    title: 'Segments without a column in Parameters',
    message: ({ by }) => `parameters differ by \`${by}\`, and no column of Parameters is headed by one of its values`,
    label: 'no segment',
    why: 'only a segment with a column is decided about; without any, every subject would stay undecided',
    fix: 'add a column for each value, such as `| illiquid |`; an empty cell takes `Value`. Or take `segment_by` out',
  }),
  SOP261: define<{ by: string; table: string; shared: readonly string[]; subject: readonly string[] }>({
    title: 'It is not clear which segment a subject is in',
    message: ({ by, table, shared }) =>
      shared.length === 0
        ? `the subject and \`${table}\` share no column, so nobody can tell which \`${by}\` a subject has`
        : `the subject and \`${table}\` share ${allOf(shared)}, and none of them makes a row of \`${table}\` unique`,
    label: ({ shared }) => (shared.length === 0 ? 'no way from the subject to this table' : 'by which of them?'),
    why: 'a subject in the wrong segment is judged by limits that were never meant for it',
    fix: ({ subject, shared }) =>
      shared.length === 0
        ? `the subject is ${allOf(subject)}: take a table that has one of these, or add the column that names the row`
        : 'keep one of these columns in the subject, or add the column that makes a row unique',
  }),
  SOP262: define<{ by: string; problem: string }>({
    title: 'A column that cannot be a segment',
    message: ({ by, problem }) => `\`${by}\` cannot be a segment: ${problem}`,
    label: 'no segment',
    why: 'a segment is a class that somebody gave a symbol or an account, and that holds for a while',
    fix: 'name a column of words in a table of what holds, such as `instruments.liquidity_tier` or `accounts.type`',
  }),
  SOP263: define<{ blocks: number; members: string }>({
    title: 'An identity without its members, or with two lists of them',
    message: ({ blocks, members }) =>
      blocks === 0
        ? `no group lists the members (\`${members}\`) by which a subject is known`
        : `${blocks} groups list the members (\`${members}\`) of a subject`,
    label: ({ blocks }) => (blocks === 0 ? 'no `sql members` block' : 'which of them counts?'),
    why: 'a group of accounts has no name of its own: without one list of its members it is a new one on every run',
    fix: 'in exactly one group write a block that opens with ```sql members: the columns of the subject, and one row a member',
  }),
  SOP264: define<{ group: string }>({
    title: 'Members that nobody asked for',
    message: ({ group }) => `\`${quote(group, 40)}\` lists members, and the SOP has no \`identity\``,
    label: 'what for?',
    why: 'whoever reads the SOP would believe that a group keeps its id while its members stay',
    fix: 'add `identity: {members: account_id, match: 0.5}` to the front-matter, or take the block out',
  }),
  SOP265: define<{ by: string; missing: readonly string[] }>({
    level: 'warning',
    title: 'A segment without a column in Parameters',
    message: ({ by, missing }) => `no column of Parameters is headed by ${allOf(missing)}, which \`${by}\` may be`,
    label: 'these stay undecided',
    why: 'a segment that nobody thought of is never decided by the limits of another one',
    fix: ({ missing }) => `add a column ${oneOf(missing)}; its cells may be empty, then \`Value\` holds`,
  }),
  SOP266: define<{ name: string }>({
    title: 'Members that are a column of the subject',
    message: ({ name }) => `\`${quote(name, 40)}\` names the members of a subject, and the subject itself`,
    label: 'a column of the subject',
    why: 'a group has many members and one name: a column cannot be both',
    fix: 'give the group a column of its own in `subject`, such as `cluster_id`, and the members another name',
  }),
  SOP267: define<{ group: string; problems: readonly string[]; columns: readonly string[] }>({
    title: 'Members with the wrong columns',
    message: ({ group, problems }) => `the members of \`${quote(group, 40)}\`: ${problems.slice(0, 3).join(', ')}`,
    label: 'this SQL',
    why: 'a subject is found again by its members: every row must say of whom it is one',
    fix: ({ columns }) => `return exactly ${allOf(columns)}`,
  }),
  SOP268: define<{ problem: string; fix: string }>({
    title: 'Rows that cannot be appended',
    message: ({ problem }) => `\`monotone\` ${problem}`,
    label: 'cannot be appended',
    why: 'the case would look like a proof that more data never helps an attacker, and be none',
    fix: ({ fix }) => fix,
  }),
} as const;
