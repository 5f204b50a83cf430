import type { Obligation } from '../obligation.ts';
import type { CaseRuns, Told } from './case-runs.ts';
import { digest } from './content.ts';
import type { KeptResults } from './kept-results.ts';
import type { PlannedMutant } from './planned.ts';
import type { Prover } from './provers.ts';
import { obligation } from './sql-obligation.ts';

/** A run that is not known from an earlier call. */
export interface OpenRun {
  readonly prover: Prover;
  readonly mutant: PlannedMutant;
}

/** Asks the provers about one mutant after another, those first that noticed the one before. */
export class Trials {
  private readonly recent: Prover[] = [];

  constructor(
    readonly provers: readonly Prover[],
    private readonly kept: KeptResults,
    private readonly runs: CaseRuns,
  ) {}

  async hear(mutant: PlannedMutant): Promise<Obligation> {
    const order = [...new Set([...this.recent, ...this.provers])].filter((prover) => prover.reaches(mutant));
    let changed: { readonly prover: Prover; readonly change: string } | null = null;
    for (const prover of order) {
      const told = await this.ask(prover, mutant);
      if (told === null) continue;
      if (told.outcome !== prover.outcome) {
        this.recent.splice(0, this.recent.length, prover, ...this.recent.filter((other) => other !== prover));
        return obligation(mutant, [prover.name], null);
      }
      const isFirst = changed === null || this.provers.indexOf(prover) < this.provers.indexOf(changed.prover);
      if (told.change !== null && isFirst) changed = { prover, change: told.change };
    }
    if (order.length === 0)
      return obligation(mutant, [], `no case that stands has any data for it: it takes ${mutant.needs}`);
    if (changed === null) return obligation(mutant, [], `no signal of any case changes: it takes ${mutant.needs}`);
    const seen = `in \`${changed.prover.name}\` ${changed.change}`;
    return obligation(
      mutant,
      [],
      `${seen}, and the case comes out the same: one nearer to a bound would show it, if any can`,
    );
  }

  /** The runs that could be needed to judge a mutant; none where a known one has told. */
  openRuns(mutant: PlannedMutant): OpenRun[] {
    const asked = this.provers.filter((prover) => prover.reaches(mutant));
    const open: OpenRun[] = [];
    for (const prover of asked) {
      const told = this.known(prover, mutant);
      if (told === undefined) open.push({ prover, mutant });
      else if (told.outcome !== prover.outcome) return [];
    }
    return open;
  }

  private known(prover: Prover, mutant: PlannedMutant): Told | undefined {
    const key = keyOf(prover, mutant);
    return key === null ? undefined : this.kept.get(key);
  }

  async ask(prover: Prover, mutant: PlannedMutant): Promise<Told | null> {
    const known = this.known(prover, mutant);
    if (known !== undefined) return known;
    const told = await prover.run(mutant, this.runs);
    const key = keyOf(prover, mutant);
    if (told !== null && key !== null && !told.isPassing) this.kept.set(key, told);
    return told;
  }
}

function keyOf({ content }: Prover, { key }: PlannedMutant): string | null {
  return content === null ? null : digest([content, key]);
}
