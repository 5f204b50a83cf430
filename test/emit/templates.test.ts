import { describe, expect, test } from 'vitest';
import { TemplateProblem } from '../../src/emit/skill/render.ts';
import { green } from '../support/sop.ts';
import { emit } from './support.ts';

const withOwn = (text: string) => emit(green.sop, { templates: [{ path: 'sops/templates/decision.hbs', text }] });

describe('a template of the desk', () => {
  test('takes the place of the shipped one, and of no other', () => {
    const { files } = withOwn('# Our words on {{{title}}}\n');
    const text = (path: string) => files.find((file) => file.path === path)?.text ?? '';
    expect(text('references/decision.md')).toBe('# Our words on Wash trading by one owner\n');
    expect(text('references/signals.md')).toContain('# Signals of Wash trading');
  });
  test.each<[text: string, line: number, problem: RegExp]>([
    ['a\n{{{title', 2, /no Handlebars template/],
    ['{{#if title}}\n', 2, /no Handlebars template/],
    ['a\n\n{{{titel}}}', 3, /asks for `titel`/],
    ['{{{title.name.x}}}', 1, /asks for/],
    ['{{> skill}}', 1, /another template/],
    ['{{#> skill}}x{{/skill}}', 1, /another template/],
    ['{{* log}}', 1, /decorator/],
    ['{{log title}}', 1, /only yaml/],
    ['{{lookup this "constructor"}}', 1, /only yaml/],
    ['{{#with title}}{{/with}}', 1, /only if, unless and each/],
    ['{{{constructor}}}', 1, /asks for `constructor`/],
    ['{{{__proto__}}}', 1, /asks for `__proto__`/],
    [
      '{{#each tables}}{{#each words}}{{#each words}}{{#each words}}{{/each}}{{/each}}{{/each}}{{/each}}',
      1,
      /more than 3/,
    ],
  ])('%j is refused at its line', (text, line, problem) => {
    let thrown: unknown;
    try {
      withOwn(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(TemplateProblem);
    expect(thrown).toMatchObject({ line, problem: expect.stringMatching(problem) });
  });
});

describe('the trace', () => {
  const { trace, files } = emit(green.sop);
  const sop = green.sop.split('\n');
  test('tells for each line with words of the SOP where these stand', () => {
    const lines = (files[0]?.text ?? '').split('\n');
    const traced = trace.get('SKILL.md') ?? [];
    const from = (start: string) => {
      const at = lines.findIndex((line) => line.startsWith(start));
      return (traced[at]?.from ?? []).map(({ line }) => sop[line - 1]);
    };
    expect(traced).toHaveLength(lines.length);
    expect(from('# Wash')).toEqual(['title: Wash trading by one owner']);
    expect(from('| `self_ratio` |')).toEqual([expect.stringContaining('| `self_ratio`')]);
    expect(from('3. **Leave')).toEqual([expect.stringContaining('3. **Leave the account alone.**')]);
    expect(from('## Steps')).toEqual([]);
  });
  test('of every line: no word of the SOP stands in a line without a place', () => {
    const own = [...trace].flatMap(([path, traced]) => {
      const text = files.find((file) => file.path === path)?.text.split('\n') ?? [];
      return text.filter((_, at) => traced[at]?.from.length === 0);
    });
    for (const word of ['self_ratio', 'self_notional', 'Feigned', 'compliance', 'min_trade'])
      expect(
        own.filter((line) => line.includes(word)),
        word,
      ).toEqual([]);
  });
});
