import type { Case } from '../../src/model/case.ts';
import type { Library } from '../../src/model/library.ts';
import { link, table } from './page.ts';

/** What a SOP says of a case that is not its own; null where it decides about nobody. */
export interface Answer {
  readonly case: string;
  readonly sop: string;
  readonly disposition: string | null;
}

/** Everything from this line on rests on a run alone. */
export const acrossHeading = '## What other SOPs say of them';

/** The end of `docs/library.md`: each case, put to every other SOP whose tables it states. */
export function acrossPage({ sops, cases, desk }: Library, answers: readonly Answer[]): string {
  const entryOf = new Map(cases.map((entry) => [entry.name.value, entry]));
  const told = answers.flatMap((answer) => {
    const entry = entryOf.get(answer.case);
    return entry === undefined ? [] : [{ ...answer, entry }];
  });
  const asked = sops.filter(({ id }) => told.some(({ sop }) => sop === id.value));
  const grave = desk.dispositions.slice(2).toReversed();
  const lines = grave.flatMap((disposition) =>
    told
      .filter((answer) => answer.disposition === disposition)
      .map(({ entry, sop }) => [link(entry), entry.kind, sop, disposition]),
  );
  return [
    acrossHeading,
    `A case can be put to another SOP if it states the tables that the SOP needs: ${new Set(told.map((one) => one.case)).size} cases were, with ${told.length} answers. They count for nothing; they show whether SOPs contradict each other.`,
    table(
      ['SOP that is asked', 'Cases', 'about nobody', ...desk.dispositions, `innocents above ${desk.dispositions[1]}`],
      asked.map(({ id }) =>
        row(
          id.value,
          told.filter(({ sop }) => sop === id.value),
          desk.dispositions,
        ),
      ),
      1,
    ),
    ...(lines.length === 0 ? [] : [table(['Case', 'Kind', 'SOP that is asked', 'It says'], lines, 0)]),
  ].join('\n\n');
}

function row(
  sop: string,
  answers: readonly (Answer & { readonly entry: Case })[],
  dispositions: readonly string[],
): string[] {
  const count = (disposition: string | null) => answers.filter((answer) => answer.disposition === disposition).length;
  const accused = answers.filter(
    ({ entry, disposition }) => entry.kind === 'benign' && dispositions.indexOf(disposition ?? '') > 1,
  );
  return [sop, ...[answers.length, count(null), ...dispositions.map(count), accused.length].map(String)];
}
