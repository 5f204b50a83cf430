import { define } from '../define.ts';
import { quote } from '../words.ts';

type InCase = { case: string; sop: string };

/** SOP76x: what the cases proved before a change, and no longer prove (`sop test --since`). */
export const ratchetCodes = {
  SOP760: define<InCase & { before: string; successors: readonly string[]; what: 'case' | 'case of a view' }>({
    title: 'A case that held is gone',
    message: ({ case: name, sop, what }) =>
      `the ${what} \`${quote(name, 64)}\` of \`${quote(sop, 64)}\` is gone, and no other took its place`,
    label: ({ before }) => `it was here: ${before}`,
    why: ({ successors }) =>
      successors.length === 0
        ? 'what it proved is proved no longer, and nobody would see it in a list of cases that pass'
        : `${successors.map((name) => `\`${name}\``).join(', ')} should take its place, and does not pass`,
    fix: ({ case: name, successors }) =>
      successors.length === 0
        ? `put it back under its name; where another case tells the story now, let that one say \`replaces: [${name}]\``
        : 'mend the case that takes its place',
  }),
  SOP761: define<InCase & { less: readonly string[] }>({
    title: 'A case asks for less than before',
    message: ({ case: name }) => `\`${quote(name, 64)}\` asks for less than before`,
    label: ({ less }) => less.join('; '),
    why: 'a case that passes because it asks for less looks like one that still proves what its name has stood for',
    fix: ({ case: name }) =>
      `ask for the same as before; where the desk wants it so, give the case a new name and \`replaces: [${name}]\`, so that everybody sees it`,
  }),
  SOP762: define<{ sop: string; lost: readonly string[]; cases: readonly string[] }>({
    title: 'A case no longer guards this',
    message: ({ sop, lost }) =>
      `the cases of \`${quote(sop, 64)}\` guard this less than before${lost.length === 1 ? `: ${quote(lost[0] ?? '', 160)}` : `, in ${lost.length} ways`}`,
    label: 'as it was, and guarded less',
    why: ({ lost, cases }) => {
      const held = cases.length === 0 ? 'cases' : cases.map((name) => `\`${quote(name, 64)}\``).join(', ');
      const more = lost.length > 4 ? `; and ${lost.length - 4} more` : '';
      const list = lost
        .slice(0, 4)
        .map((says) => quote(says, 120))
        .join('; ');
      return `it stands as written, and before this change ${held} held it${lost.length === 1 ? '' : `: ${list}${more}`}`;
    },
    fix: ({ sop }) =>
      `put the values of that case back, or write another one here (\`sop suggest ${sop}\` proposes them)`,
  }),
  SOP763: define<InCase & { how: string }>({
    title: 'A case no longer counts for a SOP',
    message: ({ case: name, sop }) => `\`${quote(name, 64)}\` counted for \`${quote(sop, 64)}\` and does so no longer`,
    label: ({ how }) => how,
    why: 'what it proved about this SOP is proved no longer',
    fix: ({ case: name }) =>
      `let it count again; where the desk wants it so, give the case a new name and \`replaces: [${name}]\`, so that everybody sees it`,
  }),
  SOP764: define<InCase & { other: string }>({
    title: 'A case that is said to be replaced is still there',
    message: ({ case: name, other }) =>
      name === other
        ? `\`${quote(name, 64)}\` says that it replaces itself`
        : `\`${quote(name, 64)}\` says that it replaces \`${quote(other, 64)}\`, which is still there`,
    label: 'still there',
    why: 'whoever takes that case out later would not be asked what took its place',
    fix: ({ other }) => `take \`${other}\` out of \`replaces\`, or remove that case`,
  }),
} as const;
