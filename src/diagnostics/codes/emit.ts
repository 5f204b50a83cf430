import { define } from '../define.ts';
import { count, quote } from '../words.ts';

/** SOP6xx: compiled files. */
export const emitCodes = {
  SOP601: define<{ problem: string }>({
    title: "The summary cannot become a skill's description",
    message: ({ problem }) => `\`summary\` cannot become the skill's description: ${problem}`,
    label: 'this becomes the description',
    why: 'an agent chooses a skill by its description, and clients refuse one that breaks the Agent Skills rules',
    fix: 'say in one or two plain sentences what the SOP decides and when to use it: at most 1,024 characters, no `<` or `>`',
  }),
  SOP602: define<{ lines: number; tokens: number; mostLines: number; mostTokens: number }>({
    title: 'The body of a skill is too long',
    level: 'warning',
    message: ({ lines, tokens }) => `the body of SKILL.md has ${lines} lines and about ${tokens} tokens`,
    label: 'of this SOP',
    why: ({ mostLines, mostTokens }) =>
      `the Agent Skills specification asks for at most ${mostLines} lines and ${mostTokens} tokens: an agent that has to read more keeps less of it`,
    fix: 'shorten Purpose, the steps and the benign explanations; what only explains a signal belongs under its heading in Signals, which is a file of its own',
  }),
  SOP603: define<{ skill: string; line: number; committed: string; compiled: string; command: string }>({
    title: 'The committed skill is not what the SOP gives',
    message: ({ skill, line }) => `\`${skill}\` differs from what the SOP gives, first at line ${line}`,
    label: ({ compiled }) => (compiled === '' ? 'the compiled skill ends here' : `it should be: ${compiled}`),
    why: ({ committed }) =>
      `${committed.trim() === '' ? '' : `there stands: ${committed} – so `}agents would follow a procedure that nobody approved`,
    fix: ({ command }) =>
      `run \`${command}\` and review what changed; what was changed in the skill by hand belongs in the SOP`,
  }),
  SOP604: define<{ skill: string; more: number; command: string }>({
    title: 'The skill has not been built',
    message: ({ skill, more }) =>
      `\`${skill}\` ${more === 0 ? 'is' : `and ${count(more, 'more file')} of the skill are`} missing`,
    label: 'this SOP gives it',
    why: 'agents cannot follow an approved SOP that was never compiled',
    fix: ({ command }) => `run \`${command}\`, and commit what it writes`,
  }),
  SOP605: define<{ skill: string; command: string }>({
    title: 'A skill without its SOP',
    message: ({ skill }) => `no approved SOP gives \`${skill}\``,
    why: 'agents would go on following a procedure that was withdrawn',
    fix: ({ command }) => `run \`${command}\` to take it out, or approve its SOP again`,
  }),
  SOP606: define<{ folder: string; busy: boolean; command: string }>({
    title: 'An interrupted build',
    message: ({ folder, busy }) =>
      busy
        ? `a \`sop build\` is writing \`${folder}\` at this moment`
        : 'an earlier `sop build` ended before it was done',
    why: ({ folder }) =>
      `some files of \`${folder}\` may be of the new state and others of the old: an agent would follow a mixture`,
    fix: ({ busy, command }) =>
      busy ? 'wait for it, then look again' : `run \`${command}\`: it makes all skills whole`,
  }),
  SOP607: define<{ file: string }>({
    title: 'A file in a skill that no SOP makes',
    level: 'warning',
    message: ({ file }) => `no SOP makes \`${file}\``,
    why: 'an agent reads the whole folder of a skill, and nobody has reviewed this as a procedure',
    fix: 'what it says belongs in the SOP; else take it out of the folder. `sop build` leaves it',
  }),
  SOP610: define<{ problem: string }>({
    title: 'A template of skills cannot be filled in',
    message: ({ problem }) => `this template ${problem}`,
    why: 'no skill is built with it, and those that are there stay as they are',
    fix: 'change this place, or take the file away: then the template that comes with sopwright is used',
  }),
  SOP608: define<{ lock: string; command: string }>({
    title: 'The lock of the skills is not what the SOPs give',
    message: ({ lock }) => `\`${lock}\` is missing, or not what the SOPs give`,
    why: 'the lock is how a reader tells that all files of all skills belong together',
    fix: ({ command }) => `run \`${command}\`, and commit what it writes`,
  }),
  SOP609: define<{ file: string; state: 'differs' | 'missing' | 'left'; command: string }>({
    title: 'The index of a skill set is not what the SOPs give',
    message: ({ file, state }) =>
      state === 'left'
        ? `no set of \`sops/sets.yaml\` gives \`${file}\``
        : `\`${file}\` ${state === 'missing' ? 'is missing' : 'differs from what the set and its SOPs give'}`,
    label: ({ state }) => (state === 'left' ? '' : 'this set gives it'),
    why: 'whoever works by the index would miss a skill, or trust a version and a review date that no longer hold',
    fix: ({ state, command }) =>
      state === 'left'
        ? `run \`${command}\` to take it out`
        : `run \`${command}\`, and commit what it writes; what was changed by hand belongs in \`sops/sets.yaml\``,
  }),
  SOP620: define<{ said: string }>({
    level: 'warning',
    title: 'The data of a case speaks to an agent',
    message: ({ said }) => `“${quote(said, 60)}” reads like an order to an agent, and it is the data of a case`,
    label: 'here',
    why: 'an agent that reads the case may take it for an order, although it is quoted as data; and other words may do the same and not be noticed',
    fix: 'write what happened in plain words; leave it where these very words are what happened, such as the text of a message that deceives',
  }),
} as const;
