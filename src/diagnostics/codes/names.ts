import { define } from '../define.ts';
import { allOf, didYouMean, oneOf, quote } from '../words.ts';

type Unknown = { name: string; near: readonly string[] };

/** SOP3xx: names and references. */
export const nameCodes = {
  SOP301: define<Unknown & { known: readonly string[] }>({
    title: 'The decision uses an unknown name',
    message: ({ name }) => `the decision uses an unknown name, \`${quote(name, 40)}\``,
    label: 'no signal, parameter or earlier output has this name',
    why: 'the column could never be filled, so no rule could ever match',
    fix: ({ name, near, known }) =>
      name === 'disposition' || name === 'severity'
        ? `write \`→ ${name}\`: a column that gives an answer needs its arrow`
        : near[0] === undefined
          ? `the names are ${allOf(known, 10)}; a column of plain remarks needs no backquotes and may be headed \`Why\``
          : `write \`${near[0]}\`, or run \`sop check --fix\``,
  }),
  SOP302: define<Unknown>({
    title: 'A condition uses an unknown name',
    message: ({ name, near }) => `this condition uses an unknown name, \`${quote(name, 40)}\`${didYouMean(near)}`,
    label: 'no parameter has this name',
    why: 'the rule would never match, and nobody would see that it does not',
    fix: ({ name, near }) =>
      near[0] === undefined
        ? `declare \`${quote(name, 30)}\` under \`## Parameters\`, or put it in quotes if it is a value: "${quote(name, 30)}"`
        : `write \`${near[0]}\`, or put the word in quotes if it is a value`,
  }),
  SOP303: define<{ name: string; what: string }>({
    title: 'Two things with one name',
    message: ({ name, what }) => `\`${quote(name, 40)}\` is the name of two things: ${what}`,
    label: 'this is the second one',
    why: 'a rule that uses the name would not say which of them it means',
    fix: 'rename one of them',
  }),
  SOP304: define<{ name: string; suggestion: string }>({
    title: 'A name that SQL cannot use',
    message: ({ name }) =>
      `\`${quote(name, 40)}\` is no name: lower-case letters, digits and \`_\`, starting with a letter`,
    label: ({ suggestion }) => (suggestion === '' ? 'not a name' : `for example \`${suggestion}\``),
    why: 'signals, parameters and columns are written the same way in tables, SQL and reports',
    fix: ({ suggestion }) => (suggestion === '' ? 'choose a name such as `min_notional`' : `write \`${suggestion}\``),
  }),
  SOP305: define<Unknown>({
    title: 'An unknown technique',
    message: ({ name, near }) => `\`${quote(name, 20)}\` is no technique of the taxonomy${didYouMean(near)}`,
    label: 'not in sops/taxonomy.yaml',
    why: 'coverage is counted by technique: a claim about an unknown one would count for nothing',
    fix: 'use an id of `sops/taxonomy.yaml`, or add the technique there with `sop new technique`',
  }),
  SOP306: define<Unknown & { known: readonly string[] }>({
    title: 'An unknown team',
    message: ({ name, near }) => `\`${quote(name, 40)}\` is no team of the desk${didYouMean(near)}`,
    label: 'not in sops/desk.yaml',
    why: 'an escalation to a team that does not exist reaches nobody',
    fix: ({ near, known }) =>
      near[0] === undefined
        ? `the teams are ${allOf(known)}; add others to \`sops/desk.yaml\``
        : `write \`${near[0]}\`, or add the team to \`sops/desk.yaml\``,
  }),
  SOP307: define<{ id: string; other: string }>({
    title: 'Two SOPs with one id',
    message: ({ id, other }) => `the id \`${quote(id, 64)}\` belongs to two SOPs; the other is ${other}`,
    label: 'taken',
    why: 'both would be compiled into the same skill, and one would overwrite the other',
    fix: 'give one of them another id, and rename its folder',
  }),
  SOP308: define<{ name: string; other: string }>({
    title: 'Two cases with one name',
    message: ({ name, other }) => `the case \`${quote(name, 64)}\` stands twice; the other is in ${other}`,
    label: 'taken',
    why: 'a report that names the case would not say which one failed',
    fix: 'give one of them another name, and rename its file',
  }),
  SOP309: define<Unknown & { sop: string; isDraft: boolean }>({
    title: 'A blind spot without its case',
    message: ({ name, near, isDraft }) => {
      if (isDraft)
        return `the blind spot names \`${quote(name, 64)}\`, which is a draft: nobody has decided what is right`;
      if (name === '') return 'the blind spot names no case';
      return `the blind spot names the case \`${quote(name, 64)}\`, which does not exist${didYouMean(near)}`;
    },
    label: ({ name, isDraft }) => (isDraft ? 'a draft' : name === '' ? 'which case shows it?' : 'no such case'),
    why: 'a blind spot that no case shows is a belief; nobody would notice when it closes or grows',
    fix: ({ name, near, sop, isDraft }) => {
      if (isDraft) return 'replace every `?` of the draft; if the SOP then fails, say so with `known_gap:`';
      if (name === '') return 'write the attack as a case with `known_gap:`, and name it here';
      return near[0] === undefined
        ? `write the attack as a case with \`known_gap:\`; \`sop new case ${sop} ${quote(name, 64)}\` starts one`
        : `write \`${near[0]}\`, or write the attack as a case of this name with \`known_gap:\``;
    },
  }),
  SOP310: define<Unknown & { known: readonly string[] }>({
    title: 'An unknown market',
    message: ({ name, near }) => `\`${quote(name, 30)}\` is no market of the desk${didYouMean(near)}`,
    label: 'unknown market',
    why: 'coverage is counted by market: a claim about an unknown one would count for nothing',
    fix: ({ known }) => `the markets are ${allOf(known)}`,
  }),
  SOP311: define<{ rule: string }>({
    title: 'Two rules with one id',
    message: ({ rule }) => `the rule id \`${quote(rule, 30)}\` stands twice in this table`,
    label: 'this is the second one',
    why: 'a case or a report that names the rule would not say which one decided',
    fix: 'give the second one a new id; ids never change meaning, so do not renumber the others',
  }),
  SOP312: define<Unknown & { what: string; known: readonly string[] }>({
    title: 'An unknown disposition or severity',
    message: ({ name, what, near }) =>
      `${name === '' ? 'an empty cell' : `\`${quote(name, 40)}\``} is no ${what} of the desk${didYouMean(near)}`,
    label: ({ known }) => `one of ${oneOf(known)}`,
    why: 'outcomes are compared in the order of `sops/desk.yaml`; a word that is not there has no place in it',
    fix: ({ known }) => `write ${oneOf(known)}`,
  }),
  SOP313: define<Unknown & { what: string; known: readonly string[] }>({
    title: 'A case names something that the SOP does not have',
    message: ({ name, what, near }) => `\`${quote(name, 40)}\` is no ${what} of this SOP${didYouMean(near)}`,
    label: ({ known }) => (known.length === 0 ? 'unknown' : `known: ${oneOf(known, 6)}`),
    why: 'the expectation could never be met, or worse, would never be looked at',
    fix: ({ known }) => (known.length === 0 ? 'take it out' : `write ${oneOf(known, 8)}`),
  }),
  SOP314: define<Unknown & { known: readonly string[] }>({
    title: 'An unknown market table',
    message: ({ name, near }) => `\`${quote(name, 40)}\` is no market table${didYouMean(near)}`,
    label: 'unknown table',
    why: 'its rows would go nowhere, and the case would run on less than it says',
    fix: ({ near, known }) =>
      near[0] === undefined
        ? `the tables are ${allOf(known, 30)}; a desk adds its own under \`sops/tables/\``
        : `write ${oneOf(near)}`,
  }),
  SOP315: define<Unknown & { table: string; known: readonly string[] }>({
    title: 'An unknown column of a table',
    message: ({ name, table, near }) => `\`${quote(name, 40)}\` is no column of \`${table}\`${didYouMean(near)}`,
    label: 'unknown column',
    why: 'the value would go nowhere, and the case would run on less than it says',
    fix: ({ table, near, known }) =>
      near[0] === undefined ? `the columns of \`${table}\` are ${allOf(known, 30)}` : `write ${oneOf(near)}`,
  }),
  SOP316: define<{ file: string; near: readonly string[] }>({
    title: 'A data file is missing',
    message: ({ file, near }) => `the data file \`${quote(file, 80)}\` does not exist${didYouMean(near)}`,
    label: 'no such file',
    why: 'the case cannot run without its data',
    fix: "paths start at the case's own folder: `data/trades.csv` is `cases/data/trades.csv`",
  }),
  SOP317: define<{ file: string }>({
    title: 'A data file outside the SOP',
    message: ({ file }) => `\`${quote(file, 80)}\` lies outside this SOP's folder`,
    label: 'outside',
    why: 'SOPs arrive from anyone: a case must not be able to read files elsewhere on the machine, through a link either',
    fix: 'copy the file into `cases/data/` of this SOP',
  }),
  SOP318: define<Unknown>({
    title: 'An unknown SOP',
    message: ({ name, near }) => `there is no SOP \`${quote(name, 64)}\`${didYouMean(near)}`,
    label: 'no such SOP',
    why: 'the case would never run where its author wants it to',
    fix: ({ near }) =>
      near[0] === undefined
        ? 'write the id of a SOP under `sops/`; a folder with cases needs a `SOP.md` of its own'
        : `write \`${near[0]}\``,
  }),
  SOP319: define<{ name: string; key: string; subject: readonly string[] }>({
    title: 'Not a column of the subject',
    message: ({ name, key }) => `\`${key}\` names \`${quote(name, 40)}\`, which is no column of the subject`,
    label: 'not in `subject`',
    why: 'a decision is known by its subject alone; time and alerts can only use those columns',
    fix: ({ subject }) =>
      `the subject's columns are ${allOf(subject)}; add the column to \`subject\` or write one of these`,
  }),
  SOP320: define<{ name: string; near: string }>({
    level: 'warning',
    title: 'A step names something that does not exist',
    message: ({ name, near }) =>
      `the step names \`${quote(name, 40)}\`, which nothing here is called (did you mean \`${near}\`?)`,
    label: 'unknown name',
    why: 'an agent that is told to compute something that does not exist makes something up',
    fix: ({ near }) => `write \`${near}\``,
  }),
  SOP321: define<{ name: string; table: string }>({
    title: 'An output is used before it is decided',
    message: ({ name, table }) => `\`${name}\` is decided by a later table, \`${table}\``,
    label: 'not known yet',
    why: 'tables are evaluated from top to bottom; a circle has no answer',
    fix: ({ table }) => `move the table \`${table}\` above this one`,
  }),
  SOP322: define<{ name: string }>({
    level: 'warning',
    title: 'A parameter that nothing uses',
    message: ({ name }) => `nothing uses the parameter \`${name}\``,
    label: 'unused',
    why: 'somebody will tune it one day and believe that it did something',
    fix: ({ name }) => `use it (\`$${name}\` in SQL, \`${name}\` in a condition), or take it out`,
  }),
  SOP323: define<{ name: string }>({
    level: 'note',
    title: 'A signal that no rule uses',
    message: ({ name }) => `no rule uses the signal \`${name}\``,
    label: 'only shown, never decided on',
    why: 'it is computed and shown to the reviewer, but it cannot change a decision',
    fix: 'use it in the decision, or keep it for the reviewer',
  }),
  SOP330: define<Unknown & { by: string; known: readonly string[] }>({
    title: 'An unknown segment in Parameters',
    message: ({ name, by, near }) => `\`${quote(name, 40)}\` is no value of \`${by}\`${didYouMean(near)}`,
    label: 'nobody is in this segment',
    why: 'its values would never be used, and the subjects that they were meant for stay undecided',
    fix: ({ near, known }) => (near[0] === undefined ? `the values are ${allOf(known, 12)}` : `write ${oneOf(near)}`),
  }),
  SOP331: define<{ name: string; known: readonly string[] }>({
    title: 'A case of signal values without a segment',
    message: ({ name }) => `a case of \`${quote(name, 64)}\` gives signal values and does not say for which segment`,
    label: 'in which segment?',
    why: 'the limits differ by segment: without one nobody knows what the case proves',
    fix: ({ known }) => `add \`segment:\` with ${oneOf(known, 12)}`,
  }),
  SOP332: define<Unknown & { known: readonly string[] }>({
    title: 'An unknown segment in a case',
    message: ({ name, near }) => `\`${quote(name, 40)}\` is no segment of this SOP${didYouMean(near)}`,
    label: 'unknown segment',
    why: 'the case would prove something about limits that nobody has',
    fix: ({ near, known }) => (near[0] === undefined ? `the segments are ${allOf(known, 12)}` : `write ${oneOf(near)}`),
  }),
  SOP333: define<{ by: string | null }>({
    title: 'A segment that a case cannot choose',
    message: ({ by }) =>
      by === null
        ? 'this case names a segment, and its SOP has none'
        : `this case names a segment, and its data says \`${by}\` already`,
    label: 'not asked for',
    why: 'two places that say the segment can disagree, and the reader believes the wrong one',
    fix: ({ by }) =>
      by === null ? 'take `segment` out' : `take \`segment\` out, and give \`${by}\` in the rows of the case`,
  }),
  SOP334: define<{ sop: string }>({
    title: 'Members of a subject that has none',
    message: ({ sop }) => `this expectation names members, and subjects of \`${quote(sop, 64)}\` have none`,
    label: 'no members',
    why: 'nobody could ever be found by them',
    fix: 'name the subject by its columns; only a SOP with `identity` in its front-matter has members',
  }),
  SOP335: define<Unknown & { known: readonly string[] }>({
    title: 'A skill set with an unknown SOP',
    message: ({ name, near }) => `there is no SOP \`${quote(name, 64)}\`${didYouMean(near)}`,
    label: 'no such SOP',
    why: 'the role would work without a skill that its index promises',
    fix: ({ near, known }) =>
      near[0] === undefined
        ? known.length === 0
          ? 'take it out'
          : `the SOPs are ${allOf(known)}; write one of them, or take the line out`
        : `write \`${near[0]}\`, or take it out`,
  }),
  SOP336: define<{ sop: string; status: string }>({
    title: 'A skill set with a retired SOP',
    message: ({ sop }) => `\`${quote(sop, 64)}\` is retired, and gives no skill`,
    label: 'withdrawn',
    why: 'the role would believe that it still has a procedure for this',
    fix: 'take it out of the set, or name the SOP that took its place',
  }),
  SOP337: define<{ sop: string; status: string }>({
    level: 'warning',
    title: 'A skill set with a SOP that nobody has approved',
    message: ({ sop, status }) =>
      `\`${quote(sop, 64)}\` is ${status === 'draft' ? 'a draft' : 'in review'}: the index of the set leaves it out`,
    label: 'gives no skill yet',
    why: 'whoever reads the set here believes that the role has this skill, and it has not',
    fix: 'have the SOP approved, or take it out of the set until then',
  }),
} as const;
