import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Coverage, coverageOf } from '../../src/coverage/coverage.ts';
import type { Obligation, SopProof } from '../../src/coverage/obligation.ts';
import { proofsOf } from '../../src/coverage/proofs.ts';
import { tallies } from '../../src/coverage/tally.ts';
import { diagnose } from '../../src/diagnostics/diagnostic.ts';
import type { SqlEngine } from '../../src/model/ports.ts';
import { compareSheet, type SheetRow } from '../../src/replay/answer-sheet.ts';
import type { BacktestOptions } from '../../src/replay/backtest.ts';
import { backtest } from '../../src/replay/backtest.ts';
import { jsonBacktest, jsonSheet } from '../../src/report/json-backtest.ts';
import { jsonCheck } from '../../src/report/json-check.ts';
import { jsonCoverage } from '../../src/report/json-coverage.ts';
import { jsonTest } from '../../src/report/json-test.ts';
import { widthOf, wrap } from '../../src/report/layout.ts';
import { navigatorLayer } from '../../src/report/navigator-layer.ts';
import { noPaint, type Page } from '../../src/report/paint.ts';
import { prettyBacktest, prettySheet } from '../../src/report/pretty-backtest.ts';
import { prettyCoverage } from '../../src/report/pretty-coverage.ts';
import { prettyDiagnostics } from '../../src/report/pretty-diagnostic.ts';
import {
  draftCounts,
  outcomeCounts,
  prettyCases,
  prettyDrafts,
  prettyElsewhere,
  prettyRules,
} from '../../src/report/pretty-test.ts';
import { prettySummary } from '../../src/report/summary.ts';
import { spanAt } from '../../src/text/source.ts';
import { testEngine } from '../engine/support.ts';
import { expectGolden } from '../support/golden.ts';
import { problems } from '../support/output-schemas.ts';
import { evaluated, type Ran, runLibrary, sopOf, start, today } from './library.ts';

const golden = fileURLToPath(new URL('golden', import.meta.url));
let engine: SqlEngine;
let green: Ran;
let broken: Ran;

beforeAll(async () => {
  engine = testEngine();
  green = await runLibrary(engine);
  broken = await runLibrary(engine, (files) => {
    const edit = (path: string, replace: string, by: string) =>
      files.set(
        path,
        (files.get(path) ?? '').replace(replace, () => by),
      );
    edit('sops/self-trades/SOP.md', '| F    | trades_made  |', '| F    | trade_made   |');
    edit('sops/self-trades/SOP.md', 'review_by: 2027-01-31', 'review_by: 2026-01-31');
    edit(
      'sops/other-view/SOP.md',
      'FROM trades\n',
      'FROM trades\u202e JOIN oders USING (symbol) -- 漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字\n',
    );
    edit('sops/other-view/SOP.md', 'markets: [spot]', 'markets: [spto, perp]');
    edit('sops/self-trades/cases/bounds.md', '| 0.25 |', '| 0.25 | 7 |');
    edit(
      'sops/self-trades/cases/bounds.md',
      '|  0.25 | escalate    | high     | R1   |',
      '|  0.25 | escalate    | high     |',
    );
  });
}, 60_000);
afterAll(() => engine.close());

const label = (account: string, minute: number, row: number) => ({ by: [account], at: start + minute * 60e6, row });
const labels = [label('a1', 2, 1), label('a1', 300, 2), label('b1', 10, 3), label('c1', 0, 4)];
const rows = [
  ['a1', 0, 5, 0.6],
  ['a1', 20, 9, 0.3],
  ['a1', 298, 2, 0.9],
  ['b1', 12, 4, 0.45],
  ['b1', 700, 8, 1],
  ['b1', 900, 8, 3],
  ['d1', 5, 40, 0.21],
] as const;
const options: BacktestOptions = {
  by: ['account_id'],
  withinSeconds: 300,
  nearSeconds: 7200,
  from: 'investigate',
  seed: 1,
};
const none = new Map<string, string>();
const sheet: SheetRow[] = [
  ['5', '0.6', 'escalate'],
  ['5', '0.6', 'dismiss'],
  ['1', '0.6', 'escalate'],
  ['many', '1', 'dismiss'],
  ['5', '2', 'dismiss'],
].map(([made, share, verdict], index) => ({
  row: index + 1,
  segment: null,
  signals: new Map([
    ['trades_made', made ?? null],
    ['share', share ?? null],
  ]),
  expected: new Map([['disposition', verdict ?? null]]),
}));

/** What the cases prove of the tables has tests of its own; here it is made up. */
function covered(ran: Ran, ids: readonly string[] = []): Coverage {
  const obligation = (kind: Obligation['kind'], state: Obligation['state'], says: string): Obligation => ({
    id: `${kind}/Decision/${says}`, kind, table: 'Decision', rule: null, column: null, span: { path: '', start: 0, end: 0 },
    replacement: null, says, state, by: [], witness: null, needs: null,
  }); // biome-ignore format: a blank form
  const share = new Map([['trades_made', 3], ['share', 21]]); // biome-ignore format: a row
  const witness = { segment: null, values: share, before: 'monitor, low, by R2', after: 'dismiss, info, by else' };
  const sql = (state: 'proven' | 'undecided', says: string, needs: string | null): Obligation => ({
    ...obligation('sql_mutant', state, says),
    table: null,
    needs,
  });
  const inSql = (bound: number) => `\`made >= 2\` became \`made >= ${bound}\` in the SQL of Self-trades`;
  const tell = 'no signal of any case changes: it takes data in `trades` that `made >= 2` and the other tell apart';
  const proof: SopProof = {
    sop: 'self-trades',
    obligations: [
      obligation('rule', 'proven', 'R1 decides somebody'),
      obligation('rule', 'proven', 'R2 decides somebody'),
      obligation('bound', 'proven', "R1's bound 0.5 has a case just below it"),
      obligation('bound', 'open', "R2's bound 0.2 has a case just below it"),
      obligation('bound', 'undecided', "R2's bound 0.2 has a case at it"),
      { ...obligation('mutant', 'open', "R2's 0.2 became 0.22"), witness },
      ...Array.from({ length: 11 }, (_, at) => obligation('mutant', 'open', `R2's 0.2 became 0.${23 + at}`)),
      obligation('mutant', 'impossible', 'R1 and R2 changed places'),
      obligation('gap', 'open', 'no rule decides share null'),
      ...(ids.length === 0
        ? []
        : [
            sql('proven', inSql(1), null),
            ...[3, 4, 5, 6].map((at) => sql('undecided', inSql(at), tell)),
            sql('undecided', inSql(7), 'there was no time left to try it'),
          ]),
    ],
    leftOut: ['st-missed'],
    sql:
      ids.length === 0
        ? null
        : { refused: 2, dropped: 1, unread: ['the SQL of Self-trades'], untried: [`sql_mutant/Decision/${inSql(7)}`] },
  };
  const coverage = coverageOf(ran.checked, ran.run, ids, proofsOf(ran.checked, ran.run.results));
  const logic = coverage.logic.map((entry) =>
    entry.proof === null ? entry : { ...entry, proof: { ...proof, sop: entry.sop }, tallies: tallies(proof) },
  );
  return { ...coverage, logic };
}

/** Every pretty report, by its name. */
const pretty: Record<string, (page: Page) => string> = {
  check: (page) => prettyDiagnostics(broken.diagnostics, broken.files, 2, page),
  'check-clean': (page) => prettyDiagnostics([], green.files, 2, page),
  test: (page) =>
    `${prettyDiagnostics(green.run.diagnostics, green.files, 2, page)}${prettyCases(green.run, false, page)}${prettyDrafts(green.run, page)}\n${wrap(`${outcomeCounts(green.run.results)}${draftCounts(green.run)}`, page.columns).join('\n')}\n`,
  'test-verbose': (page) =>
    `${prettyCases(green.run, true, page)}${prettyElsewhere(green.run, 'dismiss', page)}${prettyRules(green.run, green.checked.sops, page)}`,
  summary: (page) =>
    prettySummary(
      {
        ...green,
        found: green.diagnostics,
        skills: green.plan.diagnostics,
        builtSkills: green.plan.built.length,
        floors: [],
        today,
      },
      page,
    ),
  'summary-broken': (page) =>
    prettySummary(
      {
        ...broken,
        found: broken.diagnostics,
        skills: broken.plan.diagnostics,
        builtSkills: broken.plan.built.length,
        floors: [],
        today,
      },
      page,
    ),
  coverage: (page) => prettyCoverage(covered(green), today, false, page),
  'coverage-sql': (page) => prettyCoverage(covered(green, ['self-trades']), today, false, page),
  'coverage-sql-verbose': (page) => prettyCoverage(covered(green, ['self-trades']), today, true, page),
  'coverage-broken': (page) => prettyCoverage(covered(broken, ['self-trades']), today, true, page),
  backtest: (page) =>
    prettyBacktest(
      backtest(sopOf(green), green.checked.library.desk, evaluated(sopOf(green), rows), labels, options),
      sopOf(green),
      options,
      none,
      { tried: 10, changed: 0, diagnostics: [] },
      false,
      page,
    ),
  'backtest-unavailable': (page) => {
    const evaluation = evaluated(sopOf(green), rows, ['share']);
    return prettyBacktest(
      backtest(sopOf(green), green.checked.library.desk, evaluation, labels, { ...options, nearSeconds: null }),
      sopOf(green),
      { ...options, nearSeconds: null },
      evaluation.unavailable,
      { tried: 0, changed: 0, diagnostics: [] },
      false,
      page,
    );
  },
  sheet: (page) =>
    prettySheet(
      compareSheet(sopOf(green), green.checked.library.desk, sheet, 'investigate'),
      sopOf(green),
      'investigate',
      false,
      page,
    ),
};

describe.each([80, 100])('on a page of %i columns', (columns) => {
  for (const [name, report] of Object.entries(pretty)) {
    test(name, async () => {
      const text = report({ columns, paint: noPaint });
      await expectGolden(join(golden, `${name}.${columns}.txt`), text);
    });
  }
});

describe('no line is wider than the page, unless it holds a single word', () => {
  const words = (line: string) =>
    line
      .trim()
      .replace(/^(?:[┌─│=·✓✗!]+|\d+ │)\s*/, '')
      .split(/\s+/).length;
  for (const [name, report] of Object.entries(pretty)) {
    test.each([80, 100, 120])(`${name} at %i`, (columns) => {
      const wide = report({ columns, paint: noPaint })
        .split('\n')
        .filter((line) => widthOf(line) > columns && words(line) > 1);
      expect(wide).toEqual([]);
    });
  }
});

test('colours change no character', () => {
  const mark = (text: string) => `\u001b[1m${text}\u001b[0m`;
  const loud = { bold: mark, dim: mark, red: mark, yellow: mark, green: mark, cyan: mark };
  for (const report of Object.values(pretty)) {
    const painted = report({ columns: 100, paint: loud });
    expect(painted).toContain('\u001b[1m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape codes are what is taken out
    expect(painted.replace(/\u001b\[\d+m/g, '')).toBe(report({ columns: 100, paint: noPaint }));
  }
});

test('nothing from a file reaches the terminal as it is: no control and no direction characters', () => {
  for (const report of Object.values(pretty))
    expect(report({ columns: 100, paint: noPaint })).not.toMatch(/[^\P{C}\n]/u);
});

test('as JSON', async () => {
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  await expectGolden(join(golden, 'check.json'), json(jsonCheck(2, broken.diagnostics, broken.files)));
  await expectGolden(
    join(golden, 'test.json'),
    json(jsonTest(green.run, green.checked, green.run.diagnostics, green.files)),
  );
  const floor = { sop: 'self-trades', figure: 'mutation', percent: 0, floor: 80, proven: 0, total: 12, open: 'R2 were gone', isShown: true, untried: 0 } as const; // biome-ignore format: a row
  const floors = [diagnose('SOP770', spanAt('sop.config.yaml', 0, 0), floor)];
  for (const [name, ids] of [
    ['coverage', []],
    ['coverage-sql', ['self-trades']],
  ] as const) {
    const coverage = jsonCoverage(covered(green, ids), floors, green.files, today);
    expect(problems('coverage', JSON.stringify(coverage))).toEqual([]);
    await expectGolden(join(golden, `${name}.json`), json(coverage));
  }
  await expectGolden(join(golden, 'layer.json'), json(navigatorLayer(covered(green), today)));
  const result = backtest(sopOf(green), green.checked.library.desk, evaluated(sopOf(green), rows), labels, options);
  await expectGolden(
    join(golden, 'backtest.json'),
    json(jsonBacktest(result, sopOf(green), options, none, { tried: 10, changed: 0, diagnostics: [] })),
  );
  await expectGolden(
    join(golden, 'sheet.json'),
    json(
      jsonSheet(
        compareSheet(sopOf(green), green.checked.library.desk, sheet, 'investigate'),
        sopOf(green),
        'investigate',
      ),
    ),
  );
});

test('the library has every outcome, and every one is in the summary or the test report', () => {
  const outcomes = new Set(green.run.results.map(({ outcome }) => outcome));
  expect([...outcomes].sort()).toEqual([
    'caught',
    'differs',
    'error',
    'false_alarm',
    'gap_closed',
    'gap_expired',
    'known_gap',
    'left_alone',
    'missed',
  ]);
  const report = pretty['test']?.({ columns: 100, paint: noPaint }) ?? '';
  for (const result of green.run.results) expect(report).toContain(result.entry.name.value);
});

test('where each case ran once, nothing is said to be proven', () => {
  const run = { ...green.run, again: false };
  const page = { columns: 80, paint: noPaint };
  const input = { ...green, run, found: [], skills: [], builtSkills: 0, floors: [], today };
  const once = prettySummary(input, page).split('\n');
  const again = prettySummary({ ...input, run: green.run }, page).split('\n');
  expect(once.join(' ')).toContain('In a library of this size each case ran once, on all its rows.');
  expect(once.join(' ')).not.toMatch(/\d proven/);
  expect(again.join(' ')).toMatch(/\d proven/);
  expect(again.join(' ')).not.toContain('ran once');
  expect(jsonTest(run, green.checked, [], green.files).coverage.techniques).toBeNull();
});
