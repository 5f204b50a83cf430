import type { LogicRule } from '../logic.ts';
import { answerKey } from './answer.ts';
import { type Box, isMet } from './live.ts';
import type { Side, SideRule } from './side.ts';
import type { TableState } from './table-state.ts';

/** What one answer is known by: the answer alone, or with the rule that gives it. */
export interface Said {
  readonly answer: string;
  readonly rule: string;
}

/** The one answer that a side gives over a whole box; null where there may be several. */
export function onlyAnswer(side: Side, states: readonly TableState[], box: Box, byRule: boolean): Said | null {
  const found = new Answers(byRule);
  const allowed = box.map((there, axis) => there & (side.allowed[axis] ?? 0n));
  if (allowed.some((there) => there === 0n)) return invalid;
  if (allowed.some((there, axis) => there !== box[axis])) found.add(invalid);
  for (const { conflict } of states) {
    if (conflict === 'surely') return invalid;
    if (conflict === 'maybe') found.add(invalid);
  }
  const last = states.at(-1);
  return last !== undefined && addAnswers(last, found) ? found.only() : null;
}

const invalid: Said = { answer: answerKey({ kind: 'invalid' }), rule: '' };

class Answers {
  private readonly found = new Map<string, Said>();
  constructor(private readonly byRule: boolean) {}

  add(said: Said): void {
    this.found.set(this.byRule ? `${said.answer} ${said.rule}` : said.answer, said);
  }

  get areSeveral(): boolean {
    return this.found.size > 1;
  }

  only(): Said | null {
    const [one] = this.found.values();
    return one === undefined || this.areSeveral ? null : one;
  }
}

/** False where what the table may say is not known. One answer too many is enough. */
function addAnswers(last: TableState, found: Answers): boolean {
  const { policy } = last.table;
  if (last.live.every(isMet)) {
    found.add(
      saidBy(
        last,
        last.live.map(({ rule }) => rule.rule),
      ),
    );
    return true;
  }
  if (policy !== 'F' && policy !== 'U' && policy !== 'A') return false;
  if (!last.live.some(isMet)) found.add(saidBy(last, []));
  for (const { rule } of last.live) {
    if (found.areSeveral) return true;
    found.add(saidByRule(last, rule));
  }
  return true;
}

const known = new WeakMap<SideRule, Said>();

function saidByRule(state: TableState, rule: SideRule): Said {
  const said = known.get(rule) ?? saidBy(state, [rule.rule]);
  known.set(rule, said);
  return said;
}

function saidBy({ table }: TableState, rules: readonly LogicRule[]): Said {
  const given = table.hits(table.policy === 'F' ? rules.slice(0, 1) : rules);
  if (given.kind === 'conflict') return invalid;
  if (given.kind === 'no_rule') return { answer: answerKey({ kind: 'undecided' }), rule: '' };
  const output = (name: string) => String(given.outputs[table.table.outputs.findIndex((entry) => entry.name === name)]);
  const answer = answerKey({ kind: 'decided', disposition: output('disposition'), severity: output('severity') });
  return { answer, rule: given.rules[0] ?? '' };
}
