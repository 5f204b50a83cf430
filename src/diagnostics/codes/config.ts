import { define } from '../define.ts';
import { allOf, didYouMean, quote } from '../words.ts';

const refusals = {
  early: 'codes below SOP500 say what cannot be read or does not exist',
  proof: 'it says what cases prove, or what keeps a SOP or a case from being run',
  unsaid: 'an error must be said',
} as const;

const proved = {
  rules: 'its rules',
  bounds: 'its bounds',
  conditions: 'its conditions',
  nulls: 'its missing values',
  outputs: 'its answers',
  mutation: 'the slips of the pen in its tables',
  sql_mutation: 'the slips of the pen in its SQL',
} as const;

/** Slips are noticed; all else is proved. */
function isSlip(figure: keyof typeof proved): boolean {
  return figure === 'mutation' || figure === 'sql_mutation';
}

/** SOP38x: the configuration of a project. SOP77x: what it demands of cases. */
export const configCodes = {
  SOP380: define<{ name: string; near: readonly string[] }>({
    title: 'A level for a code that does not exist',
    message: ({ name, near }) => `there is no diagnostic \`${quote(name, 40)}\`${didYouMean(near)}`,
    label: 'no such code',
    why: 'the diagnostic that was meant keeps its level, and nobody would notice',
    fix: ({ near }) =>
      near.length === 1 ? `write \`${near[0]}\`` : '`sop explain` lists all codes, with what each of them means',
  }),
  SOP381: define<{ code: string; level: string; reason: keyof typeof refusals }>({
    title: 'A level that cannot be set',
    message: ({ code, level }) => `\`${code}\` cannot be ${level === 'off' ? 'turned off' : `made a ${level}`}`,
    label: ({ reason }) => refusals[reason],
    why: ({ reason }) =>
      reason === 'early'
        ? 'on what cannot be read nothing can be proved, so a run without this error would claim too much'
        : reason === 'proof'
          ? 'a run that proves nothing would end as a clean one'
          : 'what is never said is never mended; as a warning it blocks nobody, and stays in sight',
    fix: ({ reason }) =>
      reason === 'proof'
        ? 'take the line out; a miss or a false alarm that the desk accepts is a `known_gap:` of its case'
        : reason === 'unsaid'
          ? 'write `warning` or `note`'
          : 'take the line out; levels can be set from SOP500 on',
  }),
  SOP382: define<{ name: string; near: readonly string[]; known: readonly string[] }>({
    title: 'A floor for a SOP that does not exist',
    message: ({ name, near }) => `there is no SOP \`${quote(name, 64)}\`${didYouMean(near)}`,
    label: 'no such SOP',
    why: 'the SOP that was meant is held to the floor of all, and nobody would notice',
    fix: ({ near, known }) =>
      near[0] === undefined
        ? known.length === 0
          ? 'take it out'
          : `the SOPs are ${allOf(known)}`
        : `write \`${near[0]}\``,
  }),
  SOP383: define<{ path: string; wanted: string }>({
    title: 'A configuration that is never read',
    message: ({ path }) => `nothing reads \`${path}\``,
    why: 'floors and levels that are written here hold for nobody',
    fix: ({ wanted }) => `call the file \`${wanted}\``,
  }),
  SOP770: define<{
    sop: string;
    figure: keyof typeof proved;
    percent: number;
    floor: number;
    proven: number;
    total: number;
    /** In words; empty where all that is open was not tried. */
    open: string;
    /** Whether an input is known that shows what is open. */
    isShown: boolean;
    /** Mutants of SQL that there was no time for. */
    untried: number;
  }>({
    title: 'The cases prove less than the floor',
    message: ({ sop, figure, percent, floor }) =>
      `the cases of \`${quote(sop, 64)}\` ${isSlip(figure) ? 'would notice' : 'prove'} ${percent} % of ${proved[figure]}; the floor is ${floor} %`,
    label: ({ figure, proven, total, untried }) =>
      `${proven} of ${total} ${isSlip(figure) ? 'would be noticed' : 'are proved'}${untried === 0 ? '' : `; for ${untried} there was no time`}`,
    why: ({ figure, open, isShown }) => {
      if (open === '') return 'what was not tried is not proved';
      return isSlip(figure)
        ? `among others, ${isShown ? 'nobody' : 'no case, as far as can be told,'} would notice if ${quote(open, 160)}`
        : `among others, no case shows this: ${quote(open, 160)}`;
    },
    fix: ({ sop, figure, untried }) => {
      if (untried > 0) return 'call it again, or give it more time: it goes on where it was';
      return figure === 'sql_mutation'
        ? 'write the cases whose data would tell the two apart'
        : `\`sop suggest ${quote(sop, 64)}\` writes the cases that are missing, for a person to answer`;
    },
  }),
} as const;
