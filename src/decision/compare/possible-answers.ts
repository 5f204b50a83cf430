import { decidesAlone, type Layer } from '../boxes/frame.ts';
import { type Outcome, outcomesOf } from '../boxes/outcome.ts';
import { answerKey } from './answer.ts';
import type { Side } from './both.ts';
import { type Known, knownOf, type Part } from './same-tables.ts';

/** What one answer is known by: the answer alone, or with the rule that gives it. */
export interface Said {
  readonly answer: string;
  readonly rule: string;
}

/** The one answer that a side gives over a whole box; null where there may be several. */
export function onlyAnswer({ range, tables }: Side, part: Part, byRule: boolean): Said | null {
  const found = new Answers(byRule);
  const { state } = knownOf(part, range);
  if (state.alive.length === 0) return invalid;
  if (state.unsure > 0) found.add(invalid);
  for (const at of tables) {
    const { stop } = knownOf(part, at).state;
    if (stop === 'sure') return invalid;
    if (stop === 'maybe') found.add(invalid);
  }
  const last = tables.at(-1);
  if (last === undefined) found.add(undecided);
  return last === undefined || addAnswers(knownOf(part, last), found) ? found.only() : null;
}

const invalid: Said = { answer: answerKey({ kind: 'invalid' }), rule: '' };
const undecided: Said = { answer: answerKey({ kind: 'undecided' }), rule: '' };

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
function addAnswers({ layer, state: { alive, sure, unsure } }: Known, found: Answers): boolean {
  if (unsure === 0) {
    found.add(saidBy(layer, alive));
    return true;
  }
  if (!decidesAlone(layer)) return false;
  if (!sure.includes(true)) found.add(saidBy(layer, []));
  for (const rule of alive) {
    if (found.areSeveral) return true;
    found.add(saidBy(layer, [rule]));
  }
  return true;
}

const known = new WeakMap<Outcome, Said>();

function saidBy(layer: Layer, rules: readonly number[]): Said {
  const outcome = outcomesOf(layer)(rules);
  const said = known.get(outcome) ?? sayOutcome(outcome, layer);
  known.set(outcome, said);
  return said;
}

function sayOutcome({ answer: given }: Outcome, { table }: Layer): Said {
  if (given.kind === 'conflict') return invalid;
  if (given.kind === 'no_rule') return undecided;
  const output = (name: string) => String(given.outputs[table.outputs.findIndex((entry) => entry.name === name)]);
  const answer = answerKey({ kind: 'decided', disposition: output('disposition'), severity: output('severity') });
  return { answer, rule: given.rules[0] ?? '' };
}
