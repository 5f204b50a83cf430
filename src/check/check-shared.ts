import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts';
import type { Library } from '../model/library.ts';
import { nearest } from '../text/nearest.ts';
import { formatTime, parseTime } from '../text/time.ts';
import type { CheckedSop } from './checked.ts';

/** What of views and lists shows only when all SQL is known: what nobody reads or tries, and entries that are over. */
export function checkShared(library: Library, sops: readonly CheckedSop[], today: string): Diagnostic[] {
  return [...unused(library), ...untried(library, sops), ...library.lists.flatMap((list) => over(list, today))];
}

/** Told by the text: SQL that could not be bound reads what it names, too. */
function unused({ views, lists, sops }: Library): Diagnostic[] {
  const texts = [
    ...views.map(({ name, sql }) => ({ own: name.value, text: sql.text })),
    ...sops.flatMap(({ groups }) =>
      groups.map(({ sql, evidence }) => ({ own: '', text: `${sql?.text ?? ''} ${evidence?.text ?? ''}` })),
    ),
  ].map(({ own, text }) => ({ own, words: new Set(text.toLowerCase().match(/\w+/g) ?? []) }));
  const named = [
    ...views.map(({ name }) => ({ name, what: 'view' })),
    ...lists.map(({ name }) => ({ name, what: 'list' })),
  ];
  return named
    .filter(({ name }) => !texts.some(({ own, words }) => own !== name.value && words.has(name.value)))
    .map(({ name, what }) => diagnose('SOP326', name.span, { name: name.value, what }));
}

/** A view that an approved SOP rests on needs a case of its own. */
function untried({ views, viewCases }: Library, sops: readonly CheckedSop[]): Diagnostic[] {
  const approved = sops.filter(({ sop }) => sop.status.value === 'approved');
  return views.flatMap((view) => {
    // A case that nearly names the view is reported where it stands.
    const known = views.map(({ name }) => name.value);
    const cases = viewCases.filter(
      (entry) => !known.includes(entry.view.value) && nearest(entry.view.value, known).includes(view.name.value),
    );
    if (cases.length > 0 || viewCases.some((entry) => entry.view.value === view.name.value)) return [];
    const readers = approved
      .filter(({ reads }) => reads.sound && reads.views.includes(view))
      .map(({ sop }) => sop.id.value);
    return readers.length === 0 ? [] : [diagnose('SOP743', view.name.span, { view: view.name.value, sops: readers })];
  });
}

function over({ name, entries }: Library['lists'][number], today: string): Diagnostic[] {
  const now = parseTime(today) ?? 0;
  return entries.flatMap(({ key, validTo }) =>
    validTo === null || validTo.value > now
      ? []
      : [
          diagnose('SOP255', validTo.span, {
            key: key.value,
            list: name.value,
            date: formatTime(validTo.value).replace('T00:00:00Z', ''),
            today,
          }),
        ],
  );
}
