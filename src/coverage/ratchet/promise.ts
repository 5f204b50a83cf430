import type { Case, CaseInput, GivenTable } from '../../model/case.ts';
import type { Desk } from '../../model/library.ts';
import { parseTime } from '../../text/time.ts';
import { compareExpectations, type Said } from './promise-expect.ts';

/** What a case of one name asked for before and asks for now. */
export interface PromiseChange {
  /** It asks for less: each in a few words, with its place in the case as it is now. */
  readonly less: readonly Said[];
  /** It tells another story, which may prove as much: in a few words. */
  readonly other: readonly string[];
}

/** `touched`: paths of files that changed, for data that lies in files. `desk`: as it was before. */
export function comparePromise(
  before: Case,
  now: Case,
  desk: Desk,
  touched: ReadonlySet<string> = new Set(),
): PromiseChange {
  const less: Said[] = [];
  const other: string[] = [];
  const place = now.name.span;
  if (before.kind !== now.kind) less.push({ says: `\`${before.kind}\` became \`${now.kind}\``, span: place });
  else compareExpectations(before, now, desk, less, other);
  compareOthers(before, now, desk, less);
  if (before.monotone !== null && now.monotone === null) less.push({ says: '`monotone` is gone', span: place });
  else if (tablesText(before.monotone?.tables ?? []) !== tablesText(now.monotone?.tables ?? []))
    other.push('other rows under `monotone`');
  compareAsOf(before, now, less, other);
  for (const key of ['technique', 'market', 'segment'] as const) {
    const [was, is] = [before[key]?.value ?? null, now[key]?.value ?? null];
    if (was !== is) other.push(`\`${key}\` ${was ?? 'none'} became ${is ?? 'none'}`);
  }
  const inputs = changedInputs(before, now, touched);
  if (inputs.length > 0) other.push(`other data: ${inputs.map((name) => `\`${name}\``).join(', ')}`);
  const narrowed = narrowedTo(before, now);
  if (narrowed !== null) other.push(narrowed);
  return { less, other };
}

function compareOthers(before: Case, now: Case, { dispositions }: Desk, less: Said[]): void {
  const lowest = dispositions[0] ?? '';
  const [was, is] = [before.others?.value ?? lowest, now.others?.value ?? lowest];
  if (was !== is && !(dispositions.indexOf(is) < dispositions.indexOf(was) && dispositions.includes(is)))
    less.push({ says: `\`others\` ${was} became ${is}`, span: now.others?.span ?? now.name.span });
}

/** Whoever may know more finds more easily; whoever is innocent must be left alone at the moment that was stated. */
function compareAsOf(before: Case, now: Case, less: Said[], other: string[]): void {
  const [was, is] = [before.asOf, now.asOf].map((time) => (time === null ? null : (parseTime(time.value) ?? null)));
  if (was === is || before.asOf === null) {
    if (was !== is) other.push(`\`as_of\` is ${now.asOf?.value ?? ''} now`);
    return;
  }
  const isLater = is === null || is === undefined || (was !== null && was !== undefined && is > was);
  const says = `\`as_of\` ${before.asOf.value} ${now.asOf === null ? 'is gone' : `became ${now.asOf.value}`}`;
  if (isLater && now.kind !== 'benign') less.push({ says, span: now.asOf?.span ?? now.name.span });
  else other.push(says);
}

/** SOPs to whose answers it was shown and is not now; that one counts no longer is another matter, and worse. */
function narrowedTo(before: Case, now: Case): string | null {
  if (now.only === null) return null;
  const left = now.only.map(({ value }) => value);
  const isNarrower = before.only === null || before.only.some(({ value }) => !left.includes(value));
  return isNarrower ? `\`only\` ${left.join(', ')}` : null;
}

/** Signals and tables whose values are not what they were. */
function changedInputs(before: Case, now: Case, touched: ReadonlySet<string>): string[] {
  if (before.input.kind !== now.input.kind) return [now.input.kind];
  const [was, is] = [partsOf(before.input, before, touched), partsOf(now.input, now, touched)];
  const names = [...new Set([...was.keys(), ...is.keys()])];
  return names.filter((name) => was.get(name) !== is.get(name) || is.get(name)?.endsWith(otherFile) === true);
}

const otherFile = '\nanother file';

function partsOf(input: CaseInput, { path }: Case, touched: ReadonlySet<string>): ReadonlyMap<string, string> {
  if (input.kind === 'signals') return new Map(input.values.map(({ name, text }) => [name.value, text ?? 'null']));
  const folder = path.replace(/[^/]*$/, '');
  const provided = JSON.stringify(
    input.provided.map(({ values }) => values.map(({ name, text }) => [name.value, text])),
  );
  return new Map([
    ...input.tables.map((table): [string, string] => {
      const isOther = table.data.kind === 'file' && touched.has(`${folder}${table.data.path.value}`);
      return [table.name.value, `${tablesText([table])}${isOther ? otherFile : ''}`];
    }),
    ...(input.provided.length === 0 ? [] : [['provided', provided] as const]),
  ]);
}

/** The same text for the same rows, or the same file. */
export function tablesText(tables: readonly GivenTable[]): string {
  return JSON.stringify(
    tables.map(({ name, data }) => [
      name.value,
      data.kind === 'file'
        ? data.path.value
        : data.rows.map((row) => row.cells.map((cell) => [cell.column.value, cell.text])),
    ]),
  );
}
