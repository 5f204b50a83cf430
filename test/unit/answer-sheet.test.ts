import { describe, expect, test } from 'vitest';
import type { CheckedSop } from '../../src/check/checked.ts';
import { resolveTables } from '../../src/check/resolve-tables.ts';
import { compareSheet, type SheetRow } from '../../src/replay/answer-sheet.ts';
import { desk, sopOf } from '../support/sops.ts';

const tables = `## Parameters

| Parameter | Type    | Value |
|-----------|---------|------:|
| \`least\` | decimal |   100 |

## Signals

### All

| Signal    | Type    | Range             | Missing |
|-----------|---------|-------------------|---------|
| \`share\` | number  | [0..1] step 0.01  | 0       |
| \`size\`  | decimal | >= 0              | null    |
| \`count\` | integer | –                 | 0       |
| \`tip\`   | boolean | –                 | null    |
| \`kind\`  | enum    | "retail", "none"  | null    |

## Decision

| F    | share  | size     | count | tip  | kind   | → disposition | → severity |
|------|--------|----------|-------|------|--------|---------------|------------|
| R1   | >= 0.5 | >= least | -     | -    | -      | escalate      | high       |
| R2   | -      | -        | -     | true | -      | investigate   | low        |
| R3   | -      | -        | -     | -    | "none" | monitor       | low        |
| R4   | -      | -        | > 3   | -    | -      | monitor       | info       |
| else | -      | -        | -     | -    | -      | dismiss       | info       |
`;

const sop = sopOf(['subject: [owner]'], tables);
const [logic, problems] = resolveTables(sop, desk);
const checked: CheckedSop = {
  sop,
  logic,
  segmentation: null,
  groups: [],
  reads: { tables: [], views: [], sound: true },
  lists: [],
  sound: true,
};

test('the SOP of these tests is sound', () => expect(problems).toEqual([]));

function row(
  signals: Record<string, string | null>,
  expected: Record<string, string | null> = { disposition: 'dismiss' },
  place = 1,
): SheetRow {
  return {
    row: place,
    segment: null,
    signals: new Map(Object.entries(signals)),
    expected: new Map(Object.entries(expected)),
  };
}

const sheet = (rows: readonly SheetRow[], from = 'investigate') => compareSheet(checked, desk, rows, from);

/** What one row of signals is decided as. */
function decided(signals: Record<string, string | null>): string {
  const result = sheet([row(signals, { disposition: '', rule: '?' })]);
  if (result.unread.length > 0) return `unread: ${result.unread[0]?.why}`;
  return Object.values(result.disagreements[0]?.actual ?? {}).join(' by ');
}

describe('cells as spreadsheets write them', () => {
  test.each(['True', 'TRUE', 'true', ' yes ', 'Y', '1', 't'])('%s is yes', (text) =>
    expect(decided({ tip: text })).toBe('investigate by R2'),
  );
  test.each(['False', 'no', 'N', '0', 'f'])('%s is no', (text) =>
    expect(decided({ tip: text })).toBe('dismiss by else'),
  );
  test.each(['', ' ', 'NA', 'n/a', '#N/A', 'null', 'None', 'NaN', '-'])('%j is missing', (text) => {
    expect(decided({ tip: text, share: text, size: text, count: text })).toBe('dismiss by else');
  });
  test('missing takes the `Missing` value, and no column at all does too', () => {
    expect([decided({ share: null, size: '500' }), decided({ size: '500' })]).toEqual([
      'dismiss by else',
      'dismiss by else',
    ]);
  });
  test.each([
    [{ share: '0.5', size: '100' }, 'escalate by R1'],
    [{ share: ' 5e-1 ', size: '+100.000' }, 'escalate by R1'],
    [{ share: '.495', size: '1e2' }, 'escalate by R1'],
    [{ share: '0.4949', size: '100' }, 'dismiss by else'],
    [{ share: '0.5', size: '99.9999999999999999999' }, 'dismiss by else'],
    [{ count: '4.0' }, 'monitor by R4'],
    [{ kind: 'retail' }, 'dismiss by else'],
    [{ kind: 'RETAIL' }, 'dismiss by else'],
    [{ kind: 'none' }, 'monitor by R3'],
    [{ share: '1.5' }, 'invalid by invalid'],
    [{ kind: 'whale' }, 'invalid by invalid'],
    [{ tip: 'maybe' }, 'unread: tip is "maybe", which is not yes or no'],
    [{ share: '20%' }, 'unread: share is "20%", which is not a number'],
    [{ size: '1,000' }, 'unread: size is "1,000", which is not a number'],
    [{ count: '1.5' }, 'unread: count is not a whole number'],
    [{ share: 'Infinity' }, 'unread: share is "Infinity", which is not a number'],
  ])('%j', (signals, expected) => expect(decided(signals)).toBe(expected));
});

describe('answers', () => {
  const attack = { tip: 'yes' };
  test.each<[Record<string, string | null>, Record<string, string | null>, boolean]>([
    [attack, { disposition: 'investigate' }, true],
    [attack, { disposition: 'Investigate ' }, true],
    [attack, { disposition: 'escalate' }, false],
    [attack, { disposition: 'yes' }, true],
    [attack, { disposition: '0' }, false],
    [{}, { disposition: 'False' }, true],
    [{}, { disposition: 'TRUE' }, false],
    [attack, { disposition: 'investigate', severity: 'high' }, false],
    [attack, { disposition: 'investigate', severity: 'low', rule: 'r2' }, true],
    [attack, { disposition: null, severity: 'low' }, true],
    [{ share: '1.5' }, { disposition: 'dismiss' }, false],
    [{ share: '1.5' }, { disposition: 'no' }, false],
  ])('%j, expected %j: %s', (signals, expected, agrees) => {
    expect(sheet([row(signals, expected)]).agreed).toBe(agrees ? 1 : 0);
  });
});

test('counts: alerts from a disposition against labels', () => {
  const rows = [
    row({ tip: 'yes' }, { disposition: 'escalate' }),
    row({ tip: 'yes' }, { disposition: 'dismiss' }),
    row({}, { disposition: 'investigate' }),
    row({}, { disposition: 'monitor' }),
    row({ tip: 'x' }, { disposition: 'escalate' }),
    row({ share: '2' }, { disposition: 'escalate' }),
  ];
  expect(sheet(rows)).toMatchObject({
    rows: 6,
    alerts: 2,
    labels: 3,
    truePositives: 1,
    falsePositives: 1,
    misses: 2,
    invalid: 1,
    undecided: 0,
    agreed: 0,
  });
  expect(sheet(rows, 'monitor')).toMatchObject({ alerts: 2, labels: 4, misses: 3 });
  expect(sheet(rows).unread).toEqual([{ row: 1, why: 'tip is "x", which is not yes or no' }]);
});

test('disagreements are listed by rule and then by row', () => {
  const rows = [
    row({}, { disposition: 'escalate' }, 1),
    row({ tip: 'yes' }, { disposition: 'dismiss' }, 2),
    row({ share: '2' }, { disposition: 'dismiss' }, 3),
    row({ tip: 'yes' }, { disposition: 'escalate' }, 4),
  ];
  expect(sheet(rows).disagreements.map(({ rule, row: place }) => [rule, place])).toEqual([
    [null, 3],
    ['R2', 2],
    ['R2', 4],
    ['else', 1],
  ]);
});
