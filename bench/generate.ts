import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A source of the same numbers for the same seed: `next(n)` gives a whole number from 0 to n − 1. */
export interface Dice {
  next(sides: number): number;
  of<T>(list: readonly T[]): T;
}

/** Mulberry32: small, and the same on every machine. */
export function dice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (sides: number) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
  return {
    next,
    of: (list) => {
      const found = list[next(list.length)];
      if (found === undefined) throw new Error('nothing to choose from');
      return found;
    },
  };
}

/** Writes `count` SOPs below `root/sops`, without cases: a library as it stands before anybody has written one. */
export async function generateLibrary(root: string, count: number, seed: number): Promise<string[]> {
  const random = dice(seed);
  const paths: string[] = [];
  for (let number = 1; number <= count; number++) {
    const id = `${random.of(activities).id}-${String(number).padStart(3, '0')}`;
    const path = join(root, 'sops', id, 'SOP.md');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, generateSop(id, random));
    paths.push(path);
  }
  return paths;
}

/** What a SOP watches: one row an account and a unit of work, from one market table. */
interface Activity {
  readonly id: string;
  readonly noun: string;
  readonly technique: string;
  readonly market: string;
  readonly table: string;
  readonly account: string;
  readonly group: string;
  readonly usd: string;
  readonly marked: string;
  readonly filter: string;
}

const activities: readonly Activity[] = [
  {
    id: 'self-trades', noun: 'trades with itself', technique: 'WT-01', market: 'spot', table: 'trades', account: 'buy_account_id', group: 'symbol',
    usd: 'notional_usd', marked: 'buy_account_id = sell_account_id', filter: "coalesce(kind, 'normal') = 'normal'",
  },
  {
    id: 'quick-cancels', noun: 'orders that are taken back', technique: 'NB-01', market: 'perp', table: 'orders', account: 'account_id', group: 'symbol',
    usd: 'notional_usd', marked: "event = 'cancel' AND coalesce(filled_qty, 0) = 0", filter: "event IN ('new', 'fill', 'cancel')",
  },
  {
    id: 'fast-withdrawals', noun: 'withdrawals soon after a deposit', technique: 'SY-01', market: 'spot', table: 'transfers', account: 'from_account', group: 'asset',
    usd: 'usd', marked: "kind = 'withdraw'", filter: 'usd > 0',
  },
  {
    id: 'crowded-margin', noun: 'positions close to their liquidation', technique: 'LS-01', market: 'perp', table: 'positions', account: 'account_id', group: 'symbol',
    usd: 'notional_usd', marked: "leverage >= 20 AND margin_mode = 'cross'", filter: 'qty > 0',
  },
  {
    id: 'reward-runs', noun: 'rewards that one person collects', technique: 'SY-02', market: 'spot', table: 'rewards', account: 'account_id', group: 'campaign_id',
    usd: 'usd', marked: "kind IN ('bonus', 'voucher')", filter: 'usd IS NOT NULL',
  },
]; // biome-ignore format: a table of words

const owners = ['trading-risk', 'market-integrity', 'compliance'];
const reasons = [
  'far more than chance would give', 'large and one-sided', 'seen in every case that was confirmed', 'worth an hour of an analyst',
  'too much for a habit, too little to be sure', 'the same, in a quiet symbol', 'small; worth a look if it goes on',
]; // biome-ignore format: a list of words
const stories = [
  'A market maker quotes both sides and meets its own orders; the account is of type `mm`',
  'A treasury moves its own funds between two sub-accounts once a quarter, and says so beforehand',
  'An execution algorithm slices a parent order, and every slice carries the same `parent_id`',
  'A fund rebalances at the same minute every week, whatever the price is',
];

/** One SOP of about six kilobytes: other words, thresholds, SQL and rules for every draw. */
export function generateSop(id: string, random: Dice): string {
  const activity = activities.find((entry) => id.startsWith(entry.id)) ?? random.of(activities);
  const minutes = random.of([5, 10, 15, 30, 60, 120, 240]);
  const low = 1_000 * (5 + random.next(45));
  const high = low * (4 + random.next(7));
  const few = 3 + random.next(18);
  return `${frontMatter(id, title(activity, minutes), activity, random)}
# ${title(activity, minutes)}

## Purpose
This SOP decides, for one account and one ${activity.group} in ${minutes} minutes, whether ${activity.noun} are a habit or an accident. It reads the
table \`${activity.table}\` and nothing else, so it works on any feed that fills \`${activity.account}\`, \`${activity.group}\` and \`${activity.usd}\`.

A window with fewer than \`min_events\` rows gets no alert, because a share of two rows says nothing. Measured on ${200 + random.next(800)} reviewed
windows of last year, ${60 + random.next(35)} % of the escalated ones were confirmed by an analyst; the others were market makers.

## Parameters
| Parameter     | Type    | Value | Unit  | Range      | Meaning                                   |
|---------------|---------|------:|-------|------------|-------------------------------------------|
| \`window\`      | integer | ${minutes} | minute | [1..1440] | length of a window                         |
| \`min_events\`  | integer | ${few} | rows  | [1..500]   | fewer rows in a window are no habit         |
| \`low_usd\`     | decimal | ${low} | USD   | >= 0       | below it nobody is looked at                |
| \`high_usd\`    | decimal | ${high} | USD   | >= 0       | from here on it is worth an analyst's time  |
| \`memory\`      | integer | ${4 + random.next(44)} | windows | [1..500] | how many windows before are compared   |

With \`memory\` at twice its value the figures change by less than two in a hundred.

${signals(activity, random)}
${decision(random)}
## Procedure
1. **Say what was seen.** The agent MUST state the account, the ${activity.group}, the window, the rule, and every signal with its unit.
2. **List the rows.** The agent MUST list the rows of \`${activity.table}\` behind \`marked_usd\`, with time, size and counterparty.
3. **Compare with before.** The agent SHOULD show the same figures for the \`memory\` windows before, and for the ${activity.group}'s other accounts.
4. **Rule out benign explanations.** The agent MUST go through every row of Benign explanations and write down what it found.
5. **Leave the account alone.** The agent MUST NOT freeze, warn or contact the account, because a warning destroys evidence.
6. **Decide.** (human) A risk manager MUST confirm or overrule the disposition in writing, with the explanation that was accepted.

## Escalation
| Severity | Team             | Within | Report     |
|----------|------------------|--------|------------|
| critical | compliance       | 1h     | compliance |
| high     | market-integrity | ${2 + random.next(6)}h     | compliance |
| medium   | trading-risk     | ${1 + random.next(4)}d     | –          |

## Benign explanations
| Explanation | Evidence that confirms it | Then |
|---|---|---|
${pick(stories, 2, random)
  .map(
    (story) =>
      `| ${story} | the account's record says so, and ${random.of(reasons)} does not apply | ${random.of(['dismiss', 'monitor'])} |`,
  )
  .join('\n')}

## References
- Delegated Regulation (EU) 2016/522 Annex II §1: indicators of manipulative behaviour, paragraph ${1 + random.next(6)}
- The desk's own review of ${2019 + random.next(7)}, ${20 + random.next(300)} windows, minutes of the risk committee
`;
}

function title(activity: Activity, minutes: number): string {
  return `${activity.noun.charAt(0).toUpperCase()}${activity.noun.slice(1)} within ${minutes} minutes`;
}

function frontMatter(id: string, heading: string, activity: Activity, random: Dice): string {
  return `---
id: ${id}
title: ${heading}
version: ${random.next(4)}.${random.next(10)}.${random.next(10)}
status: draft
owner: ${random.of(owners)}
effective: 2026-11-01
review_by: 2099-05-01
summary: >-
  Decide from \`${activity.table}\` whether ${activity.noun} are a habit of one account. Use when a patrol, an alert or a tip
  names an account whose rows in one ${activity.group} look made.
kind: investigation
techniques: [${activity.technique}]
markets: [${activity.market}]
subject: [account_id, grouping, ts]
at: ts
alert: {from: investigate, by: [account_id], quiet: ${random.of(['15m', '30m', '1h', '4h'])}}
---
`;
}

function signals({ table, account, group, usd, marked, filter }: Activity, random: Dice): string {
  return `## Signals

### Activity
Rows of \`${table}\`, counted in the window that they fall into. ${random.of(['Rows without an account are left out.', 'A feed without accounts accuses nobody.'])}

| Signal         | Type    | Unit  | Range                    | Missing | Meaning                                  |
|----------------|---------|-------|--------------------------|---------|------------------------------------------|
| \`events\`       | integer | rows  | >= 0                     | 0       | rows of the account in the window        |
| \`marked_usd\`   | decimal | USD   | >= 0                     | 0       | value of the marked rows                 |
| \`marked_share\` | number  | ratio | [0..1] step 0.0001       | 0       | that ÷ value of all rows of the account  |
| \`times_usual\`  | number  | ratio | [0..1000000] step 0.01   | null    | value against the mean of windows before |

\`\`\`sql
-- One row an account, ${group} and window; the value is exact, so the order of rows cannot change it.
WITH windows AS (
  SELECT
    ${account} AS account_id,
    ${group} AS grouping,
    time_bucket(INTERVAL ($window) MINUTE, ts) AS ts,
    count(*) AS events,
    sum(${usd}) AS all_usd,
    sum(${usd}) FILTER (${marked}) AS marked_usd
  FROM ${table}
  WHERE ${account} IS NOT NULL AND ${filter}
    AND coalesce(${usd}, 0) >= ${random.next(500)}
  GROUP BY ALL
),
compared AS (
  SELECT
    *,
    count(*) OVER before AS known,
    sum(all_usd) OVER before AS usd_before
  FROM windows
  WINDOW before AS (
    PARTITION BY account_id, grouping ORDER BY ts
    ROWS BETWEEN $memory PRECEDING AND 1 PRECEDING
  )
)
SELECT
  account_id, grouping, ts, events,
  coalesce(marked_usd, 0) AS marked_usd,
  CAST(coalesce(marked_usd, 0) AS DOUBLE) / nullif(CAST(all_usd AS DOUBLE), 0) AS marked_share,
  CASE WHEN known >= ${1 + random.next(5)} THEN CAST(all_usd AS DOUBLE) / nullif(CAST(usd_before AS DOUBLE) / known, 0) END AS times_usual
FROM compared
WHERE events >= ${1 + random.next(3)}
\`\`\`
`;
}

function decision(random: Dice): string {
  const share = 0.4 + random.next(40) / 100;
  const half = share / 2;
  const times = 3 + random.next(12);
  const row = (id: string, cells: readonly string[]) => `| ${[id, ...cells, random.of(reasons)].join(' | ')} |`;
  return `## Decision
| F | events | marked_usd | marked_share | times_usual | → disposition | → severity | Why |
|---|--------|------------|--------------|-------------|---------------|------------|-----|
${row('R1', ['>= min_events', '>= high_usd', `>= ${share.toFixed(2)}`, `>= ${times}`, 'escalate', 'critical'])}
${row('R2', ['>= min_events', '>= high_usd', `>= ${share.toFixed(2)}`, '-', 'escalate', 'high'])}
${row('R3', ['>= min_events', '>= high_usd', `[${half.toFixed(2)}..${share.toFixed(2)})`, `>= ${times}`, 'investigate', 'high'])}
${row('R4', ['>= min_events', '>= low_usd', `>= ${share.toFixed(2)}`, '-', 'investigate', 'medium'])}
${row('R5', ['>= min_events', '[low_usd..high_usd)', `[${half.toFixed(2)}..${share.toFixed(2)})`, `>= ${times}`, 'investigate', 'medium'])}
${row('R6', ['>= min_events', '>= low_usd', `>= ${half.toFixed(2)}`, 'null', 'monitor', 'low'])}
${row('R7', ['-', '>= high_usd', '-', `>= ${times * 2}`, 'monitor', 'low'])}
| else | - | - | - | - | dismiss | info | nothing that an analyst would look at |

**R6** keeps a list of new accounts, whose \`times_usual\` is null. A share of ${share.toFixed(2)} was exceeded by ${1 + random.next(9)} in a thousand windows of accounts that nobody suspects.
`;
}

function pick<T>(list: readonly T[], count: number, random: Dice): T[] {
  const left = [...list];
  return Array.from({ length: count }, () => left.splice(random.next(left.length), 1)).flat();
}
