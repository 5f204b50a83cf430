import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { problems } from '../support/output-schemas.ts';
import { expectPlain, sop } from '../support/sop.ts';
import { makeMoves, moves } from './moves.ts';

const cases = `---
technique: WT-01
market: spot
source: desk reasoning
---

# Bounds

| Case | Kind | buys | disposition | severity |
|---|---|---|---|---|
| mo-hundred | attack | 100 | escalate | critical |
| mo-two | benign | 2 | dismiss | info |
`;

let root: string;
beforeAll(async () => {
  root = await makeMoves({ 'sops/moves/cases/bounds.md': cases });
});

interface Said {
  readonly written: string[];
  readonly sops: {
    sop: string;
    suggestions: {
      case: string;
      signals: Record<string, string>;
      today: { disposition: string; severity: string };
      closes: { says: string }[];
    }[];
    in_draft: unknown[];
    left: unknown[];
  }[];
}

async function json(...args: string[]): Promise<Said> {
  const ran = await sop(root, ['suggest', 'moves', ...args, '--format', 'json']);
  expectPlain(ran);
  expect([ran.status, problems('suggest', ran.stdout)], ran.stderr).toEqual([0, []]);
  return JSON.parse(ran.stdout) as Said;
}

/** A row with its `?` answered, one after the other. */
const answered = (row: string, words: readonly string[]) =>
  words.reduce((done, word) => done.replace('| ? |', `| ${word} |`), row);

const file = () => join(root, 'sops/moves/cases/suggested.md');

const header = cases.replace(/\n\| mo-[\s\S]*$/, '\n| mo-draft | ? | 50 | ? | ? |\n');

describe('a file of drafts that is there', () => {
  const path = 'sops/moves/cases/suggested.md';
  test('lines of Windows stay so', async () => {
    const own = await makeMoves({ [path]: header.replaceAll('\n', '\r\n') });
    expect((await sop(own, ['suggest', 'moves'])).status).toBe(0);
    const text = readFileSync(join(own, path), 'utf8');
    expect(text.length).toBeGreaterThan(header.length + 100);
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
    expect((await sop(own, ['check', 'moves'])).status).toBe(0);
  });
  test('nothing is added that would make it too large to be read', async () => {
    const large = header.replace('# Bounds\n', `# Bounds\n\n${'Long prose. '.repeat(83_300)}\n`);
    const own = await makeMoves({ [path]: large });
    const ran = await sop(own, ['suggest', 'moves']);
    expect([ran.status, ran.stderr]).toEqual([
      2,
      expect.stringMatching(/too large to be read again, so nothing is written; /),
    ]);
    expect(readFileSync(join(own, path), 'utf8')).toBe(large);
  });
});

test('a SOP that reads a view with errors is not passed over in silence, nor is a library without a SOP', async () => {
  const own = await makeMoves({
    'sops/moves/SOP.md': moves.replace('FROM trades GROUP BY ALL', 'FROM some_trades GROUP BY ALL'),
    'sops/views/some_trades.sql':
      '/*\ntitle: Some\ncolumns: {symbol: text, ts: timestamp, taker_side: text, notional_usd: decimal, price: number}\n*/\nSELECT * FROM tradez\n',
  });
  const ran = await sop(own, ['suggest']);
  expect([ran.status, ran.stdout]).toEqual([1, expect.stringContaining('sops/views/some_trades.sql')]);
  rmSync(join(own, 'sops/moves'), { recursive: true });
  expect((await sop(own, ['suggest'])).stdout).toBe('There is no SOP for which a case could be suggested.\n');
});

describe('the cases that a SOP lacks', () => {
  test('--print shows them and writes nothing', async () => {
    const { written, sops } = await json('--print');
    expect(written).toEqual([]);
    expect(() => readFileSync(file())).toThrow(/ENOENT/);
    const found = sops[0]?.suggestions.map(({ signals, today }) => `${signals['buys']} ${today.disposition}`);
    expect(found?.sort()).toEqual(['101 escalate', '3 investigate', '4 investigate', '99 investigate']);
  });

  test('as drafts, which prove nothing and are not suggested again', async () => {
    expect((await json()).written).toEqual(['sops/moves/cases/suggested.md']);
    const text = readFileSync(file(), 'utf8');
    const tested = await sop(root, ['test', 'moves']);
    expect(tested.stdout).toContain('4 drafts wait');
    const again = await json();
    expect([again.written, again.sops[0]?.suggestions, again.sops[0]?.left]).toEqual([[], [], []]);
    expect(again.sops[0]?.in_draft.length).toBeGreaterThan(0);
    expect(readFileSync(file(), 'utf8')).toBe(text);
  });

  test('an answered one counts; what is new is added behind what stands there', async () => {
    const text = readFileSync(file(), 'utf8');
    const [name = ''] = /mo-s-\S+/.exec(text) ?? [];
    const line = text.split('\n').find((row) => row.includes(name)) ?? '';
    const today = /\| (99|3|4) \|/.test(line)
      ? ['attack', 'investigate', 'medium']
      : ['attack', 'escalate', 'critical'];
    writeFileSync(file(), text.replace(line, answered(line, today.slice(0, 2))));
    expect((await sop(root, ['test', 'moves'])).stdout, 'the severity is open').toContain('4 drafts wait');
    writeFileSync(file(), text.replace(line, answered(line, today)));
    const tested = await sop(root, ['test', 'moves']);
    expect([tested.status, tested.stdout], tested.stdout).toEqual([0, expect.stringContaining('3 drafts wait')]);
    const rows = readFileSync(file(), 'utf8')
      .split('\n')
      .filter((row) => !row.includes('mo-s-') || row.includes(name));
    writeFileSync(file(), rows.join('\n'));
    const before = readFileSync(file(), 'utf8');
    expect((await json()).sops[0]?.suggestions).toHaveLength(3);
    expect(readFileSync(file(), 'utf8').startsWith(before)).toBe(true);
  });

  test('what it promises, answers as today keep: nothing of it is open then', async () => {
    const root = await makeMoves({ 'sops/moves/cases/bounds.md': cases.split('\n').slice(0, -3).join('\n') });
    const said = JSON.parse((await sop(root, ['suggest', 'moves', '--format', 'json'])).stdout) as Said;
    const path = join(root, 'sops/moves/cases/suggested.md');
    const today = new Map(said.sops[0]?.suggestions.map((one) => [one.case, one.today]));
    const rows = readFileSync(path, 'utf8')
      .split('\n')
      .map((row) => {
        const found = today.get(/^\| (mo\S+|moves\S+) \|/.exec(row)?.[1] ?? '');
        const kind = found?.disposition === 'dismiss' ? 'benign' : 'attack';
        return found === undefined ? row : answered(row, [kind, found.disposition, found.severity]);
      });
    writeFileSync(path, rows.join('\n'));
    const again = await sop(root, ['suggest', 'moves']);
    expect(again.stdout).toBe('moves: no obligation of its decision tables is open\n');
  });

  test('plain words at 80 columns, and what cannot be: an unknown SOP, a SOP with errors', async () => {
    const told = await sop(root, ['suggest', '--print'], { COLUMNS: '80' });
    expectPlain(told);
    expect(told.stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const unknown = await sop(root, ['suggest', 'movs']);
    expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining('moves')]);
    const path = join(root, 'sops/moves/SOP.md');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('>= many', '>= mamy'));
    const broken = await sop(root, ['suggest', 'moves']);
    expect([broken.status, broken.stdout]).toEqual([1, expect.stringContaining('mamy')]);
    writeFileSync(path, text);
  });
});
