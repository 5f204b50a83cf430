import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import type { Nodes } from 'mdast';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diagnose } from '../../src/diagnostics/diagnostic.ts';
import type { SqlEngine } from '../../src/model/ports.ts';
import { githubAnnotations, guarded } from '../../src/report/github.ts';
import { junit } from '../../src/report/junit.ts';
import { printable } from '../../src/report/layout.ts';
import { markdown } from '../../src/report/markdown.ts';
import { hasFailed, type Results } from '../../src/report/results.ts';
import { sarif } from '../../src/report/sarif.ts';
import { spanAt } from '../../src/text/source.ts';
import { testEngine } from '../engine/support.ts';
import { sarifSchema } from '../support/foreign-schemas.ts';
import { expectGolden } from '../support/golden.ts';
import { type Parsed, parseXml } from '../support/xml.ts';
import { type Ran, runLibrary, today } from './library.ts';

const golden = fileURLToPath(new URL('golden', import.meta.url));
let engine: SqlEngine;
let every: Ran;
let broken: Ran;
let clean: Ran;

beforeAll(async () => {
  engine = testEngine();
  const edit = (files: Map<string, string>, path: string, replace: string, by: string) =>
    files.set(
      path,
      (files.get(path) ?? '').replace(replace, () => by),
    );
  every = await runLibrary(engine);
  broken = await runLibrary(engine, (files) => {
    edit(files, 'sops/self-trades/SOP.md', '| F    | trades_made  |', '| F    | trade_made   |');
    edit(files, 'sops/other-view/SOP.md', 'markets: [spot]', 'markets: [spto, perp]');
  });
  clean = await runLibrary(engine, (files) => {
    const text = files.get('sops/self-trades/SOP.md') ?? '';
    files.set('sops/self-trades/SOP.md', text.replace(/^## Blind spots[\s\S]*?(?=^## |$(?![\s\S]))/m, ''));
    for (const path of [...files.keys()]) {
      if (/cases\/.*\.yaml$/.test(path)) files.delete(path);
      if (path.endsWith('bounds.md'))
        files.set(path, (files.get(path) ?? '').replace(/^\| st-(?:missed|false-alarm|differs|error).*\n/gm, ''));
    }
  });
}, 60_000);
afterAll(() => engine.close());

function resultsOf(ran: Ran, change: Partial<Results> = {}): Results {
  const { checked, files, diagnostics, run } = ran;
  const found = [...diagnostics, ...(ran === clean ? [] : ran.plan.diagnostics)];
  const place = { prefix: '', links: null };
  return {
    command: 'sop',
    version: '0.1.0',
    checked,
    files,
    found,
    run,
    old: [],
    since: null,
    today,
    strict: false,
    ...place,
    ...change,
  };
}

interface Log {
  readonly version: string;
  readonly runs: readonly {
    readonly columnKind: string;
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly message: { readonly text: string };
      readonly partialFingerprints: Readonly<Record<string, string>>;
      readonly suppressions?: readonly { readonly kind: string; readonly justification: string }[];
      readonly locations: readonly {
        readonly physicalLocation: {
          readonly artifactLocation: { readonly uri: string; readonly uriBaseId: string };
          readonly region: Readonly<Record<'startLine' | 'startColumn' | 'endLine' | 'endColumn', number>>;
        };
      }[];
    }[];
  }[];
}

/** As `--since` tells them where nothing has become worse. */
function asBefore(ran: Ran): Results {
  const results = resultsOf(ran);
  const old = [...results.found, ...ran.run.diagnostics];
  return { ...results, found: [], run: { ...ran.run, diagnostics: [] }, old };
}

const noPage = () => '';
const count = (node: Parsed, name: string): number =>
  (node.name === name ? 1 : 0) + node.children.reduce((sum, child) => sum + count(child, name), 0);

describe('byte for byte', () => {
  const links = { before: 'https://example.org/desk/sops/blob/0123456789abcdef/' };
  test.each<[name: string, make: () => string]>([
    ['ci.junit.xml', () => junit(resultsOf(every))],
    ['ci.sarif.json', () => sarif(resultsOf(every), noPage)],
    ['ci.md', () => markdown(resultsOf(every))],
    ['ci-linked.md', () => markdown(resultsOf(every, { prefix: 'risk/', links }))],
    ['ci.github.txt', () => githubAnnotations(resultsOf(every))],
    ['ci-broken.junit.xml', () => junit(resultsOf(broken))],
    ['ci-broken.md', () => markdown(resultsOf(broken))],
    ['ci-before.junit.xml', () => junit(asBefore(every))],
    ['ci-before.md', () => markdown(asBefore(every))],
    ['ci-clean.junit.xml', () => junit(resultsOf(clean))],
    ['ci-clean.md', () => markdown(resultsOf(clean))],
    ['ci-check.junit.xml', () => junit(resultsOf(clean, { run: null, found: [], command: 'sop check' }))],
  ])('%s', (name, make) => expectGolden(join(golden, name), make()));
});

describe('JUnit, as another parser reads it', () => {
  const parse = parseXml;
  const runs = () => [
    ...[every, broken, clean].flatMap((ran) => [resultsOf(ran), resultsOf(ran, { strict: true })]),
    ...[every, broken].map(asBefore),
  ];

  test('the figures are those of the tests, and no two tests have one name', () => {
    for (const results of runs()) {
      const root = parse(junit(results));
      expect(root.name).toBe('testsuites');
      for (const suite of [root, ...root.children]) {
        const found = {
          tests: count(suite, 'testcase'),
          failures: count(suite, 'failure'),
          errors: count(suite, 'error'),
          skipped: count(suite, 'skipped'),
        };
        expect(suite.attributes).toMatchObject(Object.fromEntries(Object.entries(found).map(([k, n]) => [k, `${n}`])));
        expect(found.tests, 'readers refuse a file without tests').toBeGreaterThan(0);
      }
      const cases = root.children.flatMap((suite) => suite.children.filter(({ name }) => name === 'testcase'));
      const names = cases.map(({ attributes }) => `${attributes['classname']} ${attributes['name']}`);
      expect(new Set(names).size).toBe(names.length);
      for (const { children } of cases) expect(children.length).toBeLessThan(2);
    }
  });

  test('red where the command fails, and only there', () => {
    for (const results of runs()) {
      const { failures, errors } = parse(junit(results)).attributes;
      expect(Number(failures) + Number(errors) > 0).toBe(hasFailed(results));
    }
  });

  test('any text is text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const root = parse(junit(hostileResults(text)));
        const suite = root.children.find(({ attributes }) => attributes['name'] === 'self-trades');
        const failed = suite?.children.find(({ attributes }) => attributes['name'] === 'st-missed')?.children[0];
        expect(failed?.text.split('\n')[0]).toBe(printable(`title ${text} end`));
        expect(root.children[0]?.children.at(-1)?.attributes['name']).toBe(`sops/x: nothing reads \`${shown(text)}\``);
      }),
      { numRuns: 100 },
    );
  });
});

/** UTF-16 units of every kind: controls, halves of pairs, and what ends a text in some format. */
const hostile = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) },
      { weight: 4, arbitrary: fc.integer({ min: 0, max: 127 }).map((unit) => String.fromCharCode(unit)) },
      {
        weight: 6,
        arbitrary: fc.constantFrom(
          ']]>', '<![CDATA[', '&amp;', '<script>alert(1)</script>', '</details>', '|', '\n', '\r\n', '::error::x', '##[error]',
          '[a](https://evil.example)', '![x](//evil.example)', '@desk', '#12', 'https://evil.example', 'www.evil.example', '`', '```',
          '%0A', '%', ',', ':', '\u202e', '😀', '\ud83d', '$x$', ':warning:', '<!--', '{{', '\\', '*b*', '_i_', '~~s~~', '[^1]', '&#60;',
        ),
      },
    ), // biome-ignore format: a list of traps
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

/** As `SOP112` says a path. */
function shown(text: string): string {
  const flat = text.replace(/\p{C}+/gu, '·').replace(/\s+/g, ' ');
  return printable(flat.length > 80 ? `${flat.slice(0, 79)}…` : flat);
}

function hostileResults(text: string): Results {
  const base = resultsOf(every);
  const results = every.run.results.map((result) => ({
    ...result,
    why: `why ${text}`,
    subject: text,
    signals: { made: text },
    entry: { ...result.entry, title: `title ${text} end` },
  }));
  const one = diagnose('SOP112', spanAt('sops/x', 0, 0), { path: text });
  return { ...base, found: [...base.found, one], run: { ...every.run, results } };
}

describe('Markdown', () => {
  const parse = (text: string) => unified().use(remarkParse).parse(text);
  const nodes = (node: Nodes): Nodes[] => [node, ...('children' in node ? node.children.flatMap(nodes) : [])];
  const ours =
    /^(?:<\/?code>|<details><summary>\d+ (?:known gaps?|cases? as expected|warnings?|notes?|drafts?: a person decides what is right)<\/summary>|<\/details>)$/;

  test('any text is text: no markup, no link, nobody called', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const page = markdown(hostileResults(text));
        for (const node of nodes(parse(page))) {
          expect(['image', 'link', 'linkReference', 'imageReference', 'definition', 'footnoteReference', 'code']).not.toContain(node.type);
          if (node.type === 'html') for (const line of node.value.split('\n')) expect(line).toMatch(ours);
        }
        expect(page).not.toMatch(/@\w|#\d+\b(?!;)|https?:\/\/|www\./);
        const cells = page.split('\n').filter((line) => line.startsWith('| **missed**'));
        for (const line of cells) expect(line.split('|').length).toBe(8);
      }),
      { numRuns: 60 },
    ); // biome-ignore format: one list
  });

  test('a page that is too long is cut, says so, and stays whole', () => {
    const [first] = every.run.results;
    if (first === undefined) throw new Error('no case');
    const results = Array.from({ length: 5000 }, (_, n) => ({
      ...first,
      outcome: 'missed' as const,
      entry: { ...first.entry, name: { ...first.entry.name, value: `case-${n}-😀` } },
    }));
    for (const limit of [3_000, 60_000, 300_000]) {
      const page = markdown({ ...resultsOf(every), run: { ...every.run, results } }, limit);
      expect(Buffer.byteLength(page)).toBeLessThanOrEqual(limit);
      expect((page.match(/<details>/g) ?? []).length).toBe((page.match(/<\/details>/g) ?? []).length);
      const shownRows = (page.match(/\*\*missed\*\*/g) ?? []).length;
      expect(page).toMatch(/Cut here, as the page would be too long: \d+ more lines\./);
      expect(shownRows).toBeGreaterThan(limit / 1000);
    }
  });
});

test('where a page is cut, what is folded gives way first', () => {
  const [passed] = every.run.results.filter(({ outcome }) => outcome === 'caught');
  if (passed === undefined) throw new Error('no case');
  const many = Array.from({ length: 2000 }, () => passed);
  const page = markdown(
    { ...resultsOf(every), run: { ...every.run, results: [...many, ...every.run.results] } },
    20_000,
  );
  for (const { entry, outcome } of every.run.results)
    if (outcome === 'missed' || outcome === 'false_alarm') expect(page).toContain(`<code>${entry.name.value}</code>`);
  expect(page).toContain('SOP604');
  expect(page).toContain('Cut here');
});

describe('SARIF', () => {
  const read = (results: Results) => JSON.parse(sarif(results, () => '# A page\n\nWhat it is.\n')) as Log;

  test('as its schema says', () => {
    const check = sarifSchema();
    for (const results of [
      ...[every, broken, clean].map((ran) => resultsOf(ran, { prefix: 'risk/' })),
      hostileResults('a](https://evil.example) \ud83d \u0000'),
    ]) {
      const log = read(results);
      expect(check(log) ? null : check.errors).toBe(null);
      const [run] = log.runs;
      expect([log.version, run?.columnKind]).toEqual(['2.1.0', 'utf16CodeUnits']);
      for (const result of run?.results ?? []) {
        expect(run?.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
        expect(result.message.text).not.toMatch(/\]\(|\p{Cs}/u);
        for (const { physicalLocation: place } of result.locations) {
          expect(place.artifactLocation.uriBaseId).toBe('%SRCROOT%');
          expect(place.artifactLocation.uri).toMatch(/^(?:risk\/)?(?:sops|skills)\/[\w./%-]+$/);
          const { startLine, startColumn, endLine, endColumn } = place.region;
          expect(Math.min(startLine, startColumn, endLine, endColumn)).toBeGreaterThan(0);
          expect(endLine > startLine || (endLine === startLine && endColumn >= startColumn)).toBe(true);
        }
      }
    }
  });

  test('a place is where the text stands', () => {
    const found = read(resultsOf(broken)).runs[0]?.results.find(({ ruleId }) => ruleId === 'SOP310');
    const region = found?.locations[0]?.physicalLocation.region;
    const line = broken.files.get('sops/other-view/SOP.md')?.text.split('\n')[(region?.startLine ?? 0) - 1] ?? '';
    expect(line.slice((region?.startColumn ?? 0) - 1, (region?.endColumn ?? 0) - 1)).toBe('spto');
  });

  test('known gaps are suppressed, with their reason; nothing else is', () => {
    const suppressed = read(resultsOf(every)).runs[0]?.results.filter((result) => result.suppressions !== undefined);
    expect(suppressed?.map(({ ruleId, suppressions }) => [ruleId, suppressions?.[0]?.kind])).toEqual([
      ['SOP701', 'inSource'],
    ]);
    expect(suppressed?.[0]?.suppressions?.[0]?.justification).toContain('accepted by trading-risk until 2026-12-31');
  });

  test('fingerprints stay when lines move and columns are padded anew, and differ from each other', async () => {
    const prints = (ran: Ran) =>
      read(resultsOf(ran)).runs[0]?.results.map((result) => Object.values(result.partialFingerprints)[0]) ?? [];
    const moved = await runLibrary(engine, (files) => {
      const path = 'sops/self-trades/cases/bounds.md';
      const text = files.get(path) ?? '';
      files.set(path, text.replace(/^(\| st-missed +)\|/m, '$1    |').replace(/^(# .*\n)/m, '$1\nA sentence more.\n'));
    });
    const before = prints(every);
    expect(new Set(before).size).toBe(before.length);
    expect(prints(moved)).toEqual(before);
  });
});

describe('annotations of GitHub', () => {
  test('any text is text, on at most ten lines', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const said = githubAnnotations(hostileResults(text));
        const lines = said.split('\n').slice(0, -1);
        expect(lines.length).toBeLessThanOrEqual(10);
        for (const line of lines)
          expect(line).toMatch(/^::(?:error|warning|notice) (?:\w+=[^:,\p{Cc}]*,?)+::\P{Cc}*$/u);
      }),
      { numRuns: 60 },
    );
  });

  test('ten are shown whole; of eleven, nine and how many more, the worst first', () => {
    const some = (n: number) =>
      Array.from({ length: n }, (_, at) => diagnose('SOP904', spanAt('sops/x', at, at), { value: `${at}` }));
    const of = (n: number) => {
      const found = [...some(n - 1), diagnose('SOP305', spanAt('sops/x', 0, 0), { name: 'WT-99', near: [] })];
      return githubAnnotations({ ...resultsOf(every), found, run: null })
        .split('\n')
        .slice(0, -1);
    };
    expect(of(10).filter((line) => line.includes('more'))).toEqual([]);
    const eleven = of(11);
    expect(eleven.length).toBe(10);
    expect(eleven[9]).toBe('::error title=2 more::2 more: 2 errors. The log of `sop` shows them all.');
    expect(of(1)[0]).toContain('SOP305');
  });

  test('other output stands between marks that it cannot hold', () => {
    const text = guarded('a line\n::error::made up');
    const [first = '', ...rest] = text.trimEnd().split('\n');
    const mark = /^::stop-commands::([0-9a-f]{64})$/.exec(first)?.[1] ?? '?';
    expect(rest).toEqual(['a line', '::error::made up', `::${mark}::`]);
  });
});
