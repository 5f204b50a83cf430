import { buildCase } from '../../src/model/build/case.ts';
import { buildSop } from '../../src/model/build/sop.ts';
import { defaultDesk } from '../../src/model/build/vocabulary.ts';
import type { Case } from '../../src/model/case.ts';
import type { Desk } from '../../src/model/library.ts';
import type { Sop } from '../../src/model/sop.ts';
import { parseMarkdown } from '../../src/syntax/parse-markdown.ts';
import { parseYaml } from '../../src/syntax/parse-yaml.ts';

export const desk: Desk = { ...defaultDesk, teams: [{ id: 'desk', name: 'Desk', audience: 'operations' }] };

/** A SOP with the front-matter that decides how subjects, times and alerts are read. */
export function sopOf(lines: readonly string[], tables = ''): Sop {
  const text = `---\nid: demo\ntitle: Demo\nversion: 1.0.0\nstatus: approved\nowner: desk\nreview_by: 2027-01-01\n${lines.join('\n')}\n---\n\n# Demo\n\n${tables}`;
  const [sop] = buildSop(parseMarkdown({ path: 'sops/demo/SOP.md', text })[0]);
  if (sop === null) throw new Error('the SOP has no front-matter');
  return sop;
}

/** A case from its YAML, without the keys that every case has. */
export function caseOf(yaml: string): Case {
  const path = 'sops/demo/cases/c.yaml';
  const text = `case: c\ntitle: A case\ntechnique: WT-01\nmarket: spot\nsource: test\n${yaml}\n`;
  const [entry, problems] = buildCase(path, parseYaml(path, text)[0]);
  if (entry === null || 'isDraft' in entry)
    throw new Error(JSON.stringify(problems.map(({ code, args }) => [code, args])));
  return entry;
}
