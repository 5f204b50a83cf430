import { type Diagnostic, diagnose } from '../../diagnostics/diagnostic.ts';
import { nearest, onlyNearest } from '../../text/nearest.ts';
import type { Located } from '../../text/source.ts';
import type { Rule } from '../checked.ts';

/** Techniques, markets, teams, dispositions and severities must be words of the taxonomy and the desk. */
export const vocabulary: Rule = ({ sop, library: { desk, taxonomy } }) => {
  const techniques = taxonomy.techniques.map((technique) => technique.id.value);
  const teams = desk.teams.map((team) => team.id);
  const of = (
    words: readonly string[],
    places: readonly (Located<string> | null)[],
    report: (place: Located<string>, near: string[]) => Diagnostic,
  ) =>
    places.flatMap((place) =>
      place === null || place.value === '' || words.includes(place.value)
        ? []
        : [report(place, nearest(place.value, words))],
    );
  const edits = (place: Located<string>, words: readonly string[]) => {
    const only = onlyNearest(place.value, words);
    return only === undefined ? {} : { edits: [{ span: place.span, text: only }] };
  };
  const word = (what: string, known: readonly string[]) => (place: Located<string>, near: string[]) =>
    diagnose('SOP312', place.span, { name: place.value, what, near, known }, edits(place, known));
  const team = (place: Located<string>, near: string[]) =>
    diagnose('SOP306', place.span, { name: place.value, near, known: teams }, edits(place, teams));
  return [
    ...of(techniques, sop.techniques, (place, near) => diagnose('SOP305', place.span, { name: place.value, near })),
    ...of(desk.markets, sop.markets, (place, near) =>
      diagnose('SOP310', place.span, { name: place.value, near, known: desk.markets }, edits(place, desk.markets)),
    ),
    ...of(teams, [sop.owner, sop.approvedBy, ...sop.escalation.flatMap((row) => [row.team, row.report])], team),
    ...of(
      desk.severities,
      sop.escalation.map((row) => row.severity),
      word('severity', desk.severities),
    ),
    ...of(
      desk.dispositions,
      [...sop.benign.map((row) => row.disposition), sop.alert?.from ?? null],
      word('disposition', desk.dispositions),
    ),
  ];
};
