import type { SqlProblem } from '../model/ports.ts';
import { nearest } from '../text/nearest.ts';
import { typeWords } from './type-words.ts';

/** Names that a query could have meant. */
export interface KnownNames {
  readonly columns: readonly string[];
  readonly tables: readonly string[];
}

/** What DuckDB says when `errors_as_json` is on. */
export interface EngineError {
  readonly type: string;
  readonly message: string;
  readonly name?: string | undefined;
  readonly subtype?: string | undefined;
  readonly byte?: number | undefined;
  readonly call?: string | undefined;
}

/** Tries the rules in order; the first that knows the message gives the problem. */
type Rule = readonly [
  pattern: RegExp,
  build: (match: RegExpExecArray, error: EngineError, known: KnownNames) => SqlProblem,
];

const rules: readonly Rule[] = [
  [/^(?:Referenced c|C)olumn "(.+?)" (?:not found|was not found|referenced)/, (m, _e, k) => column(m[1] ?? '', k)],
  [/^(?:Table|Values list) "(.+?)" does not have a column named "(.+?)"/, (m, _e, k) => column(m[2] ?? '', k)],
  [
    /^Column "(.+?)" does not exist on (left|right) side of join/,
    (m, _e, k) => ({ ...column(m[1] ?? '', k), detail: `the ${m[2]} side of the join has no such column` }),
  ],
  [/^Column "(.+?)" in (EXCLUDE|REPLACE|RENAME) list not found/, (m, _e, k) => column(m[1] ?? '', k)],
  [
    /^Could not find key "(.+?)" in struct/,
    (m, e) => ({ reason: 'unknown_column', name: m[1] ?? '', ...quotedAfter(e, 'Entries') }),
  ],
  [
    /^Cannot extract field '(.+?)' from expression "(.+?)"/,
    (m) => ({ reason: 'unknown_column', name: m[1] ?? '', detail: `${m[2]} has no fields` }),
  ],
  [/^\* expression without FROM/, () => ({ reason: 'other', name: 'SELECT', detail: '* needs a FROM' })],
  [
    /^No matching columns found that match regex "(.+?)"/,
    (m) => ({ reason: 'unknown_column', name: m[1] ?? '', detail: 'no column matches' }),
  ],
  [
    /^Referenced table "(.+?)" not found/,
    (m, e) => ({
      reason: 'unknown_table',
      name: m[1] ?? '',
      ...quotedAfter(e, 'tables'),
      detail: 'FROM has no table or alias of this name',
    }),
  ],
  [
    /^Table with name (.+?) does not exist/,
    (m, _e, k) => ({ reason: 'unknown_table', name: m[1] ?? '', ...candidates(m[1] ?? '', k.tables) }),
  ],
  [
    /^Ambiguous reference to (?:column name|table) "(.+?)" ?(?:\(use: (.+)\))?/,
    (m) => ({ reason: 'ambiguous_column', name: m[1] ?? '', ...listed(m[2]) }),
  ],
  [
    /^(?:Scalar |Aggregate |Table )?Function with name (\S+) does not exist/,
    (m) => ({ reason: 'unknown_function', name: m[1] ?? '' }),
  ],
  [
    /^Type with name (\S+) does not exist/,
    (m) => ({ reason: 'type', name: m[1] ?? '', detail: `there is no type ${m[1]}` }),
  ],
  [/^No function matches the given name and argument types '(.+)'/, (m, e) => noMatch(e.call ?? m[1] ?? '')],
  [/^Could not choose a best candidate function for the function call "(.+?)"/, (m) => noMatch(m[1] ?? '')],
  [
    /^Cannot compare values of type (.+?) and (?:values of )?type (.+?) - /,
    (m) => ({ reason: 'type', detail: `${typeWords(m[1] ?? '')} can not be compared with ${typeWords(m[2] ?? '')}` }),
  ],
  [
    /^Cannot mix values of type (.+?) and (.+?) in (.+?) (?:clause|operator|expression)/,
    (m) => ({ reason: 'type', detail: `${m[3]} mixes ${typeWords(m[1] ?? '')} and ${typeWords(m[2] ?? '')}` }),
  ],
  [
    /^Unimplemented type for cast \((.+?) -> (.+?)\)/,
    (m) => ({ reason: 'type', detail: `${typeWords(m[1] ?? '')} can not become ${typeWords(m[2] ?? '')}` }),
  ],
  [
    /^column "?(.+?)"? must appear in the GROUP BY clause/,
    (m) => ({ reason: 'aggregate', name: m[1] ?? '', detail: 'it is neither grouped nor aggregated' }),
  ],
  [
    /^(\w[\w ]*?)(?: clause)? cannot contain (aggregates|window functions)/,
    (m) => ({ reason: 'aggregate', detail: `${m[1]} can not contain ${m[2]}` }),
  ],
  [
    /^aggregate function calls cannot (?:be nested|contain window function calls)/,
    () => ({ reason: 'aggregate', detail: 'an aggregate stands inside another' }),
  ],
  [
    /^window function(?: call)?s? (?:calls )?(?:cannot be nested|are not allowed in (.+))/,
    () => ({ reason: 'aggregate', detail: 'a window function can not stand here' }),
  ],
  [
    /^Cannot group on a window clause/,
    () => ({ reason: 'aggregate', detail: 'a window function stands beside sums; compute it in WITH first' }),
  ],
  [
    /^Combining QUALIFY with GROUP BY ALL/,
    () => ({ reason: 'aggregate', detail: 'QUALIFY can not follow GROUP BY ALL; name the columns in GROUP BY' }),
  ],
  [
    /^Subquery returns (\d+) columns - expected (\d+)/,
    (m) => ({ reason: 'type', detail: `the subquery gives ${m[1]} columns, not ${m[2]}` }),
  ],
  [
    /^Set operations can only apply to expressions with the same number/,
    () => ({
      reason: 'type',
      name: 'UNION',
      detail: 'the SELECTs of a UNION, INTERSECT or EXCEPT give different numbers of columns',
    }),
  ],
  [
    /^(ORDER|GROUP BY) term out of range - should be between 1 and (\d+)/,
    (m) => ({ reason: 'unknown_column', detail: `${m[1] === 'ORDER' ? 'ORDER BY' : m[1]} counts from 1 to ${m[2]}` }),
  ],
  [/^LIMIT\/OFFSET cannot be negative/, () => ({ reason: 'type', detail: 'LIMIT and OFFSET can not be negative' })],
  [
    /^Circular reference to CTE "(.+?)"/,
    (m) => ({ reason: 'unknown_table', name: m[1] ?? '', detail: 'a WITH that reads itself must be WITH RECURSIVE' }),
  ],
  [/^UNNEST not supported here/, () => ({ reason: 'other', name: 'unnest', detail: 'unnest can not stand here' })],
  [
    /^extract specifier "(.+?)" not recognized/i,
    (m) => ({ reason: 'type', name: m[1] ?? '', detail: `there is no part of a time called ${m[1]}` }),
  ],
  [/^DECIMAL type width must be/, () => ({ reason: 'type', name: 'DECIMAL', detail: 'a DECIMAL has 1 to 38 digits' })],
  [
    /^Could not convert string ['"]([\s\S]*?)['"] to ([\w(), ]*?)(?: when casting from source column (.+))?$/,
    (m) => {
      const where = m[3] === undefined ? '' : ` in column ${m[3]}`;
      return {
        reason: 'type',
        detail: `'${oneLine(m[1] ?? '')}'${where} can not be read as ${typeWords(engineType(m[2]))}`,
      };
    },
  ],
  [
    /^invalid timestamp field format: "(.*?)"/i,
    (m) => ({ reason: 'type', detail: `'${oneLine(m[1] ?? '')}' can not be read as a time (TIMESTAMP)` }),
  ],
  [
    /^More than one row returned by a subquery/,
    () => ({ reason: 'runtime', detail: 'a subquery used as a value gives more than one row' }),
  ],
  [
    /^Overflow in (.+?)[:!(]/i,
    (m) => ({ reason: 'runtime', detail: `a result is too large: overflow in ${m[1]?.trim()}` }),
  ],
];

/** The problem that the engine's words describe, without its place; undefined where no rule knows them. */
export function ruleProblem(error: EngineError, known: KnownNames): SqlProblem | undefined {
  for (const [pattern, build] of rules) {
    const found = pattern.exec(error.message);
    if (found !== null) return build(found, error, known);
  }
  return undefined;
}

function column(name: string, known: KnownNames): SqlProblem {
  return { reason: 'unknown_column', name, ...candidates(name, known.columns) };
}

function candidates(name: string, names: readonly string[]): Pick<SqlProblem, 'candidates'> {
  const near = nearest(name, names);
  return near.length > 0 ? { candidates: near } : {};
}

/** Names in quotes after `Candidate tables: "a", "b"`. */
function quotedAfter(error: EngineError, word: string): Pick<SqlProblem, 'candidates'> {
  const rest = error.message.split(`Candidate ${word}:`)[1] ?? '';
  return listed(rest);
}

function listed(text: string | undefined): Pick<SqlProblem, 'candidates'> {
  const names = [...(text ?? '').matchAll(/"([^"]+)"/g)].map((found) => found[1] ?? '');
  return names.length > 0 ? { candidates: names } : {};
}

/** `sum(VARCHAR)` becomes "sum does not take text (VARCHAR)". */
function noMatch(call: string): SqlProblem {
  const open = call.indexOf('(');
  const name = call.slice(0, open);
  const types = splitTypes(call.slice(open + 1, call.lastIndexOf(')')));
  if (types.length === 0) return { reason: 'type', name, detail: `${name} needs an argument` };
  const joiner = types.length > 1 && /^\W+$/.test(name) ? ' and ' : ', ';
  return { reason: 'type', name, detail: `${name} does not take ${types.map(typeWords).join(joiner)}` };
}

/** Splits at commas outside parentheses: DECIMAL(38,8) is one type. */
function splitTypes(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= text.length; at++) {
    const unit = text.charAt(at);
    if (unit === '(') depth++;
    else if (unit === ')') depth--;
    else if (at === text.length || (unit === ',' && depth === 0)) {
      const part = text.slice(from, at).trim();
      if (part !== '') parts.push(part);
      from = at + 1;
    }
  }
  return parts;
}

/** Conversion errors call types by their storage. */
function engineType(name: string | undefined): string {
  const stored: Record<string, string> = { INT64: 'BIGINT', INT32: 'INTEGER', BOOL: 'BOOLEAN' };
  return stored[name ?? ''] ?? name ?? '';
}

/** One line without the engine's own prefixes. */
export function oneLine(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^[A-Z][\w ]* Error: /, '')
    .slice(0, 300);
}
