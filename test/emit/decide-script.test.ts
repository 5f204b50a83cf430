import { copyFile, mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Big from 'big.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { compileDecision, type Decide } from '../../src/decision/decide.ts';
import type { Logic } from '../../src/decision/logic.ts';
import { encodeLogic } from '../../src/decision/logic-json.ts';
import { missingValue, normalise } from '../../src/decision/normalise.ts';
import { type Answered, type Asked, type DecisionJson, decider } from '../../src/emit/skill/runtime/decide.ts';
import type { RawValue } from '../../src/model/value.ts';
import { feed } from '../support/feed.ts';
import { makeFolder } from '../support/folder.ts';
import { upTo } from '../support/long.ts';
import { randomLogic } from '../support/random-logic.ts';
import { generator, randomPoints } from '../support/random-points.ts';
import { allShipped, shippedSkills } from '../support/shipped-skills.ts';
import { green, sop, today } from '../support/sop.ts';

const decisionOf = (logic: Logic): DecisionJson => ({
  sop: 'demo',
  sop_version: '1.0.0',
  skill_digest: '',
  signals: [],
  segment_by: null,
  decisions: [{ segment: null, logic: JSON.parse(JSON.stringify(encodeLogic(logic))) }],
});

/** A raw value as an agent may write it in JSON. What no JSON number can say (NaN, an infinity) is null to the compiler, too. */
function written(raw: RawValue, asText: boolean): string {
  if (raw === null || typeof raw === 'boolean') return String(raw);
  if (typeof raw === 'string') return JSON.stringify(raw);
  if (typeof raw !== 'number') return JSON.stringify(raw instanceof Big ? raw.toFixed() : String(raw));
  if (!Number.isFinite(raw)) return 'null';
  return asText ? JSON.stringify(new Big(raw).toFixed()) : JSON.stringify(raw);
}

/** What the compiler says of a subject, some of whose signals were never computed. */
function compiled(logic: Logic, decide: Decide, point: readonly RawValue[], absent: ReadonlySet<string>): string {
  const values = new Map();
  for (const [at, column] of logic.inputs.entries()) {
    const read = normalise(point[at] ?? null, column);
    if (!read.ok && !absent.has(column.name)) return 'invalid';
    values.set(column.name, (read.ok ? read.value : null) ?? missingValue(column));
  }
  const decision = decide(values, absent);
  const told = JSON.stringify(decision.trail.map(({ table, rules }) => ({ table, rules })));
  if (decision.kind === 'decided') return `${decision.disposition} ${decision.severity} ${decision.rule} ${told}`;
  return decision.kind === 'invalid' ? 'invalid' : `undecided ${decision.detail} ${told}`;
}

function said({ outcome, disposition, severity, rule, reason, tables }: Answered): string {
  if (outcome === 'decided') return `${disposition} ${severity} ${rule} ${JSON.stringify(tables)}`;
  return outcome === 'invalid' ? 'invalid' : `undecided ${reason} ${JSON.stringify(tables)}`;
}

test('what a skill decides is what the compiler decides, on random tables and points', () => {
  const counts = new Map<string, number>();
  fc.assert(
    fc.property(randomLogic, fc.nat(), (random, seed) => {
      const { logic } = random;
      const decide = decider(decisionOf(logic));
      const own = compileDecision(logic);
      const next = generator(seed);
      for (const point of randomPoints(random, 100, seed)) {
        const absent = new Set(next(8) > 0 ? [] : logic.inputs.flatMap(({ name }) => (next(3) === 0 ? [name] : [])));
        const cells = logic.inputs.flatMap(({ name }, at) =>
          absent.has(name) ? [] : [`${JSON.stringify(name)}: ${written(point[at] ?? null, next(2) === 0)}`],
        );
        const asked = JSON.parse(`{"signals": {${cells.join(', ')}}}`) as Asked;
        const expected = compiled(logic, own, point, absent);
        const answer = said(decide(asked));
        if (answer !== expected) expect(answer, JSON.stringify([random.cells, asked])).toBe(expected);
        const kind = expected.split(' ')[0] ?? '';
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
      }
    }),
    { numRuns: upTo(10_000, 200), seed: 71 },
  );
  const all = [...counts.values()].reduce((sum, n) => sum + n, 0);
  expect(all).toBe(upTo(1_000_000, 20_000));
  for (const kind of ['escalate', 'investigate', 'dismiss', 'undecided', 'invalid'])
    expect(counts.get(kind) ?? 0, kind).toBeGreaterThan(all / 40);
}, 1_800_000);

let root: string;
beforeAll(async () => {
  root = await shippedSkills();
}, 60_000);

const script = (id: string) => join(root, 'skills', id, 'scripts/decide.mjs');

interface Eval {
  readonly prompt: string;
  readonly expected_output: string;
}

describe('each shipped skill', () => {
  test.each(allShipped)('%s: the script decides its cases as asked', async (id) => {
    const { decide } = (await import(pathToFileURL(script(id)).href)) as { decide: (asked: Asked) => Answered };
    const { evals } = JSON.parse(await readFile(join(root, 'skills', id, 'evals/evals.json'), 'utf8')) as {
      evals: Eval[];
    };
    const ofSignals = evals.flatMap(({ prompt, expected_output }) => {
      const asked = JSON.parse(prompt.slice(prompt.indexOf('\n\n'))) as Partial<Asked>;
      return asked.signals === undefined ? [] : [{ asked: { ...asked, signals: asked.signals }, expected_output }];
    });
    expect(ofSignals.length).toBeGreaterThan(30);
    for (const { asked, expected_output } of ofSignals) {
      const { disposition, severity, rule } = decide(asked);
      expect(expected_output).toContain(`${disposition}, ${severity}, by ${rule}`);
    }
    const [one] = ofSignals;
    const ran = await feed([process.execPath, script(id)], JSON.stringify(one?.asked), '/');
    expect([ran.status, ran.stderr]).toEqual([0, '']);
    expect(JSON.parse(ran.stdout)).toEqual(one && decide(one.asked));
  });
});

/** A crowd that has the price and the size but no haste; nothing is known of the hour before. */
const crowd = { rush_orders: 10, rush_z: 5, rise_pct: 20, buy_share_pct: 30, day_rise_pct: 20, dry_runs: 0 };
const hour = {
  climb_pct: null,
  volume_ratio: null,
  steps_up: 0,
  largest_step_pct: null,
  buyer_pct: null,
  surge_pct: null,
};
const all = { ...crowd, ...hour };
const ask = (signals: unknown, more = '') => `{"signals": ${JSON.stringify(signals)}${more}}`;

describe('what comes in is hostile', () => {
  const pump = (input: string | Buffer) => feed([process.execPath, script('pump-and-dump')], input);
  test.each<[string, string | Buffer, string]>([
    ['nothing', '', 'this is no JSON'],
    ['half a value', '{"signals": {', 'this is no JSON'],
    ['a list', '[]', 'write {"signals"'],
    ['no signals', '{}', 'write {"signals"'],
    ['signals as a list', '{"signals": []}', 'write {"signals"'],
    ['a segment that is no text', ask(all, ', "segment": {}'), '"segment" is a text'],
    ['a name for a terminal', '{"signals": {}, "\\u001b[31m\\u009bx\\u202e": 1}', '"?[31m?x?": only "signals"'],
    ['a prototype', '{"signals": {}, "__proto__": {"x": 1}}', '"__proto__": only "signals"'],
    ['a hundred thousand brackets', '['.repeat(100_000), 'this is no JSON'],
    ['a hundred thousand lists', `{"signals": ${'['.repeat(1e5)}${']'.repeat(1e5)}}`, 'write {"signals"'],
    ['more than a million characters', `${ask(all)}${' '.repeat(3_000_000)}`, 'more than a million'],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0xd8]), 'this is no JSON'],
  ])('%s is refused in a line', async (_, input, message) => {
    const ran = await pump(input);
    expect(ran).toEqual({ status: 2, stdout: '', stderr: expect.stringContaining(message) });
    expect(ran.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(ran.stderr.length).toBeLessThan(200);
  });
  test('a byte-order mark and spaces around are none of its business', async () => {
    const ran = await pump(`\ufeff \r\n${ask(all)}\n\n`);
    expect(JSON.parse(ran.stdout)).toMatchObject({ outcome: 'decided', disposition: 'escalate', rule: 'R3' });
  });
});

describe('values', () => {
  let decide: (asked: Asked) => Answered;
  beforeAll(async () => {
    ({ decide } = await import(pathToFileURL(script('pump-and-dump')).href));
  });
  const asked = (signals: string) => decide(JSON.parse(`{"signals": ${signals}}`));
  const but = (change: string) => asked(`${JSON.stringify(all).slice(0, -1)}, ${change}}`);
  test('one that was not computed leaves the decision open, whichever it is', () => {
    for (const name of Object.keys(all)) {
      const rest = Object.fromEntries(Object.entries(all).filter(([other]) => other !== name));
      const { outcome, disposition, reason, signals } = decide({ signals: rest });
      expect([outcome, disposition]).toEqual(['undecided', null]);
      expect(reason).toContain(`\`${name}\``);
      expect(Object.keys(signals)).toEqual(Object.keys(rest));
    }
  });
  test('one that is null has the value of a missing one', () => {
    expect(but('"rush_orders": null')).toMatchObject({ outcome: 'decided', signals: { rush_orders: '0' } });
    expect(but('"rise_pct": null')).toMatchObject({ disposition: 'dismiss', signals: { rise_pct: 'null' } });
  });
  test('a number may be a text and keeps its digits', () => {
    expect(but('"rise_pct": "9.994999999999999999999999"')).toMatchObject({
      rule: 'else',
      signals: { rise_pct: '9.99' },
    });
    expect(but('"rise_pct": "9.995"')).toMatchObject({ rule: 'R3', signals: { rise_pct: '10' } });
    expect(but('"rush_orders": "9007199254740993"').signals['rush_orders']).toBe('9007199254740993');
  });
  test.each([
    ['"rush_z": 1e999', '`rush_z` must be a finite number'],
    ['"rush_z": -1e999', '`rush_z` must be a finite number'],
    [`"rush_z": "${'9'.repeat(400)}"`, '`rush_z` must be a finite number'],
    [`"rush_z": "${'9'.repeat(500)}"`, '`rush_z` must be a number'],
    ['"rush_z": "1e5"', '`rush_z` must be a number'],
    ['"rush_z": " 5"', '`rush_z` must be a number'],
    ['"rush_z": "0x10"', '`rush_z` must be a number'],
    ['"rush_z": "Infinity"', '`rush_z` must be a number'],
    ['"rush_z": ""', '`rush_z` must be a number'],
    ['"rush_z": true', '`rush_z` must be a number'],
    ['"rush_z": [5]', '`rush_z` must be a finite number, a text, true, false or null'],
    ['"rush_z": {"number": "5"}', '`rush_z` must be a finite number, a text, true, false or null'],
    ['"rush_orders": 1.5', '`rush_orders` must be a whole number'],
    ['"rush_orders": -1', '`rush_orders` = -1 lies outside its range'],
    ['"Rush_Z": 5', '`Rush_Z`: no signal of this decision; it reads `rush_orders`'],
    ['"__proto__": 5', '`__proto__`: no signal'],
    ['"constructor": 5', '`constructor`: no signal'],
    ['"toString": null', '`toString`: no signal'],
  ])('%s is invalid', (change, reason) => {
    expect(but(change)).toMatchObject({ outcome: 'invalid', disposition: null, severity: null, rule: null });
    expect(but(change).reason).toContain(reason);
  });
});

test('times and durations are texts: a bare number has no unit', () => {
  const input = (name: string, type: 'duration' | 'date and time', text: string) => ({
    name,
    type,
    step: null,
    range: null,
    range_text: '',
    missing: null,
    parameter: false,
    text,
  });
  const outputs = ['disposition', 'severity'].map((name) => ({ name, type: 'text' as const, order: null }));
  const inputs = [input('held', 'duration', ''), input('since', 'date and time', '')];
  const otherwise = { id: 'else', tests: [], outputs: ['dismiss', 'low'] };
  const table = { name: 'd', hit_policy: 'F' as const, inputs, outputs, rules: [], otherwise };
  const decide = decider({
    ...decisionOf({ inputs: [], tables: [] }),
    decisions: [{ segment: null, logic: { inputs, tables: [table] } }],
  });
  const given = (held: unknown, since: unknown) => decide({ signals: { held, since } });
  expect(given('90m', '2026-11-02 00:30').signals).toEqual({ held: 'PT1H30M', since: '2026-11-02T00:30:00Z' });
  for (const held of [30, '30', 1e300, 1.5, '9'.repeat(400)])
    expect(given(held, null)).toMatchObject({ outcome: 'invalid', reason: expect.stringContaining('"PT30M"') });
  for (const since of [0, '20261102', '2026-02-30', 1e300])
    expect(given(null, since)).toMatchObject({ outcome: 'invalid', reason: expect.stringContaining('"2026-11-02T') });
});

/** The green SOP with limits of their own for thin markets. */
const segmented = green.sop
  .replace('settle: 1d\n', 'settle: 1d\nsegment_by: instruments.liquidity_tier\n')
  .replace('|  Value | Unit |', '|  Value | liquid | illiquid | Unit |')
  .replace('|-------:|------|', '|-------:|-------:|---------:|------|')
  .replace('| 100000 | USD  |', '| 100000 |        |     1000 | USD  |')
  .replace('|     10 | USD  |', '|     10 |        |          | USD  |')
  .replace(/## Blind spots[\s\S]*?(?=## References)/, '');

describe('as a program and as a module', () => {
  let folder: string;
  let path: string;
  const signals = { self_ratio: '0.6', self_notional: 5000, account_type: 'retail', tip_credible: null };
  beforeAll(async () => {
    folder = await makeFolder({
      'sops/desk.yaml': green.desk,
      'sops/taxonomy.yaml': green.taxonomy,
      'sops/demo/SOP.md': segmented,
    });
    await sop(folder, ['build', '--as-of', today]);
    path = join(folder, 'skills/demo/scripts/decide.mjs');
  });
  const run = async (command: readonly string[], input: string, cwd = '/') => {
    const ran = await feed([process.execPath, ...command], input, cwd);
    expect([ran.status, ran.stderr]).toEqual([0, '']);
    return JSON.parse(ran.stdout) as Answered;
  };
  test('each segment has its own parameters; without one, or with a strange one, it stays open', async () => {
    const { decide } = (await import(pathToFileURL(path).href)) as { decide: (asked: Asked) => Answered };
    const of = (segment?: string | null) => {
      const {
        outcome,
        disposition,
        rule,
        segment: told,
      } = decide({ signals, ...(segment !== undefined && { segment }) });
      return [outcome, disposition, rule, told];
    };
    expect(of('illiquid')).toEqual(['decided', 'escalate', 'R1', 'illiquid']);
    expect(of('liquid')).toEqual(['decided', 'dismiss', 'else', 'liquid']);
    for (const segment of [undefined, null, 'micro', 'Liquid', '__proto__', 'null', ''])
      expect(of(segment)).toEqual(['undecided', null, null, segment ?? null]);
  });
  const input = ask(signals, ', "segment": "illiquid"');
  test('from another folder, by a relative path', async () => {
    expect(await run(['./skills/demo/scripts/decide.mjs'], input, folder)).toMatchObject({
      rule: 'R1',
      segment: 'illiquid',
    });
  });
  test('through links, to the file and to its folder', async () => {
    await symlink(path, join(folder, 'decide'));
    await symlink(join(folder, 'skills/demo/scripts'), join(folder, 'linked'));
    const [file, inside, kept] = await Promise.all([
      run([join(folder, 'decide')], input),
      run([join(folder, 'linked/decide.mjs')], input),
      run(['--preserve-symlinks', '--preserve-symlinks-main', join(folder, 'linked/decide.mjs')], input),
    ]);
    expect([file, inside, kept].map(({ rule }) => rule)).toEqual(['R1', 'R1', 'R1']);
  });
  test('below a name with blanks and signs of addresses', async () => {
    const odd = join(folder, 'with space #%', 'ünï?');
    await mkdir(odd, { recursive: true });
    await copyFile(path, join(odd, 'decide.mjs'));
    expect(await run([join(odd, 'decide.mjs')], input)).toMatchObject({ rule: 'R1' });
  });
  test('imported, it reads nothing and prints nothing, whatever stands behind `-e`', async () => {
    const code = `import(${JSON.stringify(pathToFileURL(path).href)}).then((all) => console.log(JSON.stringify(Object.keys(all))))`;
    expect(await run(['-e', code, 'no-such-file'], input)).toEqual(['decide']);
  });
});
