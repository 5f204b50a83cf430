import type { CheckedSop } from '../check/checked.ts';
import type { Logic } from '../decision/logic.ts';

/** What an export is made of: the logic, and what people have said about it. */
export interface ExportSource {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly logic: Logic;
  /** Inputs of the logic that are parameters: one value for every subject. */
  readonly parameters: ReadonlySet<string>;
  /** What a signal or a parameter means, by name. */
  readonly meanings: ReadonlyMap<string, string>;
  /** Remarks beside the rules, by table. */
  readonly remarks: ReadonlyMap<string, TableRemarks>;
  /** Names of parameters that stand in cells, whose values are written instead. */
  readonly inlined: readonly string[];
  /** The segment whose values these are, and how many there are; null where parameters have one value for all. */
  readonly segments: { readonly chosen: string | null; readonly count: number } | null;
}

export interface TableRemarks {
  readonly headings: readonly string[];
  /** By rule. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
}

/** A checked SOP, with the values of one segment where it has some. */
export function exportSource(
  { sop, logic, segmentation }: Pick<CheckedSop, 'sop' | 'logic' | 'segmentation'>,
  segment: string | undefined,
): ExportSource {
  const chosen = segmentation?.segments.find(({ name }) => name === segment);
  const parameters = chosen?.parameters ?? sop.parameters;
  const signals = sop.groups.flatMap((group) => group.signals);
  const withUnit = ({ meaning, unit }: { readonly meaning: string; readonly unit: string }) =>
    unit === '' ? meaning : `${meaning} (${unit})`;
  const cells = sop.tables.flatMap((table) => table.rules).flatMap((rule) => [...rule.cells, ...rule.outputs]);
  const words = new Set(
    cells.flatMap((cell) => ('text' in cell ? cell.text : cell.value).replace(/"[^"]*"/g, '').match(/\w+/g) ?? []),
  );
  return {
    id: sop.id.value,
    title: sop.title.value,
    version: sop.version.value,
    logic: chosen?.logic ?? logic,
    parameters: new Set(parameters.map(({ name }) => name.value)),
    meanings: new Map([...signals, ...parameters].map((entry) => [entry.name.value, withUnit(entry)])),
    remarks: new Map(
      sop.tables.map((table) => [
        table.name.value,
        {
          headings: table.annotations.map(({ value }) => value),
          texts: new Map(table.rules.map((rule) => [rule.id.value, rule.annotations])),
        },
      ]),
    ),
    inlined: parameters.map(({ name }) => name.value).filter((name) => words.has(name)),
    segments: segmentation === null ? null : { chosen: chosen?.name ?? null, count: segmentation.segments.length },
  };
}
