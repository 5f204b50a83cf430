import type { Reach } from '../coverage/tables/bounds.ts';
import type { Traffic } from '../coverage/traffic.ts';
import { count } from '../diagnostics/words.ts';
import { printable, wrap } from './layout.ts';
import type { Page } from './paint.ts';

const mostLines = 12;

const reaches: Readonly<Record<Reach, string>> = { step: 'one step', second: 'a second', hundredth: 'a hundredth' };

/** Where real subjects pass that no case guards, the busiest first. `all`: subjects that were found in the data. */
export function prettyTraffic(
  { sop, subjects, undecided, bounds, open, notCounted }: Traffic,
  all: number,
  unavailable: ReadonlyMap<string, string>,
  { paint, columns }: Page,
): string {
  const say = (text: string, indent = 0) =>
    wrap(printable(text), columns - indent - 2).map(
      (line, at) => `${' '.repeat(indent)}${at === 0 ? '' : '  '}${line}`,
    );
  const rest = all - subjects;
  const missing = [...unavailable].map(([signal, needs]) => `\`${signal}\` (no ${needs})`);
  const hanging = bounds.map(
    ({ rule, column, value, segments, near, reach, hang }) =>
      `${count(near, 'subject')} ${near === 1 ? 'lies' : 'lie'} within ${reaches[reach]} of ${rule}'s \`${column}\` ${value}${segments === null ? '' : ` in ${segments.join(', ')}`}; it decides for ${hang === 0 ? 'none of them' : hang}`,
  );
  const unguarded = open.map(
    ({ obligation: { kind, says }, subjects: many }) =>
      `${count(many, 'subject')} would be decided otherwise, and no case would tell: ${kind === 'mutant' ? 'if ' : 'where '}${says}`,
  );
  const lines = [
    ...say(
      `${sop}: ${count(subjects, 'real subject')}${rest === 0 ? '' : `, beside ${rest} that nothing is decided about because data is missing or has not settled`}`,
    ).map(paint.bold),
    ...(missing.length === 0 ? [] : say(`Not computed: ${missing.join(', ')}.`)),
    ...(undecided === 0
      ? []
      : say(`${count(undecided, 'subject')} ${undecided === 1 ? 'is' : 'are'} decided by no rule.`).map(paint.yellow)),
    ...(subjects === 0 ? say('The tables decide about nobody here, so nothing can be counted.') : counted()),
    ...(notCounted.length === 0 ? [] : ['', ...say(`Not counted: ${notCounted.join('; ')}.`)]),
  ];
  return `${lines.join('\n')}\n`;

  function counted(): string[] {
    return [
      ...section(
        'Where no case guards what happens',
        unguarded,
        'Nothing that is open (a bound, a condition, a slip) would change the decision of anybody here.',
      ),
      ...section('Beside a bound', hanging, 'Nobody here lies just beside a bound.'),
    ];
  }

  function section(title: string, entries: readonly string[], none: string): string[] {
    const more =
      entries.length > mostLines ? [`  … and ${entries.length - mostLines} more (\`--format json\` has them all)`] : [];
    return [
      '',
      paint.bold(title),
      ...(entries.length === 0 ? say(none, 2) : entries.slice(0, mostLines).flatMap((text) => say(text, 2))),
      ...more,
    ];
  }
}
