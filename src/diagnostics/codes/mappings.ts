import { define } from '../define.ts';
import { allOf, didYouMean, oneOf, quote } from '../words.ts';

/** SOP27x: mapping files, which say how raw files become market tables. */
export const mappingCodes = {
  SOP270: define<{ name: string; near: readonly string[]; known: readonly string[] }>({
    title: 'A mapping for a table that does not exist',
    message: ({ name, near }) => `there is no market table \`${quote(name, 40)}\`${didYouMean(near)}`,
    label: 'unknown table',
    why: 'rows that go into no table are read by no SOP',
    fix: ({ near, known }) =>
      near[0] === undefined ? `write one of ${allOf(known, 12)}; \`sop tables\` lists all` : `write \`${near[0]}\``,
  }),
  SOP271: define<{ name: string; table: string; near: readonly string[]; known: readonly string[] }>({
    title: 'A mapping fills a column that the table does not have',
    message: ({ name, table, near }) => `\`${table}\` has no column \`${quote(name, 40)}\`${didYouMean(near)}`,
    label: 'unknown column',
    why: 'what is put into an unknown column is lost, and the column that was meant stays empty',
    fix: ({ near, table }) =>
      near[0] === undefined ? `\`sop tables ${table}\` lists the columns` : `write \`${near[0]}\``,
  }),
  SOP272: define<{ found: readonly string[]; heads: readonly string[]; what: string }>({
    title: 'A value or condition of a mapping that says nothing, or two things',
    message: ({ found, what }) =>
      found.length === 0
        ? `${what} must say where it comes from or what it tests`
        : `${what} says ${allOf(found, 4)} at once`,
    label: ({ found }) => (found.length === 0 ? 'nothing is said here' : 'one of them too many'),
    why: 'two of them could differ, and nobody would see which one counts',
    fix: ({ heads }) => `write exactly one of ${oneOf(heads)}`,
  }),
  SOP273: define<{ column: string }>({
    title: 'A unit of time on a column that holds no time',
    message: ({ column }) => `\`${column}\` holds no time, so \`unit\` and \`zone\` mean nothing here`,
    label: 'a unit of time',
    why: 'a unit that is not applied looks like a conversion that was made',
    fix: 'take it out; `product` and `quotient` convert numbers',
  }),
  SOP274: define<{ column: string; table: string }>({
    title: 'A mapping leaves out a column that no row can be without',
    message: ({ column, table }) => `\`${column}\` is missing: no row of \`${table}\` can be without it`,
    label: ({ column }) => `\`${column}\` belongs here`,
    why: 'a row that nobody can place in time or at an instrument is found by no signal',
    fix: ({ column }) =>
      `map \`${column}\`; where the raw file does not say it, write \`${column}: {unknown: why it is not known}\``,
  }),
  SOP275: define<{ value: string; column: string; allowed: readonly string[]; near: readonly string[] }>({
    title: 'A mapping makes a value that the column does not have',
    message: ({ value, column, near }) => `\`${quote(value, 40)}\` is no value of \`${column}\`${didYouMean(near)}`,
    label: ({ allowed }) => `one of ${oneOf(allowed)}`,
    why: 'signals compare with the words of the table: another word is never found',
    fix: ({ allowed }) => `write ${oneOf(allowed)}`,
  }),
  SOP276: define<{ say: string }>({
    title: 'A pattern of a mapping that can not be used',
    message: ({ say }) => `this pattern ${say}`,
    label: 'this pattern',
    why: 'a pattern takes one part of a name; with more wildcards it could fit in many ways, and take long to try them',
    fix: 'write it like `{}-trades-*`: `{}` is the part that is taken, `*` is anything',
  }),
  SOP277: define<{ say: string }>({
    title: 'Parts of a mapping that do not fit together',
    message: ({ say }) => `this ${say}`,
    label: 'does not fit',
    why: 'a part that nobody reads would look as if it were applied',
    fix: 'see docs/data.md for what each format and each value needs',
  }),
  SOP278: define<{ deepest: number }>({
    title: 'A mapping nested too deeply',
    message: ({ deepest }) => `values in values go at most ${deepest} deep`,
    label: 'one level too many',
    why: 'a reviewer must see at a glance what becomes of a column',
    fix: 'make it shorter; what needs more steps belongs into the program that writes the file',
  }),
} as const;
