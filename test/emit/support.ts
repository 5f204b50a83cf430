import type { CheckedSop } from '../../src/check/checked.ts';
import { resolveTables } from '../../src/check/resolve-tables.ts';
import { emitSkill, type Skill, type SkillInput } from '../../src/emit/skill/emit-skill.ts';
import { buildSop } from '../../src/model/build/sop.ts';
import { defaultDesk } from '../../src/model/build/vocabulary.ts';
import { parametersIn } from '../../src/model/segments.ts';
import { parseMarkdown } from '../../src/syntax/parse-markdown.ts';

/** A SOP as the compiler hands it to the emitter; its SQL is not bound. */
export function check(text: string): CheckedSop {
  const [sop] = buildSop(parseMarkdown({ path: 'sops/demo/SOP.md', text })[0]);
  if (sop === null) throw new Error('no SOP');
  const [logic] = resolveTables(sop, defaultDesk);
  const segments = sop.segments.map(({ value: name }) => ({ name, parameters: parametersIn(sop, name), logic }));
  const by = {
    by: 'accounts.type',
    table: 'accounts',
    column: 'type',
    isMarket: true,
    columns: [],
    join: [],
    segments,
  };
  const reads = { tables: [], views: [], sound: true };
  return { sop, logic, segmentation: segments.length === 0 ? null : by, groups: [], reads, lists: [], sound: true };
}

export function emit(text: string, more: Partial<SkillInput> = {}): Skill {
  return emitSkill({
    checked: check(text),
    source: { path: 'sops/demo/SOP.md', text },
    reads: { views: [], lists: [] },
    cases: [],
    caseFiles: [],
    desk: defaultDesk,
    dialect: 'DuckDB 1.5',
    templates: [],
    keys: { license: null, allowedTools: null },
    ...more,
  });
}
