import type { LogicTable } from '../decision/logic.ts';
import { isTimeType } from '../model/value.ts';
import type { ExportSource } from './export-source.ts';

/** What the SOP says and DMN has no words for: written into the file, and told to whoever exports. */
export function notInDmn(source: ExportSource): string[] {
  const { inputs, tables } = source.logic;
  const stepped = inputs.filter(({ step, type }) => step !== null && type !== 'integer' && !isTimeType(type));
  const ranged = inputs.filter(({ range }) => range.kind !== 'any');
  const skipped = tables.filter(skipsNulls);
  return [
    'Whoever asks these tables must see to it that a value that is not a number, or not there, is null. Null is matched by `-` and by a list that names null, and by nothing else.',
    ...(stepped.length === 0
      ? []
      : [
          `Rounded before anything is compared, half away from zero: ${stepped.map(({ name, step }) => `${name} to steps of ${step?.toFixed()}`).join(', ')}.`,
        ]),
    ...(ranged.length === 0
      ? []
      : ["A value outside the allowed values makes the SOP's decision invalid; engines of DMN differ."]),
    'Without a rule that matches, the SOP is undecided, which is never the lowest disposition; two rules at once under U, and two that differ under A, make it invalid.',
    ...(source.inlined.length === 0
      ? []
      : [`Parameters stand in the cells with their value: ${source.inlined.join(', ')}.`]),
    ...skipped.map(
      ({ name, hitPolicy }) =>
        `In the table ${name} (${hitPolicy}) outputs that are null do not count; engines of DMN differ.`,
    ),
    ...segmentNote(source),
  ];
}

/** C+ writes 0 for null; for the others there is no such word. */
function skipsNulls({ hitPolicy, rules }: LogicTable): boolean {
  return ['C', 'R', 'O', 'C<', 'C>', 'C#'].includes(hitPolicy) && rules.some(({ outputs }) => outputs.includes(null));
}

function segmentNote({ segments }: ExportSource): string[] {
  if (segments === null) return [];
  return segments.chosen === null
    ? [
        `The ${segments.count} segments of the SOP have parameters of their own; these are the values of the column Value.`,
      ]
    : [`These are the parameters of the segment ${segments.chosen}, one of ${segments.count}.`];
}
