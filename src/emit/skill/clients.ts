import type { Sop } from '../../model/sop.ts';
import type { Skill } from './emit-skill.ts';
import type { EmittedFile } from './emitted-file.ts';
import { oneLine } from './words.ts';

/**
 * The folder of a project in which a client looks for skills, as its own documentation says (`docs/clients.md` cites the page and
 * the day on which it was looked up).
 */
export const clientFolders = {
  claude: '.claude/skills',
  codex: '.agents/skills',
  copilot: '.github/skills',
  cursor: '.cursor/skills',
  gemini: '.gemini/skills',
} as const;

export type Client = keyof typeof clientFolders;

export const clients = Object.keys(clientFolders) as Client[]; // its own keys

/** The skill as a client gets it: the same files, and beside them what the client documents. */
export function skillFor(client: Client, skill: Skill, sop: Sop): Skill {
  const more = client === 'codex' ? openAi(sop) : [];
  return more.length === 0 ? skill : { ...skill, files: [...skill.files, ...more] };
}

/** Codex shows a skill by this name; its reference says that texts are quoted. Of a longer name it is not documented what becomes. */
function openAi(sop: Sop): EmittedFile[] {
  const name = oneLine(sop.title.value);
  return [...name].length > 64
    ? []
    : [{ path: 'agents/openai.yaml', text: `interface:\n  display_name: ${JSON.stringify(name)}\n` }];
}
