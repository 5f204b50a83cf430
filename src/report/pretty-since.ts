import type { Loss, Remark } from '../coverage/ratchet/ratchet-found.ts';
import type { SinceReport } from '../coverage/ratchet/since.ts';
import { count } from '../diagnostics/words.ts';
import { printable, wrap } from './layout.ts';
import type { Page } from './paint.ts';

/** So many lines of each kind; `--verbose` shows all. */
const shown = 12;

/** What is lost since the base, what a reviewer should see, and what could not be compared. */
export function prettySince(report: SinceReport, verbose: boolean, page: Page): string {
  const { paint } = page;
  const { losses, remarks, notCompared, cases, obligations } = report.ratchet;
  const counts = [
    `  cases        ${cases.before} stood, ${cases.now} stand; ${cases.kept} of them did before`,
    ...(obligations === null
      ? []
      : [
          `  obligations  ${obligations.before} were proven, ${obligations.now} are; ${obligations.kept} of them were before${obligations.gone === 0 ? '' : `, and ${obligations.gone} were about what is written otherwise now`}`,
        ]),
  ];
  const most = verbose ? Number.POSITIVE_INFINITY : shown;
  const lines = [
    '',
    ...wrap(printable(headOf(report)), page.columns).map((line) => paint.bold(line)),
    ...counts.flatMap((line) => wrapped(line, 15, page)),
    ...part('Lost', lossLines(losses), most, paint.red, page),
    ...part('To look at', remarks.map(remarkLine), most, paint.yellow, page),
    ...part('Not compared', notCompared, most, paint.yellow, page),
    '',
    ...verdict(report).flatMap((line) => wrapped(line, 2, page)),
  ];
  return `${lines.join('\n')}\n`;
}

/** `Since 1a2b3c4d5e6f, where this branch left origin/main: 3 files below sops changed`. */
export function headOf({ stated, commit, how, changed }: SinceReport): string {
  const files = `${count(changed, 'file')} below sops changed`;
  if (commit === null) return 'Since the beginning: there is no commit before this one';
  const where = {
    parted: `where this branch left ${stated}`,
    first_parent: `the commit before this one, because ${stated} holds this one already`,
    itself: stated,
  }[how];
  return `Since ${commit.slice(0, 12)}${commit.startsWith(stated) ? '' : `, ${where}`}: ${files}`;
}

/** What went with a case is one line: the case is the thing to mend. */
export function lossLines(losses: readonly Loss[]): string[] {
  const along = losses.filter(({ isWithCase }) => isWithCase === true).length;
  const own = losses.filter(({ isWithCase }) => isWithCase !== true).map(lossLine);
  return along === 0 ? own : [...own, `and with these cases ${count(along, 'obligation')} that they held`];
}

function lossLine({ what, sop, name, says }: Loss): string {
  return what === 'obligation' ? `${sop}: ${says}` : `${name} (${sop}): ${says}`;
}

/** What fails nothing, and what a reviewer should see. */
export function remarkLine({ what, sop, name, says }: Remark): string {
  return `${name} (${sop}) ${remarkWords[what]}: ${says}`;
}

const remarkWords: Record<Remark['what'], string> = {
  replaced: 'is replaced',
  moved: 'moved',
  given_up: 'does not run any more',
  changed: 'changed',
  renewed: 'is accepted anew',
  removed: 'failed and is gone',
};

/** What it comes to; never more than was compared. */
export function verdict({ ratchet, counted, old }: SinceReport): string[] {
  const { losses, notCompared } = ratchet;
  const other = counted.filter(({ code, level }) => level === 'error' && !/^SOP76[0-3]$/.test(code)).length;
  const debt =
    old.length === 0
      ? []
      : [
          `! ${count(old.length, 'message')} about what the base has too, in files that nobody touched: not counted; \`sop test\` shows ${old.length === 1 ? 'it' : 'them'}`,
        ];
  const lost =
    losses.length > 0
      ? `✗ ${count(losses.length, 'thing')} that ${losses.length === 1 ? 'was' : 'were'} proved before ${losses.length === 1 ? 'is' : 'are'} not proved now`
      : notCompared.length === 0
        ? '✓ All that was proved before and is still there is proved now'
        : '✓ Of what could be compared, all that was proved before and is still there is proved now';
  return [...debt, ...(other === 0 ? [] : [`✗ ${count(other, 'error')} of this change`]), lost];
}

function part(
  head: string,
  said: readonly string[],
  most: number,
  colour: (text: string) => string,
  page: Page,
): string[] {
  if (said.length === 0) return [];
  const more = said.length > most ? [`  and ${said.length - most} more (--verbose)`] : [];
  const lines = said.slice(0, most).flatMap((line) => wrapped(`  - ${line}`, 4, page));
  return ['', colour(head), ...lines, ...more];
}

function wrapped(line: string, indent: number, { columns }: Page): string[] {
  const [first = '', ...rest] = wrap(printable(line.slice(indent)), columns - indent);
  return [`${line.slice(0, indent)}${first}`, ...rest.map((more) => `${' '.repeat(indent)}${more}`)];
}
