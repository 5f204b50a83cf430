import { describe, expect, test } from 'vitest';
import { checkConfig } from '../../src/check/check-config.ts';
import { diagnose } from '../../src/diagnostics/diagnostic.ts';
import { refuseLevel, withLevels } from '../../src/diagnostics/levels.ts';
import { type Code, codes } from '../../src/diagnostics/registry.ts';
import { buildConfig } from '../../src/model/build/config.ts';
import { floorOf, noConfig } from '../../src/model/config.ts';
import { parseYaml } from '../../src/syntax/parse-yaml.ts';
import { lineStarts, positionAt, spanAt } from '../../src/text/source.ts';

function read(text: string) {
  const [node, broken] = parseYaml('sop.config.yaml', text);
  const [config, found] = buildConfig(node);
  const said = [...broken, ...found, ...checkConfig(config, ['demo', 'other'])];
  return {
    config,
    said: said.map(({ code, span }) => `${code}:${positionAt(lineStarts(text), span.start).line}`),
  };
}

describe('every way in which it can be wrong is said at its line', () => {
  test.each<[text: string, said: string[]]>([
    ['', []],
    ['levels: {}\nfloors: {}\n', []],
    ['levels:\n  SOP513: off\n  SOP712: error\nfloors:\n  rules: 100\n  sops:\n    demo: {mutation: 0}\n', []],
    ['level:\n  SOP513: off\n', ['SOP202:1']],
    ['levels:\n  SOP513: of\n', ['SOP203:2']],
    ['levels:\n  SOP513: false\n', ['SOP203:2']],
    ['levels:\n  SOP513: [off]\n', ['SOP203:2']],
    ['levels: off\n', ['SOP204:1']],
    ['levels:\n  - SOP513\n', ['SOP204:2']],
    ['levels:\n  sop513: off\n', ['SOP380:2']],
    ['levels:\n  __proto__: off\n', ['SOP380:2']],
    ['levels:\n  SOP513: off\n  SOP513: note\n', ['SOP107:3']],
    ['levels:\n  SOP104: off\n', ['SOP381:2']],
    ['levels:\n  SOP442: note\n', ['SOP381:2']],
    ['levels:\n  SOP215: error\n', ['SOP381:2']],
    ['levels:\n  SOP702: warning\n', ['SOP381:2']],
    ['levels:\n  SOP702: error\n', []],
    ['levels:\n  SOP760: warning\n  SOP762: note\n', ['SOP381:2', 'SOP381:3']],
    ['levels:\n  SOP603: off\n', ['SOP381:2']],
    ['levels:\n  SOP603: warning\n', []],
    ['floors:\n  mutations: 80\n', ['SOP202:2']],
    ['floors:\n  mutation: 101\n', ['SOP205:2']],
    ['floors:\n  mutation: -1\n', ['SOP205:2']],
    ['floors:\n  mutation: 80%\n', ['SOP204:2']],
    ['floors:\n  mutation: 79.5\n', ['SOP204:2']],
    ['floors:\n  mutation:\n', ['SOP204:2']],
    ['floors:\n  sops:\n    demmo: {rules: 1}\n', ['SOP382:3']],
    ['floors:\n  sops:\n    demo: 80\n', ['SOP204:3']],
    ['floors: [80]\n', ['SOP204:1']],
    ['levels: {', ['SOP104:1']],
  ])('%j', (text, said) => {
    expect(read(text).said).toEqual(said);
  });

  test('what is wrong changes nothing', () => {
    expect(read('levels:\n  SOP104: off\n  SOP999: off\n  SOP701: note\nfloors:\n  rules: 101\n').config).toEqual(
      noConfig,
    );
  });
});

test('a floor of a SOP goes before that of all', () => {
  const { config } = read('floors:\n  rules: 50\n  sops:\n    demo: {rules: 90, bounds: 10}\n');
  const percent = (figure: 'rules' | 'bounds', sop: string) => floorOf(config, figure, sop)?.percent;
  expect([percent('rules', 'demo'), percent('rules', 'other')]).toEqual([90, 50]);
  expect([percent('bounds', 'demo'), percent('bounds', 'other')]).toEqual([10, undefined]);
});

test('no error that is one by itself can be turned off, and none below SOP500 can be set', () => {
  for (const code of Object.keys(codes) as Code[]) {
    if (codes[code].level === 'error') expect(refuseLevel(code, 'off'), code).not.toBe(null);
    if (code < 'SOP500')
      for (const level of ['error', 'warning', 'note', 'off'] as const)
        expect(refuseLevel(code, level), code).toBe('early');
  }
});

test('no error about what cases prove or proved can be lowered, but for what is wrong with a note about a gap', () => {
  const lowered = (Object.keys(codes) as Code[]).filter(
    (code) =>
      code >= 'SOP700' && code < 'SOP800' && codes[code].level === 'error' && refuseLevel(code, 'warning') === null,
  );
  expect(lowered).toEqual(['SOP705', 'SOP706']);
});

test('levels are set, and what is off is left out', () => {
  const span = spanAt('sops/demo/SOP.md', 0, 1);
  const some = [
    diagnose('SOP901', span, { date: '2026-01-01', owner: 'desk' }),
    diagnose('SOP905', span, { owner: 'desk' }),
    diagnose('SOP903', span, {}),
  ];
  const weighed = withLevels(some, { SOP901: 'error', SOP905: 'off' });
  expect(weighed.map(({ code, level }) => `${level} ${code}`)).toEqual(['error SOP901', 'error SOP903']);
});
