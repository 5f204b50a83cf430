import type { TableFacts } from '../../model/survey.ts';
import { type Finding, finding, rowsWord } from './finding.ts';

/** What is wrong with rows as a whole: repeated, missing, with sides the wrong way round, under another name. */
export function judgeRows(facts: TableFacts): Finding[] {
  return [...duplicates(facts), ...missing(facts), ...swapped(facts), ...renamed(facts)];
}

/** Two files with the same rows have been told; what they repeat is not told again. */
function duplicates({ table, duplicates, files }: TableFacts): Finding[] {
  const twice = files.reduce(
    (sum, file, at) => sum + (files.findIndex((other) => other.fingerprint === file.fingerprint) < at ? file.rows : 0),
    0,
  );
  const rows = (duplicates?.rows ?? 0) - twice;
  if (duplicates === null || rows <= 0) return [];
  const message = `${rowsWord(rows)} repeat another row's ${duplicates.key.join(', ')}, such as ${duplicates.example}`;
  return [
    finding(
      'duplicate-rows',
      'error',
      table,
      { message, action: 'leave repeated rows out (overlapping exports?): they would count twice' },
      { rows },
    ),
  ];
}

/** Numbers are consecutive where at most a fifth is missing; then each missing one is a trade that did not arrive. */
function missing({ table, numbering, emptyKeys }: TableFacts): Finding[] {
  // Rows without a symbol are there; they only cannot be counted to one.
  if (emptyKeys.some(({ column }) => column === 'symbol' || column === 'trade_id')) return [];
  return numbering.flatMap(({ symbol, venue, rows, first, last }) => {
    const expected = last - first + 1;
    const absent = expected - rows;
    if (rows < 100 || absent <= 0 || absent > expected * 0.2) return [];
    const where = venue === '' ? symbol : `${symbol} at ${venue}`;
    const message = `${absent.toLocaleString('en-US')} of the trades ${first} to ${last} of ${where} are missing`;
    return [
      finding(
        'missing-ids',
        'error',
        table,
        { message, action: 'fetch them again; sums and counts are too low until then' },
        { symbol },
      ),
    ];
  });
}

/** Takers push prices: where prices fall when buyers take, sides are the wrong way round. */
function swapped(facts: TableFacts): Finding[] {
  return facts.sides.flatMap(({ file, symbol, moves, agreeing }) => {
    if (moves < 200 || agreeing / moves > 0.35) return [];
    const percent = Math.round((agreeing / moves) * 100);
    const message = `sides of ${symbol} look swapped: only ${percent} % of ${moves.toLocaleString('en-US')} moves of the price went the taker's way`;
    return [
      finding(
        'swapped-sides',
        'error',
        facts.table,
        {
          message,
          action:
            'check whether the source names the taker or the maker (`isBuyerMaker` true means that a seller took)',
        },
        { file: facts.files[file]?.file ?? null, symbol, column: 'taker_side', rows: moves },
      ),
    ];
  });
}

interface Life {
  readonly symbol: string;
  readonly venue: string;
  readonly from: number;
  readonly to: number;
  readonly first: number | null;
  readonly last: number | null;
  readonly rows: number;
}

/** Two spellings of one name, or one symbol that ends where another begins at its price. */
function renamed(facts: TableFacts): Finding[] {
  const lives = livesOf(facts);
  const begin = Math.min(...lives.map((life) => life.from));
  const end = Math.max(...lives.map((life) => life.to));
  const found: Finding[] = [];
  for (const [at, one] of lives.entries()) {
    for (const other of lives.slice(at + 1)) {
      if (one.venue !== other.venue) continue;
      const spelling = plain(one.symbol) === plain(other.symbol);
      const [early, late] = one.from <= other.from ? [one, other] : [other, one];
      if (!spelling && !follows(early, late, begin, end)) continue;
      const message = spelling
        ? `\`${one.symbol}\` and \`${other.symbol}\` look like two spellings of one instrument`
        : `\`${early.symbol}\` ends where \`${late.symbol}\` begins, at nearly the same price: it looks renamed`;
      found.push(
        finding(
          'renamed-symbol',
          'warning',
          facts.table,
          {
            message,
            action: 'give both the same name in a mapping (`values:`); signals take them for two instruments',
          },
          { symbol: late.symbol, column: 'symbol', rows: late.rows },
        ),
      );
    }
  }
  return found;
}

const plain = (symbol: string) => symbol.toUpperCase().replace(/[^\p{L}\p{N}]/gu, '');
const hour = 3_600_000_000;

function follows(early: Life, late: Life, begin: number, end: number): boolean {
  const gap = late.from - early.to;
  const inside = early.to < end - hour && late.from > begin + hour;
  if (!inside || gap < 0 || gap > 24 * hour || early.last === null || late.first === null) return false;
  return Math.min(early.rows, late.rows) >= 20 && Math.abs(late.first / early.last - 1) < 0.05;
}

function livesOf({ days }: TableFacts): Life[] {
  const lives = new Map<string, Life>();
  for (const day of days) {
    if (day.symbol === '' || day.from === null || day.to === null) continue;
    const key = `${day.venue}\u0000${day.symbol}`;
    const life = lives.get(key);
    if (life === undefined) {
      const { venue, symbol, from, to, firstPrice: first, lastPrice: last, rows } = day;
      lives.set(key, { venue, symbol, from, to, first, last, rows });
      continue;
    }
    lives.set(key, {
      ...life,
      rows: life.rows + day.rows,
      from: Math.min(life.from, day.from),
      to: Math.max(life.to, day.to),
      first: day.from < life.from ? day.firstPrice : life.first,
      last: day.to > life.to ? day.lastPrice : life.last,
    });
  }
  return [...lives.values()];
}
