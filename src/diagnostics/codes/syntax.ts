import { define } from '../define.ts';
import { quote } from '../words.ts';

/** SOP1xx: the characters, the YAML and the Markdown. */
export const syntaxCodes = {
  SOP101: define<{ offset: number }>({
    title: 'A file is not text',
    message: ({ offset }) => `this file is not UTF-8 text: byte ${offset} cannot be read`,
    why: 'nothing in it can be checked, so nothing in it counts',
    fix: 'save it as UTF-8 text; a spreadsheet or a Word file has to be exported first (CSV for data, Markdown for a SOP)',
  }),
  SOP102: define<{ megabytes: string; limit: string }>({
    title: 'A file is too large',
    message: ({ megabytes, limit }) => `this file has ${megabytes} MB; at most ${limit} MB are read`,
    why: 'a procedure that long is a paste by mistake or an attempt to stall the check',
    fix: 'move data into `cases/data/` as CSV or Parquet, and keep the procedure in `SOP.md`',
  }),
  SOP103: define<object>({
    title: 'The front-matter is missing',
    message: 'this SOP has no front-matter',
    label: 'the file must begin with a line `---`',
    why: 'without an id, an owner and a subject nobody knows what the procedure decides and who answers for it',
    fix: 'start the file with a block between two lines `---`; `sop new sop my-risk` writes one to copy',
  }),
  SOP104: define<{ problem: string }>({
    title: 'YAML that cannot be read',
    message: ({ problem }) => `the YAML cannot be read: ${problem}`,
    why: 'a half-read block could drop a threshold or an expectation without anybody noticing, so none of it is used',
    fix: 'check the indentation and the quotes on this line and the one above; text with `: ` or ` #` in it needs quotes',
  }),
  SOP105: define<object>({
    title: 'A tab in YAML',
    message: 'a tab stands where YAML needs spaces',
    label: 'this is a tab',
    why: 'YAML does not say how wide a tab is, so the nesting would be a guess',
    fix: 'replace each tab by two spaces',
  }),
  SOP106: define<{ name: string }>({
    title: 'A YAML anchor or alias',
    message: ({ name }) => `\`${quote(name, 30)}\` is a YAML anchor or alias, which SOPs do not use`,
    why: 'what a reviewer reads must be what runs: an alias hides its value elsewhere, and a few can unfold into gigabytes',
    fix: 'write the value out where it is needed',
  }),
  SOP107: define<{ key: string }>({
    title: 'A key stands twice',
    message: ({ key }) => `the key \`${quote(key, 40)}\` stands twice in one block`,
    label: 'this is the second one',
    why: 'one of the two would be ignored, and it is not visible which',
    fix: 'keep one of them',
  }),
  SOP108: define<{ cells: number; columns: number }>({
    title: 'A table row has too few or too many cells',
    message: ({ cells, columns }) =>
      `this row has ${cells} ${cells === 1 ? 'cell' : 'cells'}; the table has ${columns} columns`,
    label: 'this row',
    why: 'every cell after the slip would belong to the wrong column: a threshold could move to another signal',
    fix: 'add the missing `|`; a `|` that is part of the text is written `\\|`',
  }),
  SOP109: define<{ language: string }>({
    title: 'A code fence is never closed',
    message: ({ language }) => `the \`\`\`${quote(language, 20)} block that starts here is never closed`,
    why: 'everything below it, the decision included, is read as code and not as the procedure',
    fix: 'close the block with a line of three backquotes',
  }),
  SOP110: define<{ reason: string }>({
    title: 'A file cannot be read',
    message: ({ reason }) => `this file cannot be read: ${reason}`,
    why: 'what is in it is not part of any answer below',
    fix: 'check the permissions of the file, and that it is a plain file and no link to another place',
  }),
  SOP111: define<object>({
    title: 'Nested too deeply',
    message: 'this is nested more than 40 levels deep',
    why: 'no SOP or case needs that; such a file is damaged or meant to stall the check',
    fix: 'write it flatter',
  }),
  SOP112: define<{ path: string }>({
    title: 'A file that is never read',
    message: ({ path }) => `nothing reads \`${quote(path, 80)}\``,
    why: 'a case or a SOP in a place where nobody looks seems to prove something and never runs',
    fix: 'cases are `sops/<sop>/cases/*.yaml` or `*.md` (lower case, no folders), data is below `cases/data/`, a SOP is `sops/<sop>/SOP.md`, a view `sops/views/<name>.sql`, a list `sops/lists/<name>.csv`',
  }),
  SOP113: define<{ what: string }>({
    title: 'A table that is not compiled',
    message: ({ what }) => `this looks like a table, but it is not compiled: ${what}`,
    label: 'nobody reads these rows',
    why: 'a reader of the page sees rules or cases that do not exist',
    fix: 'put it in a table of its own at the left margin, without blank lines between its rows, or take it out',
  }),
  SOP114: define<{ what: string }>({
    title: 'Text that readers and the compiler see differently',
    message: ({ what }) => `people who read the page see something else than what is compiled: ${what}`,
    label: 'here',
    why: 'who approves a SOP must have seen all of it; an instruction that the page hides would still reach the agent',
    fix: 'write it as plain text, or take it out',
  }),
  SOP115: define<{ name: string; does: string; meant: 'nothing' | 'a sign' | 'an escape' }>({
    title: 'A character that nobody sees',
    message: ({ name, does, meant }) =>
      `here stands ${name}${meant === 'an escape' ? ', written as an escape' : ''}: ${does}`,
    label: 'here',
    why: 'what a reviewer reads is not what the compiler and an agent get: a word, an order or a name could hide in it',
    fix: ({ meant }) =>
      meant === 'nothing'
        ? 'delete it, and read the line again as it stands then'
        : meant === 'a sign'
          ? 'delete it, and type what was meant'
          : 'take the escape out, and type what was meant',
  }),
  SOP116: define<{ name: string; what: string; isData: boolean }>({
    title: 'A word in letters that look like others',
    message: ({ name, what }) => `\`${quote(name, 40)}\` ${what}`,
    label: 'this word',
    why: 'two names that look the same are two names: a rule, a signal or a list could pass for one that was reviewed',
    fix: ({ isData }) =>
      isData
        ? 'type the word anew in one alphabet; where the case is about such letters, write them as escapes, such as `"B\\u0422C"`'
        : 'type the word anew in one alphabet',
  }),
  SOP117: define<{ said: string }>({
    title: 'Text that a client of an agent runs',
    message: ({ said }) =>
      `\`${quote(said.replaceAll('`', "'"), 60)}\` is no text to every client: one runs it as a command`,
    label: 'here',
    why: "Claude Code runs what stands between `!` and backquotes in a skill, on the agent's machine, before the agent or a person has read it",
    fix: 'put a space or a word between the exclamation mark and the backquote, or say it in words',
  }),
} as const;
