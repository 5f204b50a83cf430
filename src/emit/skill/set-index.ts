import type { Desk } from '../../model/library.ts';
import type { SkillSet } from '../../model/skill-set.ts';
import type { Sop } from '../../model/sop.ts';
import type { EmittedFile } from './emitted-file.ts';
import { inert } from './words.ts';

/** The index of a skill set; its path is relative to the folder of all skills. */
export interface SetIndex {
  readonly set: SkillSet;
  readonly skills: readonly string[];
  readonly file: EmittedFile;
}

/**
 * Lists the skills of a set, `sops` in its order, by what their SOPs say alone. SOPs are without errors, so that version, status and day
 * are of their form; all other words are shown as they stand.
 */
export function emitSetIndex(set: SkillSet, sops: readonly Sop[], desk: Desk): SetIndex {
  const teamName = (id: string) => inert(desk.teams.find((team) => team.id === id)?.name ?? id);
  const rows = sops.map(({ id, title, summary, version, status, reviewBy, escalation }) => {
    const teams = [...new Set(escalation.map(({ team }) => team.value))].map(teamName);
    return [
      `[${inert(title.value)}](../${id.value}/SKILL.md)`,
      inert(summary.value),
      `${version.value}${status.value === 'approved' ? '' : ` (${status.value.replace('_', ' ')})`}`,
      reviewBy.value,
      teams.join(', '),
    ];
  });
  const lines = [
    `# ${inert(set.title)}`,
    '',
    atStart(inert(set.purpose)),
    '',
    `For ${teamName(set.owner.value)}, which answers for what is in this set.`,
    '',
    '| Skill | What it decides | Version | Review by | Escalates to |',
    '|---|---|---|---|---|',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
  ];
  const path = `sets/${set.name.value}.md`;
  return { set, skills: sops.map(({ id }) => id.value), file: { path, text: `${lines.join('\n')}\n` } };
}

/** Where a line begins with words of others, they must begin no heading, list or quotation. */
function atStart(text: string): string {
  return text.replace(/^[#>+=-]/, '\\$&').replace(/^(\d+)([.)])/, '$1\\$2');
}
