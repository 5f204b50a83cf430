import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import type { Library } from '../model/library.ts';
import type { SkillSet } from '../model/skill-set.ts';
import { nearest, onlyNearest } from '../text/nearest.ts';
import type { Located } from '../text/source.ts';

/** A set must name a team of the desk, and SOPs that there are and that give a skill. */
export function checkSets({ sets, sops, desk }: Pick<Library, 'sets' | 'sops' | 'desk'>): Diagnostic[] {
  const known = sops.map(({ id }) => id.value);
  const teams = desk.teams.map(({ id }) => id);
  return (sets ?? []).flatMap(({ owner, skills }: SkillSet) => [
    ...(owner.value === '' || teams.includes(owner.value) ? [] : [unknownTeam(owner, teams)]),
    ...skills.flatMap((skill) => {
      const sop = sops.find(({ id }) => id.value === skill.value);
      if (sop === undefined) return [unknownSop(skill, known)];
      const status = sop.status.value;
      if (status === 'approved') return [];
      const args = { sop: skill.value, status };
      const related = [{ span: sop.status.span, label: `it is ${status.replace('_', ' ')} here` }];
      return [diagnose(status === 'retired' ? 'SOP336' : 'SOP337', skill.span, args, { related })];
    }),
  ]);
}

function unknownTeam({ value, span }: Located<string>, known: readonly string[]): Diagnostic {
  const only = onlyNearest(value, known);
  const edits = only === undefined ? [] : [{ span, text: only }];
  return diagnose('SOP306', span, { name: value, near: nearest(value, known), known }, { edits });
}

function unknownSop({ value, span }: Located<string>, known: readonly string[]): Diagnostic {
  const only = onlyNearest(value, known);
  const edits = only === undefined ? [] : [{ span, text: only }];
  return diagnose('SOP335', span, { name: value, near: nearest(value, known), known }, { edits });
}
