import { sqlParameters } from '../../check/binder.ts';
import type { CheckedSop } from '../../check/checked.ts';
import type { Case, CaseOutcome } from '../../model/case.ts';
import type { DataSet } from '../../model/ports.ts';
import type { View } from '../../model/view.ts';
import { type Evaluation, evaluate, type Request, showSignals } from '../../replay/evaluate.ts';
import { caseLimits, caseRequest, type Given, openCase } from '../../replay/open-case.ts';
import { judgeCase } from '../../replay/run-case.ts';
import type { Source } from '../../replay/source.ts';
import { type DecidedSubject, keyText, showKey } from '../../replay/subjects.ts';
import type { World } from '../../replay/world.ts';
import type { PlannedMutant } from './planned.ts';
import { type Answers, type Held, remembering } from './remember.ts';

/** A case that states market data. */
export interface DataCase {
  readonly entry: Case;
  readonly input: Given;
}

/** What a mutant does to a case. */
export interface Told {
  /** Before a known gap is taken into account. */
  readonly outcome: CaseOutcome;
  /** The first thing that a subject has otherwise than with the SOP as it is; null where nothing changes. */
  readonly change: string | null;
  /** A bound of time or memory was passed: another machine may not pass it. */
  readonly isPassing: boolean;
}

/** A case as it comes out with the SOP as it is. */
interface Base {
  readonly request: Request;
  readonly answers: Answers;
  readonly evaluation: Evaluation;
  readonly source: Omit<Source, 'data'>;
}

/** Data sets that stay open at once. A case has a few hundred rows. */
const mostOpen = 24;

/**
 * Runs the cases of a SOP with mutants of it. The data of a case stays open from mutant to mutant as long as there is room, and
 * only the query that a mutant changes is run again; a changed view needs data of its own.
 */
export class CaseRuns {
  private readonly bases = new Map<DataCase, Base | null>();
  private readonly open = new Map<DataCase, Held>();

  constructor(
    private readonly checked: CheckedSop,
    private readonly world: World,
  ) {}

  /** Runs a case with the SOP as it is. False where it can't be run. */
  async prepare(one: DataCase): Promise<boolean> {
    return (await this.baseOf(one)) !== null;
  }

  /** Null where the case can't be run at all. */
  async judge(one: DataCase, mutant: PlannedMutant): Promise<Told | null> {
    const base = await this.baseOf(one);
    if (base === null) return null;
    const { view } = mutant;
    if (view === null) {
      const held = await this.heldOf(one);
      return held && this.compare(one, base, mutant, held, () => false);
    }
    const held = await this.opened(one, mutant.changed);
    if (held === null) return null;
    const names = this.readersOf(view.name.value);
    const isStale = (sql: string) => names.some((name) => hasWord(sql, name));
    const told = (await this.isSameView(one, base, view, held))
      ? { outcome: this.outcomeOf(one, base.evaluation), change: null, isPassing: false }
      : await this.compare(one, base, mutant, held, isStale);
    await held.data.close();
    return told;
  }

  private async compare(
    one: DataCase,
    base: Base,
    mutant: PlannedMutant,
    held: Held,
    isStale: (sql: string) => boolean,
  ): Promise<Told> {
    const source = { ...base.source, data: remembering(held, base.answers, { isStale, keep: false }) };
    const evaluated = await evaluate(mutant.changed, source, { ...base.request, supply: base.evaluation.supply });
    const { isLost } = held;
    if (isLost) await this.close();
    if (!evaluated.ok || evaluated.value.unavailable.size > 0)
      return { outcome: 'error', change: 'its signals cannot be computed', isPassing: isLost };
    const { outcome } = judgeCase(one.entry, mutant.changed, this.world.library.desk, evaluated.value);
    return { outcome, change: this.changeOf(base.evaluation, evaluated.value), isPassing: false };
  }

  private outcomeOf({ entry }: DataCase, evaluation: Evaluation): CaseOutcome {
    if (evaluation.unavailable.size > 0) return 'error';
    return judgeCase(entry, this.checked, this.world.library.desk, evaluation).outcome;
  }

  /** A view that has the same rows changes nothing behind it. Its own data set is asked first, where that is quick. */
  private async isSameView(one: DataCase, base: Base, view: View, held: Held): Promise<boolean> {
    const before = await this.heldOf(one);
    if (before === null) return false;
    const { from, asOf } = base.evaluation.window;
    const columns = view.columns.map(({ name }) => `"${name.value}"`).join(', ');
    const sql = `SELECT ${columns} FROM "${view.name.value}" ORDER BY ALL`;
    const parameters = sqlParameters([], { from: from ?? 0, asOf: asOf ?? 0 });
    const rowsOf = async (data: DataSet) => {
      await data.cut({ since: null, asOf });
      const rows: string[] = [];
      const ran = await data.run({ sql, parameters }, caseLimits, ({ length, columns: values }) => {
        for (let row = 0; row < length; row++) rows.push(keyText(values.map((column) => column[row] ?? null)));
      });
      return ran.ok ? rows.join('\n') : null;
    };
    const [known, now] = [
      await rowsOf(remembering(before, base.answers, { isStale: () => false, keep: true })),
      await rowsOf(remembering(held, new Map(), { isStale: () => true, keep: false })),
    ];
    return known !== null && known === now;
  }

  async close(): Promise<void> {
    for (const held of this.open.values()) await held.data.close();
    this.open.clear();
  }

  private async baseOf(one: DataCase): Promise<Base | null> {
    const known = this.bases.get(one);
    if (known !== undefined) return known;
    const base = await this.run(one);
    this.bases.set(one, base);
    return base;
  }

  private async run(one: DataCase): Promise<Base | null> {
    const held = await this.heldOf(one);
    if (held === null) return null;
    const answers: Answers = new Map();
    const request = caseRequest(one.entry, one.input, this.checked);
    const source = this.sourceOf(one);
    const data = remembering(held, answers, { isStale: () => false, keep: true });
    const evaluated = await evaluate(this.checked, { ...source, data }, request);
    if (held.isLost) await this.close();
    return evaluated.ok ? { request, answers, evaluation: evaluated.value, source } : null;
  }

  private sourceOf({ input }: DataCase): Omit<Source, 'data'> {
    const given = new Set(input.tables.map((table) => table.name.value));
    return { shapes: this.world.library.sources, given, complete: true };
  }

  /** The data of a case as it is; what was used longest ago is closed to make room. */
  private async heldOf(one: DataCase): Promise<Held | null> {
    const held = this.open.get(one) ?? (await this.opened(one, this.checked));
    this.open.delete(one);
    if (held === null) return null;
    this.open.set(one, held);
    const [oldest] = this.open.size > mostOpen ? this.open : [];
    if (oldest !== undefined) {
      this.open.delete(oldest[0]);
      await oldest[1].data.close();
    }
    return held;
  }

  private async opened({ entry, input }: DataCase, checked: CheckedSop): Promise<Held | null> {
    const opened = await openCase(entry, input, checked, this.world, this.world.library.sources);
    return 'why' in opened ? null : { data: opened.data, cutTo: '', isLost: false };
  }

  /** A view and the views that read it, by the words of their SQL. */
  private readersOf(name: string): string[] {
    const found = new Set([name]);
    // Each view comes after those that it reads.
    for (const view of this.checked.reads.views) {
      if ([...found].some((read) => hasWord(view.sql.text, read))) found.add(view.name.value);
    }
    return [...found];
  }

  private changeOf(before: Evaluation, after: Evaluation): string | null {
    const { checked } = this;
    const byKey = (subjects: readonly DecidedSubject[]) =>
      new Map(subjects.map((subject) => [keyText(subject.key), subject]));
    const [old, now] = [byKey(before.decided), byKey(after.decided)];
    for (const [key, subject] of old) {
      const other = now.get(key);
      const name = showKey(subject.key, checked.sop);
      if (other === undefined) return `${name} is no longer found`;
      const [was, is] = [showSignals(subject, checked), showSignals(other, checked)];
      for (const [signal, value] of Object.entries(was)) {
        if (is[signal] !== value) return `\`${signal}\` of ${name} becomes ${is[signal]} instead of ${value}`;
      }
      if (subject.members?.join() !== other.members?.join()) return `${name} has other members`;
      if (JSON.stringify(subject.decision) !== JSON.stringify(other.decision)) return `${name} is decided otherwise`;
    }
    for (const [key, subject] of now) if (!old.has(key)) return `${showKey(subject.key, checked.sop)} is found as well`;
    return null;
  }
}

function hasWord(sql: string, name: string): boolean {
  return new RegExp(`\\b${name}\\b`, 'i').test(sql);
}
