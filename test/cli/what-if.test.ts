import { beforeAll, describe, expect, test } from 'vitest';
import { problems } from '../support/output-schemas.ts';
import { expectPlain, once, type Ran, sop } from '../support/sop.ts';
import { makeMoves, moves } from './moves.ts';

const counting = (what: string) => moves.replace('FILTER (taker_side', `FILTER (${what} AND taker_side`);
let root: string;
beforeAll(async () => {
  root = await makeMoves({
    'changed.md': moves.replace('| escalate      | critical', '| investigate   | medium  ').replace('>= many', '>= 5'),
    'broken.md': moves.replace('>= many', '>= mamy'),
    'no-sop.md': '# Nothing\n',
    'reads-more.md': counting('(SELECT count(*) FROM accounts) > 0'),
    'failing.md': counting('CAST(trade_id AS INTEGER) > 0'),
    'accounts.csv': 'account_id,owner_id\na1,o1\n',
  });
});

interface Difference {
  readonly before: { alerts: number; unavailable: { signal: string; needs: string }[] };
  readonly after: Difference['before'];
  readonly days: unknown[];
  readonly rules: unknown[];
  readonly gained: { subject: { symbol: string; minute: string } }[];
  readonly lost: Difference['gained'];
  readonly changed: { before: { disposition: string }; after: { disposition: string; subject: { symbol: string } } }[];
}

// As of 10:31 there are three alerts: A 10:00 (3 buys, joined by 4 at 10:05), C 10:15 (250), A 10:30 (3).
const whole = ['--table', 'trades=trades.csv', '--as-of', '2026-01-05T10:31:00Z'];
const call = once((...args) => sop(root, args));
const run = (changes: string[], ...more: string[]): Promise<Ran> =>
  call('run', 'moves', ...whole, ...changes.flatMap((change) => ['--what-if', change]), ...more);
async function json(changes: string[], ...more: string[]): Promise<Difference & { status: number | null }> {
  const ran = await run(changes, ...more, '--format', 'json');
  expect(problems('what-if', ran.stdout), ran.stderr).toEqual([]);
  const said = JSON.parse(ran.stdout) as { sops: [Difference] };
  return { ...said.sops[0], status: ran.status };
}
const names = (alerts: Difference['gained']) =>
  alerts.map(({ subject }) => `${subject.symbol} ${subject.minute.slice(11, 16)}`);

describe('another value of a parameter', () => {
  test('drops alerts', async () => {
    const found = await json(['many=4']);
    expect(found.status).toBe(0);
    expect([found.before.alerts, found.after.alerts]).toEqual([3, 2]);
    // A 10:00 no longer opens the alert; that of 10:05 is the same one, within the quiet time.
    expect([names(found.gained), names(found.lost), found.changed]).toEqual([[], ['A 10:30'], []]);
    expect(found.days).toEqual([{ day: '2026-01-05', before: 3, after: 2, gained: 0, lost: 1 }]);
    expect(found.rules).toEqual([
      { rule: 'R1', before: 1, after: 1 },
      { rule: 'R2', before: 2, after: 1 },
    ]);
  });
  test('adds alerts', async () => {
    const found = await json(['many=2'], '--as-of', '2026-01-05T10:29:00Z');
    expect([names(found.gained), names(found.lost)]).toEqual([['A 10:20'], []]);
    // Later it is the alert of 10:30 that opens earlier.
    expect((await json(['many=2'])).gained).toEqual([]);
  });
  test('several, of SQL or Requires too', async () => {
    const found = await json(['many=3', 'history=2']);
    // C begins at 08:30, so 10:15 has too little before it now.
    expect(names(found.lost)).toEqual(['C 10:15']);
  });
  test('the same value changes nothing', async () => {
    const found = await json(['many=3']);
    expect([found.gained, found.lost, found.changed]).toEqual([[], [], []]);
  });
  test('is told on a page, with what nobody knows', async () => {
    const { stdout } = await run(['many=4']);
    expect(stdout).toContain('moves: 3 alerts before, 2 after: 0 gained, 1 lost, 0 changed');
    expect(stdout.replace(/\s+/g, ' ')).toContain('Without labels nobody knows which of them were right.');
    expect(stdout).toMatch(/- investigate, medium, by R2: symbol = "A", minute = 2026-01-05T10:30:00Z/);
  });
  test.each([
    ['mani=4', 'no SOP of this run has a parameter `mani`; did you mean `many`?'],
    ['zzzzzzzz=4', 'there are: many, history'],
    ['many=1', '1 lies outside its range >= 2'],
    ['many=2.5', '2.5 is not a whole number'],
    ['many=few', 'few is not a whole number'],
    ['nothing.md', 'there is no file nothing.md'],
  ])('%s is wrong usage', async (change, said) => {
    const ran = await run([change]);
    expectPlain(ran);
    expect([ran.status, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr.replace(/\s+/g, ' ')).toContain(said);
  });
});

describe('a changed SOP', () => {
  test('other dispositions and other bounds', async () => {
    const found = await json(['changed.md']);
    expect([names(found.gained), names(found.lost)]).toEqual([[], ['A 10:00', 'A 10:30']]);
    expect(
      found.changed.map(({ before, after }) => [after.subject.symbol, before.disposition, after.disposition]),
    ).toEqual([['C', 'escalate', 'investigate']]);
  });
  test('reads a table that the other one does not', async () => {
    const found = await json(['reads-more.md'], '--table', 'accounts=accounts.csv');
    expect([found.status, found.after.alerts, found.lost, found.after.unavailable]).toEqual([0, 3, [], []]);
  });
  test('whose data is not there drops nobody silently', async () => {
    const found = await json(['reads-more.md']);
    expect([found.status, found.before.unavailable]).toEqual([1, []]);
    expect(found.after.unavailable[0]).toEqual({ signal: 'buys', needs: 'accounts' });
    expect((await run(['reads-more.md'])).stdout).toContain('`buys` cannot be computed: the data has no `accounts`');
  });
  test.each([
    ['broken.md', 'SOP302'],
    ['no-sop.md', 'SOP'],
    ['failing.md', 'SOP'],
  ])('%s shows its errors', async (file, code) => {
    const ran = await run([file]);
    expectPlain(ran);
    expect([ran.status, ran.stdout.includes(`error ${code}`)]).toEqual([1, true]);
    const told = await run([file], '--format', 'json');
    expect(problems('check', told.stdout)).toEqual([]);
    expect(told.stdout).toContain(`"code": "${code}`);
  });
  test('of which SOP must be said', async () => {
    const desk = await makeMoves({ 'sops/other/SOP.md': moves.replace('id: moves', 'id: other'), 'changed.md': moves });
    const ran = await sop(desk, ['run', ...whole, '--what-if', 'changed.md']);
    expect([ran.status, ran.stderr.replace(/\s+/g, ' ')]).toEqual([2, expect.stringContaining('name the SOP that')]);
    // Parameters of all SOPs are meant where none is named.
    const both = await sop(desk, ['run', ...whole, '--what-if', 'many=4', '--format', 'json']);
    expect(problems('what-if', both.stdout)).toEqual([]);
    expect((JSON.parse(both.stdout) as { sops: { sop: string }[] }).sops.map((entry) => entry.sop)).toEqual([
      'moves',
      'other',
    ]);
  });
});
