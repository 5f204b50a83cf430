import type { CheckedSop } from '../check/checked.ts';
import { compileDecision } from '../decision/decide.ts';
import type { Column, Logic } from '../decision/logic.ts';
import type { RowBatch } from '../model/ports.ts';
import type { RawValue } from '../model/value.ts';
import type { Placement, Placer } from './read-segments.ts';
import { compareKeys, type DecidedSubject, keyText, type RowProblem, SubjectTable } from './subjects.ts';

/** The subjects that are decided by the same values of the parameters: of one segment, or all where there are none. */
interface Part {
  readonly segment: string | null;
  readonly logic: Logic;
  readonly table: SubjectTable;
}

interface Unplaced {
  readonly key: readonly RawValue[];
  readonly placement: Extract<Placement, { kind: 'unknown' }>;
}

type Take = (batch: RowBatch) => RowProblem | null;
type Named = readonly { readonly name: string }[];

/**
 * Collects rows of groups into subjects, each in its segment. Of a run with a segment's values only the rows of that
 * segment's subjects are kept; whoever has no segment is kept apart, whichever run finds it.
 */
export class SubjectParts {
  private readonly parts: readonly Part[];
  private readonly unplaced = new Map<string, Unplaced>();

  constructor(
    private readonly checked: CheckedSop,
    columns: ReadonlyMap<string, Column>,
    private readonly placer: Placer | null,
  ) {
    const { sop, logic, segmentation } = checked;
    const whole = [{ name: null, logic }];
    this.parts = (segmentation?.segments ?? whole).map((segment) => ({
      segment: segment.name,
      logic: segment.logic,
      table: new SubjectTable(sop, columns),
    }));
  }

  /** Opens the rows of one group, run for these segments (null: for all subjects). */
  group(segments: ReadonlySet<string> | null, result: Named, signals: ReadonlySet<string>): Take {
    const parts = this.parts.filter(({ segment }) => segments === null || (segment !== null && segments.has(segment)));
    const takes = parts.map(({ segment, table }) => ({ segment, take: table.group(result, signals) }));
    const subject = this.checked.sop.subject.columns;
    const places = subject.map((column) => result.findIndex((entry) => entry.name === column.name));
    const isWhole = places.every((place) => place >= 0);
    const { placer } = this;
    return (batch) => {
      // Part of a key finds nobody: each segment looks its own subjects up in it.
      const owners = placer === null || !isWhole ? null : this.ownersOf(batch, places, placer, takes[0]?.segment);
      for (const { segment, take } of takes) {
        const problem = take(batch, owners === null ? undefined : (row) => owners[row] === segment);
        if (problem !== null) return problem;
      }
      return null;
    };
  }

  /** The segment of each row's subject; undefined for those that have none. */
  private ownersOf(
    batch: RowBatch,
    places: readonly number[],
    placer: Placer,
    first: string | null | undefined,
  ): (string | null | undefined)[] {
    const subject = this.checked.sop.subject.columns;
    const owners: (string | null | undefined)[] = [];
    for (let row = 0; row < batch.length; row++) {
      const key = places.map((place) => batch.columns[place]?.[row] ?? null);
      // A key with a gap is an error wherever it belongs: the first table says so.
      if (key.some((part, index) => part === null && subject[index]?.nullable === false)) {
        owners.push(first);
        continue;
      }
      const placement = placer(key);
      owners.push(placement.kind === 'in' ? placement.segment : undefined);
      if (placement.kind === 'unknown') this.unplaced.set(keyText(key), { key, placement });
    }
    return owners;
  }

  /** Some value of a key column that SQL has returned; null where there is none, and for anything that is no key. */
  sampleOf(column: string): RawValue {
    for (const { table } of this.parts) {
      const sample = table.sampleOf(column);
      if (sample !== null) return sample;
    }
    const index = this.checked.sop.subject.columns.findIndex((entry) => entry.name === column);
    const [first] = index < 0 ? [] : this.unplaced.values();
    return first?.key[index] ?? null;
  }

  /** How many values of a signal were no numbers. */
  notFinite(signal: string): number {
    return this.parts.reduce((sum, { table }) => sum + (table.notFinite.get(signal) ?? 0), 0);
  }

  /** Decides every subject, segment by segment. `unavailable` are signals whose data is not there. */
  decide(unavailable: ReadonlySet<string>): DecidedSubject[] {
    const decided = this.parts.flatMap(({ segment, logic, table }) => {
      const used = new Set(logic.inputs.map((column) => column.name));
      const blocking = new Set([...unavailable].filter((signal) => used.has(signal)));
      const subjects = table.decide(logic, compileDecision(logic), blocking);
      return segment === null ? subjects : subjects.map((subject) => ({ ...subject, segment }));
    });
    if (this.placer === null) return decided;
    const open = [...this.unplaced.values()].map((subject) => this.undecided(subject));
    return [...decided, ...open].sort((a, b) => compareKeys(a.key, b.key));
  }

  private undecided({ key, placement: { detail, cause } }: Unplaced): DecidedSubject {
    const { sop, segmentation } = this.checked;
    const required = sop.requires.find((row) => row.table.value === segmentation?.table);
    const team = required?.team?.value ?? sop.owner.value;
    return {
      key,
      values: new Map(),
      decision: { kind: 'undecided', reason: 'segment', detail, cause, team, trail: [] },
    };
  }
}
