import { define } from '../define.ts';
import { allOf, count, didYouMean, oneOf, quote } from '../words.ts';

type InView = { view: string };
const notComputed = 'the view cannot be computed, so no SOP that reads it can decide';

/** Views and lists: SOP25x their shape, SOP32x their names, SOP43x their types, SOP74x their cases. */
export const sharingCodes = {
  SOP250: define<{ what: string }>({
    title: 'A view without its header',
    message: ({ what }) => `this view has no header: ${what}`,
    label: 'the header belongs here',
    why: 'without the names and types of its columns nobody can rely on the view, and nobody knows what it means',
    fix: 'begin the file with a comment `/* … */` that holds `title:` and `columns:`, and put one SELECT below it',
  }),
  SOP251: define<{ what: string }>({
    title: 'A list that cannot be read',
    message: ({ what }) => `the list cannot be read: ${quote(what, 120)}`,
    label: 'here',
    why: 'an exemption that is half-read exempts somebody whom nobody named, so none of the list is used',
    fix: 'the first line is `key,reason,approver,valid_from,valid_to`, each further line one entry; a value that holds a comma stands in double quotes',
  }),
  SOP252: define<{ column: string }>({
    title: 'An entry of a list that lacks something',
    message: ({ column }) => `this entry has no \`${column}\``,
    label: 'empty',
    why: 'an exemption without a key, a reason, an approver and a start cannot be defended later',
    fix: ({ column }) => `fill in \`${column}\`; only \`valid_to\` may stay empty`,
  }),
  SOP253: define<{ problem: string }>({
    title: 'A time of a list that does not fit',
    message: ({ problem }) => problem,
    label: 'here',
    why: 'nobody could tell for which time the entry holds',
    fix: 'write a day such as 2026-11-01 or a time such as 2026-11-01 10:00:00, in UTC; an entry holds from `valid_from` on and before `valid_to`',
  }),
  SOP254: define<{ key: string; list: string }>({
    title: 'Two entries for one key at one time',
    message: ({ key, list }) => `\`${quote(key, 60)}\` stands twice in \`${list}\` for the same time`,
    label: 'overlaps an earlier entry',
    why: 'a join with the list would count everything about this key twice, and two approvers would answer for it',
    fix: 'end the earlier entry (`valid_to`) where the later one begins, or take one of them out',
  }),
  SOP255: define<{ key: string; list: string; date: string; today: string }>({
    level: 'note',
    title: 'An entry of a list that is over',
    message: ({ key, list, date, today }) =>
      `the entry for \`${quote(key, 60)}\` in \`${list}\` ended on ${date}, before ${today}`,
    label: 'no longer holds',
    why: 'what it exempted or watched is treated like everybody else again',
    fix: 'let its approver renew it by a new entry, or leave it: decisions about earlier times still read it',
  }),
  SOP256: define<{ case: string }>({
    title: 'A view case that expects nothing',
    message: ({ case: name }) => `the case \`${quote(name, 64)}\` names no row, and allows any`,
    label: 'nothing is expected',
    why: 'it would pass whatever the view returns',
    fix: 'name a row under `expect:`; that no row comes out is `expect: []` without `others: any`',
  }),
  SOP324: define<{ name: string; what: string }>({
    title: 'A table, a view or a list by a name that is taken',
    message: ({ name, what }) => `the name \`${quote(name, 40)}\` is taken by ${what}`,
    label: 'the second one',
    why: 'SQL that reads the name would not say which of them it means',
    fix: 'rename the file; market tables, views and lists share one space of names',
  }),
  SOP325: define<{ name: string; ring: readonly string[] }>({
    title: 'Views that read each other in a circle',
    message: ({ ring }) =>
      ring.length === 1
        ? `the view \`${ring[0]}\` reads itself`
        : `the views ${allOf(ring)} read each other in a circle`,
    label: ({ ring }) => [...ring, ring[0]].join(' → '),
    why: 'each of them would have to be computed before the others',
    fix: ({ ring }) =>
      ring.length === 1
        ? 'a query that needs its own result is a `WITH RECURSIVE name AS (…)` inside the view'
        : 'move what they share into a view of its own, or join them into one view with `WITH`',
  }),
  SOP326: define<{ name: string; what: string }>({
    level: 'warning',
    title: 'A view or a list that nothing reads',
    message: ({ name, what }) => `no SQL reads the ${what} \`${name}\``,
    label: 'unused',
    why: 'somebody will change it one day and believe that it did something',
    fix: ({ name }) => `read it in a SOP (\`FROM ${name}\`), or take the file out`,
  }),
  SOP327: define<{ name: string; near: readonly string[]; known: readonly string[] }>({
    title: 'An unknown view',
    message: ({ name, near }) => `there is no view \`${quote(name, 40)}\`${didYouMean(near)}`,
    label: 'no such view',
    why: 'the case would never run',
    fix: ({ known }) =>
      known.length === 0 ? 'views are `sops/views/<name>.sql`; there is none yet' : `write ${oneOf(known)}`,
  }),
  SOP328: define<{ name: string }>({
    title: 'A case that gives rows to a view',
    message: ({ name }) => `\`${name}\` is a view: its rows are computed, not given`,
    label: 'a view',
    why: 'rows written by hand would hide what the view really makes of the data',
    fix: 'give the market tables and lists that the view reads; a case of the view alone stands in `sops/views/cases/`',
  }),
  SOP329: define<{ name: string; near: readonly string[]; known: readonly string[] }>({
    title: 'The key of a view is no column',
    message: ({ name, near }) =>
      `\`key\` names \`${quote(name, 40)}\`, which is no column of the view${didYouMean(near)}`,
    label: 'not under `columns`',
    why: 'the key says which columns make a row unique: SOPs rely on it when they order and join',
    fix: ({ known }) => `the columns are ${allOf(known)}`,
  }),
  SOP433: define<InView & { name: string; near: readonly string[] }>({
    title: 'A view does not return a column that it declares',
    message: ({ view, name, near }) =>
      `the SQL of the view \`${view}\` does not return \`${name}\`${near[0] === undefined ? '' : `, only \`${quote(near[0], 40)}\``}`,
    label: 'declared here',
    why: notComputed,
    fix: ({ name, near }) =>
      `add \`… AS ${name}\` to the outermost SELECT${near[0] === undefined ? '' : `, or rename its column \`${quote(near[0], 40)}\``}`,
  }),
  SOP434: define<InView & { name: string; declared: string; found: string; cast: string }>({
    title: 'A column of a view is declared as one type and computed as another',
    message: ({ name, declared, found }) => `\`${name}\` is declared as ${declared}, but the SQL returns ${found}`,
    label: 'declared here',
    why: 'SOPs would read the value as something else than the view computes',
    fix: ({ name, cast }) => `write \`CAST(… AS ${cast}) AS ${name}\` in the SQL, or change the type in the header`,
  }),
  SOP435: define<InView & { name: string; near: readonly string[] }>({
    level: 'warning',
    title: 'A view returns a column that it does not declare',
    message: ({ view, name, near }) =>
      `the SQL of the view \`${view}\` returns \`${quote(name, 40)}\`, which its header does not declare${didYouMean(near)}`,
    label: 'this SELECT',
    why: 'no SOP can read the column',
    fix: 'declare it under `columns`, or take it out of the SELECT',
  }),
  SOP740: define<InView & { case: string; key: string }>({
    title: 'Two rows for one key of a view',
    message: ({ view, key }) => `the view \`${view}\` returns two rows for ${quote(key, 80)}`,
    label: 'this SQL',
    why: 'the header says that these columns make a row unique; joins and orders that rely on it would depend on chance',
    fix: 'group by the columns of the key, or name under `key` all columns that tell two rows apart',
  }),
  SOP741: define<InView & { case: string; row: string; nearest: string }>({
    title: 'A view does not return what its case expects',
    message: ({ view, case: name, row }) =>
      `in \`${name}\` the view \`${view}\` does not return the row ${quote(row, 160)}`,
    label: 'expected',
    why: ({ nearest }) => quote(nearest, 400),
    fix: 'if the view is right, change the expectation; if the case is right, change the SQL of the view',
  }),
  SOP742: define<InView & { case: string; row: string; rows: number }>({
    title: 'A view returns a row that its case does not expect',
    message: ({ view, case: name, rows }) =>
      `in \`${name}\` the view \`${view}\` returns ${count(rows, 'row')} that nobody expects`,
    label: 'this case',
    why: ({ row, rows }) =>
      `${rows === 1 ? 'it is' : 'the first is'} ${quote(row, 240)}; every SOP that reads the view would count it`,
    fix: 'name the row under `expect:`, write `others: any` where further rows do not matter, or change the SQL of the view',
  }),
  SOP743: define<InView & { sops: readonly string[] }>({
    level: 'warning',
    title: 'A view without a case',
    message: ({ view, sops }) =>
      `no case tries the view \`${view}\`, which ${allOf(sops, 3)} ${sops.length === 1 ? 'relies' : 'rely'} on`,
    label: 'unproved',
    why: 'a mistake in a view is a mistake in every SOP that reads it',
    fix: ({ view }) =>
      `write \`sops/views/cases/${view.replaceAll('_', '-')}-….yaml\`: some rows of data, and the rows that the view must return`,
  }),
  SOP744: define<InView & { case: string; what: string }>({
    title: 'The SQL of a view fails on the data',
    message: ({ view, case: name }) => `the SQL of the view \`${view}\` fails on the data of \`${name}\``,
    label: ({ what }) => quote(what, 100),
    why: 'the query is valid, but this data breaks it; real data would too, and with it every SOP that reads the view',
    fix: 'guard the place: `nullif(x, 0)` before a division, `TRY_CAST` for text that may be no number; a recursion needs an end, such as a greatest depth',
  }),
} as const;
