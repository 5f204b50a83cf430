import type { LagFacts, Silence, StrangeTime, TableFacts } from '../../model/survey.ts';
import { formatTime } from '../../text/time.ts';
import { type Finding, finding, rowsWord, span } from './finding.ts';

/** What is wrong with times: units, holes, clocks, zones, rows that come late. */
export function judgeTimes(facts: TableFacts): Finding[] {
  return [
    ...facts.strangeTimes.map((strange) => strangeTime(facts.table, strange)),
    ...gaps(facts),
    // Times in the wrong unit have been told; how far they lie from others means nothing then.
    ...(facts.strangeTimes.length > 0 ? [] : facts.lags.flatMap((lag) => judgeLag(facts, lag))),
  ];
}

const year = 365.25 * 86_400e6;
const plausible = (microseconds: number) => microseconds > 39 * year && microseconds < 80 * year;

/** A time that becomes plausible when it is multiplied or divided by 1000 once or twice was read in the wrong unit. */
function strangeTime(table: string, strange: StrangeTime): Finding {
  const { column, rows, microseconds: us, example } = strange;
  const slips = [
    [1e3, 'milliseconds that were read as microseconds (or seconds as milliseconds)'],
    [1e6, 'seconds that were read as microseconds'],
    [1e9, 'seconds that were read as nanoseconds'],
    [1e-3, 'microseconds that were read as milliseconds (or milliseconds as seconds)'],
    [1e-6, 'microseconds that were read as seconds'],
  ] as const;
  const slip = slips.find(([factor]) => plausible(us * factor));
  if (slip !== undefined) {
    const message = `${rowsWord(rows)} have times in the wrong unit, such as ${example}: they look like ${slip[1]}`;
    return finding(
      'time-unit',
      'error',
      table,
      { message, action: 'state the unit in the mapping (`unit: ms`), or write the times out' },
      { column, rows },
    );
  }
  if (strange.future) {
    const message = `${rowsWord(rows)} lie in the future, such as ${example}`;
    return finding(
      'future-time',
      'error',
      table,
      { message, action: "check the clock and the time zone of the source; SOPs don't see these rows" },
      { column, rows },
    );
  }
  const message = `${rowsWord(rows)} lie before 2009, such as ${example}`;
  return finding(
    'time-unit',
    'error',
    table,
    { message, action: 'check the unit of the times, and what the source writes for "no time"' },
    { column, rows },
  );
}

/** Holes that all symbols of a venue share are one finding: then the feed was down, not a symbol quiet. */
function gaps({ table, silences, days }: TableFacts): Finding[] {
  const found: Finding[] = [];
  for (const venue of [...new Set(silences.map((silence) => silence.venue))].sort()) {
    const own = silences.filter((silence) => silence.venue === venue);
    const symbols = new Set(days.filter((day) => day.venue === venue).map((day) => day.symbol));
    const told = new Set<Silence>();
    for (const silence of own) {
      if (told.has(silence) || symbols.size < 2) continue;
      const alike = own.filter((other) => overlap(other, silence) >= 0.5);
      if (new Set(alike.map((other) => other.symbol)).size < symbols.size) continue;
      for (const other of alike) told.add(other);
      const from = Math.max(...alike.map((other) => other.from));
      const to = Math.min(...alike.map((other) => other.to));
      const where = venue === '' ? 'any symbol' : `any symbol of ${venue}`;
      const message = `no rows of ${where} from ${formatTime(from)} to ${formatTime(to)} (${span((to - from) / 1e6)})`;
      found.push(
        finding('gap', 'error', table, {
          message,
          action: 'fetch this time again; until then what happened in it is unknown, not quiet',
        }),
      );
    }
    found.push(
      ...ownGaps(
        table,
        own.filter((silence) => !told.has(silence)),
      ),
    );
  }
  return found;
}

function ownGaps(table: string, silences: readonly Silence[]): Finding[] {
  return [...new Set(silences.map((silence) => silence.symbol))].sort().map((symbol) => {
    const own = silences.filter((silence) => silence.symbol === symbol);
    const longest = own.reduce((best, next) => (next.seconds > best.seconds ? next : best));
    const times = own.length === 1 ? 'one time' : `${own.length} times`;
    const message = `${symbol} is silent far longer than usual ${times}: ${own.length === 1 ? '' : 'the longest '}from ${formatTime(longest.from)} to ${formatTime(longest.to)} (${span(longest.seconds)}; 99 of 100 of its silences stay below ${span(longest.usual)})`;
    return finding(
      'gap',
      'warning',
      table,
      { message, action: 'fetch these times again, or make sure that the symbol was halted or not recorded' },
      { symbol },
    );
  });
}

/** Share of the longer one that both have. */
function overlap(a: Silence, b: Silence): number {
  const both = Math.min(a.to, b.to) - Math.max(a.from, b.from);
  return both / Math.max(a.to - a.from, b.to - b.from);
}

function judgeLag(facts: TableFacts, lag: LagFacts): Finding[] {
  const file = facts.files[lag.file]?.file ?? null;
  const of = lag.venue === '' ? '' : ` of ${lag.venue}`;
  const hours = Math.round(lag.median / 1800) / 2;
  // Half an hour is the finest step of the zones in use that trade; five minutes are room for a slow feed.
  if (
    Math.abs(hours) >= 1 &&
    Math.abs(lag.median - hours * 3600) < 300 &&
    lag.least < lag.median + 300 &&
    lag.most - lag.least < 3 * 3600
  ) {
    const direction = hours > 0 ? 'behind' : 'ahead of';
    const message = `times${of} lie ${Math.abs(hours)} h ${direction} when the desk knew them, in all of ${rowsWord(lag.rows)}: they look like local time (UTC${hours > 0 ? '-' : '+'}${Math.abs(hours)})`;
    return [
      finding(
        'time-zone',
        'error',
        facts.table,
        { message, action: `state the zone in the mapping (\`zone: "+08:00"\`), or write the times in UTC` },
        { file, rows: lag.rows },
      ),
    ];
  }
  const found: Finding[] = [];
  if (lag.ahead > 0) {
    const message = `${rowsWord(lag.ahead)}${of} happened after the desk knew them, by up to ${span(-lag.least)}: one of the two clocks is off`;
    found.push(
      finding(
        'clock-ahead',
        'error',
        facts.table,
        {
          message,
          action: 'compare both clocks with a time server; until then orders of events across venues are guesses',
        },
        { file, rows: lag.ahead },
      ),
    );
  }
  if (lag.late > 0) {
    const message = `${rowsWord(lag.late)}${of} came late: up to ${span(lag.most)} after the event, where half of all came within ${span(Math.max(0, lag.median))}`;
    found.push(
      finding(
        'late-rows',
        'warning',
        facts.table,
        {
          message,
          action: 'a run at the time would not have seen them: let `settle` cover the delay, or find its cause',
        },
        { file, rows: lag.late },
      ),
    );
  }
  return found;
}
