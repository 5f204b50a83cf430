import { type Diagnostic, diagnose } from '../../diagnostics/diagnostic.ts';
import type { Section } from '../../syntax/markdown.ts';
import type { BenignRow, BlindSpot, Duty, EscalationRow, Step } from '../sop.ts';
import { isBlank, readRows, tableOf } from './columns.ts';

export function buildSteps(section: Section, found: Diagnostic[]): Step[] {
  const lists = section.blocks.filter((block) => block.kind === 'list' && block.ordered);
  if (lists.length === 0) found.push(diagnose('SOP224', section.heading.span, {}));
  const items = lists.flatMap((list) => (list.kind === 'list' ? list.items : []));
  return items.map((item, index) => {
    const number = index + 1;
    const [, name = '', rest = item.value] = /^\*\*(.+?)[.:]?\*\*\s*([\s\S]*)$/.exec(item.value) ?? [];
    const duties = dutiesOf(item.value);
    if (duties.length === 0) found.push(diagnose('SOP222', item.span, { step: number }));
    if (forbidsWithoutReason(item.value)) found.push(diagnose('SOP223', item.span, { step: number }));
    const human = /\(human\)/i.test(item.value);
    const text = rest
      .replace(/\s*\n\s*/g, ' ')
      .replace(/^\(human\)\s*/i, '')
      .trim();
    return { number, name: name.trim(), text, actor: human ? 'human' : 'agent', duties, span: item.span };
  });
}

const dutyOrder: readonly Duty[] = ['MUST NOT', 'MUST', 'SHOULD NOT', 'SHOULD', 'MAY'];

/** RFC 2119: only the words in capitals bind. SHALL and REQUIRED say MUST, RECOMMENDED says SHOULD, OPTIONAL says MAY. */
function dutiesOf(text: string): Duty[] {
  const words = [...text.matchAll(/\b(MUST|SHALL|SHOULD|MAY|REQUIRED|RECOMMENDED|OPTIONAL)\b(\s+NOT\b)?/g)];
  const duties = words.map(([, word, not]): Duty => {
    if (word === 'SHOULD' || word === 'RECOMMENDED') return not ? 'SHOULD NOT' : 'SHOULD';
    if (word === 'MAY' || word === 'OPTIONAL') return 'MAY';
    return not ? 'MUST NOT' : 'MUST';
  });
  return dutyOrder.filter((duty) => duties.includes(duty));
}

function forbidsWithoutReason(text: string): boolean {
  const at = text.search(/\b(?:MUST|SHALL)\s+NOT\b/);
  return at >= 0 && !/\bbecause\b/i.test(text.slice(at));
}

const escalationColumns = { all: ['Severity', 'Team', 'Within', 'Report'], optional: ['Report'] } as const;

export function buildEscalation(section: Section, found: Diagnostic[]): EscalationRow[] {
  const table = tableOf(section, escalationColumns, found);
  if (table === undefined) return [];
  return readRows(table, 'Escalation', escalationColumns, found).map(({ cells }) => ({
    severity: { value: cells.Severity.text, span: cells.Severity.span },
    team: { value: cells.Team.text, span: cells.Team.span },
    within: cells.Within.text,
    report: isBlank(cells.Report.text) ? null : { value: cells.Report.text, span: cells.Report.span },
  }));
}

const benignColumns = { all: ['Explanation', 'Evidence that confirms it', 'Then'] } as const;

export function buildBenign(section: Section, found: Diagnostic[]): BenignRow[] {
  const table = tableOf(section, benignColumns, found);
  if (table === undefined) return [];
  return readRows(table, 'Benign explanations', benignColumns, found).map(({ cells }) => ({
    explanation: cells.Explanation.text,
    evidence: cells['Evidence that confirms it'].text,
    disposition: { value: cells.Then.text, span: cells.Then.span },
  }));
}

const blindSpotColumns = { all: ['Blind spot', 'Case'] } as const;

export function buildBlindSpots(section: Section, found: Diagnostic[]): BlindSpot[] {
  const table = tableOf(section, blindSpotColumns, found);
  if (table === undefined) return [];
  return readRows(table, 'Blind spots', blindSpotColumns, found).map(({ cells }) => ({
    description: cells['Blind spot'].text,
    case: { value: cells.Case.text, span: cells.Case.span },
  }));
}
