import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Big from 'big.js';
import { describe, expect, test } from 'vitest';
import { compileDecision } from '../../src/decision/decide.ts';
import { normalise } from '../../src/decision/normalise.ts';
import { cellOf } from '../../src/dmn/feel-cell.ts';
import { outputOf } from '../../src/dmn/feel-value.ts';
import { importDmn } from '../../src/dmn/import-dmn.ts';
import { mostBytes } from '../../src/dmn/read-xml.ts';
import { dmnFile, readDmn, tableXml } from '../support/dmn.ts';
import { expectGolden } from '../support/golden.ts';

const folder = fileURLToPath(new URL('../fixtures/dmn', import.meta.url));
const limits = new Map([
  ['Large amount', 'large_amount'],
  ['Large', 'large'],
]);

describe('cells of FEEL', () => {
  test.each([
    ['', '-'],
    [' - ', '-'],
    ['"a","b"', '"a", "b"'],
    ['>=5', '>= 5'],
    ['[1..2[', '[1..2)'],
    [']1..2]', '(1..2]'],
    [']1..2[', '(1..2)'],
    ['(1..2)', '(1..2)'],
    ['.5', '.5'],
    ['-3, 1e3', '-3, 1e3'],
    ['< 1, > 9', '< 1, > 9'],
    ['true', 'true'],
    ['null', 'null'],
    ['"a", null', '"a", null'],
    // Null: FEEL's `null = "x"` is false and its negation true; `null >= 5` is null, and so is its negation.
    ['not("x")', 'not("x"), null'],
    ['not("x", "y")', 'not("x", "y"), null'],
    ['not("x", null)', 'not("x")'],
    ['not(5)', 'not(5), null'],
    ['not(>= 5)', 'not(>= 5)'],
    ['not(5, [7..8])', 'not(5, [7..8])'],
    ['not(null)', 'not(null)'],
    ['>= Large amount', '>= large_amount'],
    ['[Large..Large  amount]', '[large..large_amount]'],
    ['"Large amount"', '"Large amount"'],
    ['"say \\"a\\" \\\\ b"', '"say \\"a\\" \\\\ b"'],
    ['"a|b"', '"a|b"'],
    ['date("2026-01-01")', 'date and time("2026-01-01T00:00:00Z")'],
    ['< date and time("2026-01-01T00:00:00")', '< date and time("2026-01-01T00:00:00Z")'],
    [
      '[@"2026-01-01"..@"2026-02-01T12:00:00"]',
      '[date and time("2026-01-01T00:00:00Z")..date and time("2026-02-01T12:00:00Z")]',
    ],
    ['duration("P1D"), @"PT90M"', 'duration("P1D"), duration("PT1H30M")'],
  ])('%s', (feel, ours) => {
    expect(cellOf({ text: feel, language: null }, limits)).toEqual({ ok: true, value: ours });
  });
  test.each([
    ['? > 3', 'whole expression'],
    ['time("08:30:00")', 'no time of day'],
    ['duration("P1M")', 'no month'],
    ['< @"08:30:00"', 'no time of day'],
    ['date("2026-02-30")', 'no time of day'],
    ['[1..max(2, 3)]', 'calls a function'],
    ['list contains(?, "x")', 'calls a function'],
    ['not(contains(?, "x"))', 'calls a function'],
    ['> Amount', 'no value that stays the same'],
    ['> Amount * 2', 'it computes'],
    ['5 + 1', 'it computes'],
    ['= 5', '`=` and `!=`'],
    ['!= "a"', '`=` and `!=`'],
    ['? in [1..2]', '`in` and `between`'],
    ['{a: 1}', 'contexts'],
    ['if x then 1 else 2', 'whole expression'],
    ['>= "m"', 'only numbers'],
    ['["a".."b"]', 'only numbers'],
    ['"a\\nb"', 'escape'],
    ['"a\nb"', 'line break'],
    ['"a\u202eb"', 'invisible'],
    ['"a\\\\|b"', 'Markdown table'],
    ['not("a"), null', 'nothing may follow'],
    ['–', 'no condition'],
    ['"a', 'never closed'],
    ['unknown', 'no value that stays the same'],
  ])('%s is not taken', (feel, why) => {
    const read = cellOf({ text: feel, language: null }, limits);
    expect(read.ok ? read.value : read.why).toContain(why);
    expect(read.ok).toBe(false);
  });
  test('another language is not read', () => {
    expect(cellOf({ text: '5', language: 'juel' }, limits)).toEqual({
      ok: false,
      why: 'it is written in juel, and not in FEEL',
    });
  });
});

test.each([
  ['"Approved"', '"Approved"'],
  ['"say \\"a\\""', '"say "a""'],
  ['', 'null'],
  ['null', 'null'],
  ['-2.50', '-2.50'],
  ['true', 'true'],
  ['Large amount', 'large_amount'],
])('the output %s', (feel, ours) => {
  expect(outputOf({ text: feel, language: null }, limits)).toEqual({ ok: true, value: ours });
});
test.each(['Amount * 2', 'Approved', 'date("2026-01-01")', '{a: 1}', '"a" + "b"', '"a\nb"'])(
  'the output %j is not taken',
  (feel) => {
    expect(outputOf({ text: feel, language: null }, limits).ok).toBe(false);
  },
);

describe('whole files', () => {
  test('a score, a limit and a routing are taken whole, and decide', async () => {
    const read = await readDmn(readFileSync(join(folder, 'withdrawals.dmn')));
    await expectGolden(join(folder, 'withdrawals.md'), read.markdown);
    expect([read.imported.notTaken, read.codes]).toEqual([[], []]);
    const decide = compileDecision(read.logic);
    const decided = (amount: string | null, device: boolean | null, tier: string | null) => {
      const raw = { amount: amount === null ? null : new Big(amount), new_device: device, account_tier: tier };
      const values = read.logic.inputs.map((column) => {
        const value = normalise(raw[column.name as keyof typeof raw] ?? null, column);
        if (!value.ok) throw new Error(value.expected);
        return [column.name, value.value] as const;
      });
      const decision = decide(new Map(values), new Set());
      return decision.kind === 'decided' ? `${decision.disposition} by ${decision.rule}` : decision.kind;
    };
    expect(decided('250000', true, 'retail')).toBe('escalate by R2');
    expect(decided('249999.99', true, 'retail')).toBe('escalate by R2');
    expect(decided('250000', false, 'mm')).toBe('investigate by R1');
    expect(decided('0.4', true, 'retail')).toBe('dismiss by else');
    expect(decided('100', true, null)).toBe('investigate by R1');
    expect(decided(null, null, null)).toBe('dismiss by else');
    expect(decided('1', false, 'vip')).toBe('invalid');
  });
  test('what level 3 has beyond is listed, cell by cell, and refused by the compiler until it is written anew', async () => {
    const read = await readDmn(readFileSync(join(folder, 'level-3.dmn')));
    await expectGolden(join(folder, 'level-3.md'), read.markdown);
    const listed = read.imported.notTaken.map(({ rule, column, text }) => `${rule ?? '·'} ${column ?? '·'} ${text}`);
    expect(listed).toEqual([
      '· · the import `http://example.com/shared`',
      '· · the function (business knowledge model) `Fee`',
      '· · a context',
      '· input_4 Amount * 2',
      '· profile Profile',
      'r1 amount ? > 3',
      'r2 amount [1..max(2, 3)]',
      'r2 fine Amount * 0.1',
      'r3 tags list contains(?, "x")',
      'r4 amount #{amount > 1}',
      'r4 tags >= "m"',
    ]);
    // Two signals without a type, five cells, and the first cell of the rule whose output was not taken.
    expect(read.codes.filter((code) => code === 'SOP401')).toHaveLength(2);
    expect(read.codes.filter((code) => code === 'SOP218')).toHaveLength(6);
  });
});

describe('one table', () => {
  const simple = (extra: Partial<Parameters<typeof tableXml>[0]> = {}) =>
    tableXml({ inputs: ['x: number'], rules: [['> 1', '"escalate"']], ...extra });
  test.each([
    ['UNIQUE', 'U'],
    ['FIRST', 'F'],
    ['ANY', 'A'],
    ['PRIORITY', 'P'],
    ['RULE ORDER', 'R'],
    ['OUTPUT ORDER', 'O'],
    ['COLLECT', 'C'],
    ['COLLECT" aggregation="SUM', 'C+'],
    ['COLLECT" aggregation="MIN', 'C<'],
    ['COLLECT" aggregation="MAX', 'C>'],
    ['COLLECT" aggregation="COUNT', 'C#'],
  ])('hit policy %s is %s', async (policy, letter) => {
    const { imported } = await readDmn(dmnFile(simple({ policy: `hitPolicy="${policy}"` })));
    expect(imported.tables[0]?.hitPolicy).toBe(letter);
  });
  test('without one it is U; an unknown one is not taken', async () => {
    expect((await readDmn(dmnFile(simple({ policy: '' })))).imported.tables[0]?.hitPolicy).toBe('U');
    const { imported } = await readDmn(dmnFile(simple({ policy: 'hitPolicy="COLLECT" aggregation="AVG"' })));
    expect(imported.notTaken.map(({ text }) => text)).toEqual(['COLLECT AVG']);
  });
  test('a sum without a default gives null in DMN, and `else` says so; a default of 0 is what a sum gives here', async () => {
    const sum = { policy: 'hitPolicy="COLLECT" aggregation="SUM"', rules: [['> 1', '2']] };
    const none = await readDmn(dmnFile(simple(sum)));
    expect(none.imported.tables[0]?.rules.map(({ id, outputs }) => [id, ...outputs])).toEqual([
      ['R1', '2'],
      ['else', 'null'],
    ]);
    expect(none.imported.notes.some((note) => note.includes('gives null in DMN'))).toBe(true);
    const zero = await readDmn(
      dmnFile(
        simple({
          ...sum,
          outputs: ['<output name="score"><defaultOutputEntry><text>0</text></defaultOutputEntry></output>'],
        }),
      ),
    );
    expect(zero.imported.tables[0]?.rules.map(({ id }) => id)).toEqual(['R1']);
  });
  test('a type that nobody states is that of the cells, and said', async () => {
    const { imported } = await readDmn(
      dmnFile(tableXml({ inputs: ['a', 'b', 'c', 'd'], rules: [['> 1', '"x"', 'true', '-', '"escalate"']] })),
    );
    expect(imported.signals.map(({ name, type }) => [name, type])).toEqual([
      ['a', 'decimal'],
      ['b', 'enum'],
      ['c', 'boolean'],
      ['d', null],
    ]);
    expect(imported.notTaken.map(({ column }) => column)).toEqual(['d']);
    expect(imported.notes.filter((note) => note.includes('because its cells are'))).toHaveLength(3);
  });
  test('names become names that SQL can use, each once', async () => {
    const { imported } = await readDmn(
      dmnFile(
        tableXml({
          inputs: ['RiskCategory: number', 'risk_category: number', '年龄: number'],
          rules: [['1', '1', '1', '"escalate"']],
        }),
      ),
    );
    expect(imported.signals.map(({ name }) => name)).toEqual(['risk_category', 'risk_category_2', 'input_3']);
  });
  test('a note is never taken for a column', async () => {
    const xml = tableXml({ inputs: ['why: number'], rules: [['1', '"escalate"']] })
      .replace('<rule>', '<annotation name="why"/><rule>')
      .replace(
        '</rule>',
        '<annotationEntry><text>because <!-- x --> &lt;b&gt; `c` \\ of it</text></annotationEntry></rule>',
      );
    const read = await readDmn(dmnFile(xml));
    expect(read.imported.tables[0]?.annotations).toEqual(['Note 1']);
    expect(read.codes).toEqual([]);
    expect(read.logic.tables[0]?.inputs.map(({ name }) => name)).toEqual(['why']);
  });
  test('a priority without an order is not taken', async () => {
    const { imported, codes } = await readDmn(dmnFile(simple({ policy: 'hitPolicy="PRIORITY"', outputs: ['rate'] })));
    expect(imported.notTaken.map(({ column, why }) => [column, why.includes('Values rate')])).toEqual([['rate', true]]);
    expect(codes).toEqual(['SOP509']);
  });
  test('an output that is no value makes its rule one that no check lets pass', async () => {
    const { codes, markdown } = await readDmn(
      dmnFile(
        simple({
          rules: [
            ['> 1', 'x + 1'],
            ['> 2', '"escalate"'],
          ],
        }),
      ),
    );
    expect(codes).toEqual(['SOP218', 'SOP312']);
    expect(markdown).toContain('| ? > 1 | ? x + 1');
  });
  test('a negation that engines read differently is taken strictly, and said', async () => {
    const rules = [
      ['not(>= 5)', '"escalate"'],
      ['not(>= 5, null)', '"escalate"'],
      ['not(5)', '"escalate"'],
      ['< 5', '"escalate"'],
    ];
    const { imported } = await readDmn(dmnFile(simple({ rules })));
    expect(imported.tables[0]?.rules.map(({ cells }) => cells[0])).toEqual([
      'not(>= 5)',
      'not(>= 5)',
      'not(5), null',
      '< 5',
    ]);
    const told = imported.notes.filter((note) => note.includes('engines differ'));
    expect(told.map((note) => note.split(':')[0])).toEqual(['Routing, rule R1, column x']);
  });
  test('a rule with too few or too many cells', async () => {
    const { imported, codes } = await readDmn(
      dmnFile(
        tableXml({ inputs: ['x: number', 'y: number'], rules: [['1', '2', '"escalate"']] }).replace(
          '<inputEntry><text>2</text></inputEntry>',
          '',
        ),
      ),
    );
    expect(imported.notTaken.map(({ why }) => why)).toEqual(['the rule has no cell for this column']);
    expect(codes).toEqual(['SOP218']);
    const more = await readDmn(
      dmnFile(simple().replace('<inputEntry>', '<inputEntry><text>7</text></inputEntry><inputEntry>')),
    );
    expect([more.imported.notTaken.length, more.codes]).toEqual([1, ['SOP218']]);
  });
});

describe('several decisions', () => {
  const table = (name: string, input: string, requires: string[] = []) =>
    tableXml({ name, inputs: [input], outputs: ['y'], rules: [['"a"', '"a"']], requires });
  test('the one at the end is taken, after those that it needs', async () => {
    const { imported } = await readDmn(dmnFile(table('C', 'B') + table('B', 'A', ['A']) + table('A', 'x: string')));
    expect(imported.tables.map(({ name }) => name)).toEqual(['A', 'B', 'C']);
    expect(imported.tables.map(({ inputs, outputs }) => [...inputs, ...outputs])).toEqual([
      ['x', 'y_3'],
      ['y_3', 'y_2'],
      ['y_2', 'y'],
    ]);
  });
  test('one may be named', async () => {
    const file = dmnFile(table('C', 'B') + table('B', 'x: string'));
    expect((await readDmn(file, 'B')).imported.tables.map(({ name }) => name)).toEqual(['B']);
    await expect(readDmn(file, 'D')).rejects.toThrow('there is no decision `D`');
  });
  test.each([
    ['two ends', table('A', 'x') + table('B', 'x'), 'several decisions stand at its end: A, B'],
    ['a circle', table('A', 'B') + table('B', 'A'), 'in a circle'],
    ['a circle below', table('C', 'A') + table('A', 'B') + table('B', 'A'), 'the decisions B and A need each other'],
    ['itself', table('A', 'x', ['A']), 'in a circle'],
    ['none', '', 'no decision in it'],
    [
      'no table',
      '<decision id="a" name="A"><literalExpression><text>1 + x</text></literalExpression></decision>',
      'no decision table',
    ],
  ])('%s', async (_, inside, why) => {
    await expect(readDmn(dmnFile(inside))).rejects.toThrow(why);
  });
  test('a chain of 3,000 ends', async () => {
    const chain = Array.from({ length: 3000 }, (_, index) =>
      table(`D${index}`, index === 0 ? 'x: string' : `D${index - 1}`),
    );
    const read = await importDmn(new TextEncoder().encode(dmnFile(chain.reverse().join(''))), undefined);
    expect(read.ok && read.value.tables.length).toBe(3000);
  }, 60_000);
});

describe('the page about DMN', () => {
  const page = readFileSync(fileURLToPath(new URL('../../docs/dmn.md', import.meta.url)), 'utf8');
  const block = (language: string) => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';
  const rows = (heading: string) =>
    (page.split(`| ${heading} |`)[1]?.split('\n\n')[0] ?? '')
      .split('\n')
      .slice(2)
      .map((row) => row.split(/(?<!\\)\|/).map((text) => /`(.+)`/.exec(text)?.[1]?.replaceAll('\\|', '|') ?? ''));
  test('its example gives what it shows', async () => {
    const { markdown, imported, codes } = await readDmn(block('xml'));
    expect([imported.notTaken, codes]).toEqual([[], []]);
    expect(markdown).toBe(block('markdown'));
  });
  test('what it says is taken is taken, and becomes what it says', () => {
    const taken = rows('FEEL | here');
    expect(taken.length).toBeGreaterThan(8);
    for (const [, feel = '', ours = ''] of taken)
      expect(cellOf({ text: feel, language: null }, new Map([['Large amount', 'large_amount']]))).toEqual({
        ok: true,
        value: ours,
      });
  });
  test('what it says is not taken is not', () => {
    const refused = rows('not taken | what to do');
    expect(refused.length).toBeGreaterThan(6);
    for (const [, feel = ''] of refused)
      expect([feel, cellOf({ text: feel, language: null }, new Map()).ok]).toEqual([feel, false]);
  });
});

describe('broken and hostile files', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  test.each([
    ['nothing', '', 'no XML'],
    ['text', 'hello', 'no XML'],
    ['other XML', '<a/>', 'no `<definitions>`'],
    ['another root of DMN', '<decision xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>', 'no `<definitions>`'],
    [
      'a version that nobody knows',
      '<definitions xmlns="https://www.omg.org/spec/DMN/20990101/MODEL/"/>',
      'no `<definitions>`',
    ],
    ['tags that cross', dmnFile('<decision></inputData>'), 'broken in line 2'],
    ['an end that is missing', '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/">', 'broken'],
    ['deep nesting', `${dmnFile('').replace('</definitions>', '')}${'<decision>'.repeat(100_000)}`, 'broken'],
    [
      'an entity that names a file',
      `<?xml version="1.0"?>\n<!-- x --><!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/hostname">]>${dmnFile('').split('\n')[1]}`,
      '<!DOCTYPE',
    ],
  ])('%s', async (_, xml, why) => {
    const read = await importDmn(bytes(xml), undefined);
    expect(read.ok ? 'taken' : read.why).toContain(why);
  });
  test('not UTF-8, and too large', async () => {
    expect(await importDmn(Uint8Array.from([0x3c, 0xff, 0xfe]), undefined)).toMatchObject({
      ok: false,
      why: 'it is no UTF-8 text; save it as UTF-8',
    });
    const large = await importDmn(new Uint8Array(mostBytes + 1), undefined);
    expect(large.ok ? '' : large.why).toContain(`at most ${mostBytes}`);
  });
  test('an entity that nobody declared stays as it is written', async () => {
    const { imported } = await readDmn(
      dmnFile(tableXml({ inputs: ['x: string'], rules: [['"a"', '"escalate"']] }).replace('"a"', '"&f;"')),
    );
    expect(imported.tables[0]?.rules[0]?.cells).toEqual(['"&f;"']);
  });
  test('what the reader could not place is listed, and never lost', async () => {
    const twice = tableXml({
      inputs: ['x: number'],
      rules: [
        ['1', '"escalate"'],
        ['2', '"dismiss"'],
      ],
    }).replaceAll('<rule>', '<rule id="same">');
    const { imported } = await readDmn(dmnFile(twice));
    expect(imported.notTaken.map(({ text }) => text)).toEqual(['<rule> in line 2, because its id stands twice']);
    const boxed = tableXml({ inputs: ['x: number'], rules: [['1', '"escalate"']], name: 'Last' });
    const other = await readDmn(dmnFile(`${boxed}<decision id="z" name="Z"><conditional/></decision>`), 'Last');
    expect(other.imported.notTaken.map(({ text }) => text)).toEqual(['<conditional/> in line 2']);
  });
  test('names that JavaScript knows are names', async () => {
    const read = await readDmn(
      dmnFile(
        tableXml({
          inputs: ['__proto__: number', 'constructor: toString'],
          rules: [['1', '-', '"escalate"']],
          name: 'hasOwnProperty',
        }),
      ),
    );
    expect(read.imported.signals.map(({ name, type }) => [name, type])).toEqual([
      ['proto', 'decimal'],
      ['constructor', null],
    ]);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
  test('types that define each other', async () => {
    const types =
      '<itemDefinition id="a" name="a"><typeRef>b</typeRef></itemDefinition><itemDefinition id="b" name="b"><typeRef>a</typeRef></itemDefinition>';
    const { imported } = await readDmn(dmnFile(types + tableXml({ inputs: ['x: a'], rules: [['1', '"escalate"']] })));
    expect(imported.notTaken.map(({ why }) => why)).toEqual(['its definitions refer to each other in a circle']);
  });
});

test('a decision whose id is none is named, and why it was not read', async () => {
  const xml = dmnFile(tableXml({ inputs: ['x: number'], rules: [['1', '"a"']] }).replace('id="Routing"', 'id="7f3a"'));
  const read = await importDmn(new TextEncoder().encode(xml), undefined);
  expect(read).toEqual({
    ok: false,
    why: expect.stringMatching(/no decision in it; not read: .* because its id does not/),
  });
});

test('a cell of a million quotes that nobody closes is refused at once', async () => {
  const cell = '"\\'.repeat(500_000);
  const started = performance.now();
  const { imported } = await readDmn(dmnFile(tableXml({ inputs: ['x: string'], rules: [[cell, '"a"']] })));
  expect(imported.notTaken).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(30_000);
});
