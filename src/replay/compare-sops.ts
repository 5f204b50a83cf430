import type { CheckedSop } from '../check/checked.ts';
import { compareLogic, type LogicChange } from '../decision/compare/compare.ts';
import type { Desk } from '../model/library.ts';
import type { Sop } from '../model/sop.ts';
import { logicIn } from './segment-runs.ts';

/** What a change of a SOP does to its decisions, whatever is measured. */
export interface SopChange {
  readonly before: CheckedSop;
  readonly after: CheckedSop;
  /** One a segment; one without a name where neither text has segments. */
  readonly decisions: readonly { readonly segment: string | null; readonly change: LogicChange }[];
  /** What changed beside the decision tables: what it does to decisions depends on the data. */
  readonly elsewhere: readonly Elsewhere[];
}

export interface Elsewhere {
  readonly what: 'sql' | 'members' | 'parameter' | 'requires' | 'segments' | 'settle' | 'lookback';
  readonly name: string;
}

export function compareSops(before: CheckedSop, after: CheckedSop, desk: Desk, budget?: number): SopChange {
  const segments = new Set(
    [before, after].flatMap(({ segmentation }) => segmentation?.segments.map(({ name }) => name) ?? []),
  );
  const decisions = (segments.size === 0 ? [null] : [...segments]).map((segment) => {
    const [one, other] = [before, after].map((checked) => logicIn(checked, segment ?? undefined));
    if (one === undefined || other === undefined) throw new Error('unreachable: there are two sides');
    return { segment, change: compareLogic(one, other, desk, budget) };
  });
  return { before, after, decisions, elsewhere: elsewhereOf(before.sop, after.sop) };
}

/** True where every input is decided as before, as far as decision tables say. */
export function decidesAsBefore({ decisions }: SopChange): boolean {
  return decisions.every(({ change }) => change.comparable && change.changes.length === 0 && change.open.length === 0);
}

function elsewhereOf(before: Sop, after: Sop): Elsewhere[] {
  const sides = [before, after] as const;
  const differing = (what: Elsewhere['what'], read: (sop: Sop) => ReadonlyMap<string, string>): Elsewhere[] => {
    const [one, other] = [read(sides[0]), read(sides[1])];
    const names = new Set([...one.keys(), ...other.keys()]);
    return [...names].filter((name) => one.get(name) !== other.get(name)).map((name) => ({ what, name }));
  };
  return [
    ...differing('sql', ({ groups }) => new Map(groups.map(({ name, sql }) => [name.value, sql?.text ?? '']))),
    ...differing(
      'members',
      ({ groups }) => new Map(groups.map(({ name, members }) => [name.value, members?.text ?? ''])),
    ),
    ...differing('parameter', parametersInSql),
    ...differing('requires', ({ requires }) => byTable(requires)),
    ...differing(
      'segments',
      ({ segmentBy }) =>
        new Map([['segment_by', segmentBy === null ? '' : `${segmentBy.table.value}.${segmentBy.column.value}`]]),
    ),
    ...differing('settle', ({ settle }) => new Map([['settle', String(settle?.value ?? '')]])),
    ...differing('lookback', ({ lookback }) => new Map([['lookback', String(lookback?.value ?? '')]])),
  ];
}

/** The values that reach SQL; what a cell makes of a parameter is among the decisions. */
function parametersInSql({ parameters, groups }: Sop): Map<string, string> {
  const text = groups.flatMap(({ sql, members }) => [sql?.text ?? '', members?.text ?? '']).join('\n');
  const used = parameters.filter(({ name }) => new RegExp(`\\$${name.value}\\b`, 'i').test(text));
  return new Map(
    used.map(({ name, value, bySegment }) => [
      name.value,
      JSON.stringify([value.value, bySegment.map((own) => [own.segment, own.value.value])]),
    ]),
  );
}

function byTable(requires: Sop['requires']): Map<string, string> {
  const found = new Map<string, string>();
  for (const row of requires) found.set(row.table.value, `${found.get(row.table.value) ?? ''}${withoutPlaces(row)}`);
  return found;
}

function withoutPlaces(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => (key === 'span' ? undefined : inner));
}
