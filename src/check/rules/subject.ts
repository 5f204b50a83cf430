import { diagnose } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../checked.ts';

/** `at` and `alert.by` name columns of the subject. */
export const subject: Rule = ({ sop }) => {
  const columns = sop.subject.columns.map((column) => column.name);
  const places = [
    ...(sop.at === null ? [] : [{ key: 'at', place: sop.at }]),
    ...(sop.alert?.by ?? []).map((place) => ({ key: 'alert.by', place })),
  ];
  return places
    .filter(({ place }) => !columns.includes(place.value))
    .map(({ key, place }) => diagnose('SOP319', place.span, { name: place.value, key, subject: columns }));
};
