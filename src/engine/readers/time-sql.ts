import type { TimeUnit } from '../../model/mapping.ts';
import { quoteText } from '../quote.ts';
import { guarded, type Scope } from './scope.ts';

const perUnit: Partial<Record<TimeUnit, number>> = { s: 1_000_000, ms: 1000, us: 1 };

/** Numbers below each bound are of its unit, where a mapping lets the size decide: every bound lies in the years 1973 and 5138. */
const magnitudes: readonly (readonly [unit: TimeUnit, below: string])[] = [
  ['s', '1e11'],
  ['ms', '1e14'],
  ['us', '1e17'],
  ['ns', '1e20'],
];

/** A text as a TIMESTAMP in UTC. Without units it is written out; a zone belongs to times that name none. */
export function timeSql(
  text: string,
  units: readonly TimeUnit[],
  zone: string | null,
  scope: Pick<Scope, 'table' | 'target'>,
): string {
  const [only] = units;
  const cast = units.length === 1 && only !== undefined ? oneUnit(text, only, zone) : byMagnitude(text, units, zone);
  return guarded(cast, text, scope);
}

function oneUnit(text: string, unit: TimeUnit, zone: string | null): string {
  if (unit === 'iso') return `CAST(TRY_CAST(${withZone(text, zone)} AS TIMESTAMPTZ) AS TIMESTAMP)`;
  if (unit === 'fix') {
    const forms = ['%Y%m%d-%H:%M:%S.%n', '%Y%m%d-%H:%M:%S.%f', '%Y%m%d-%H:%M:%S', '%Y%m%d-%H:%M'].map(quoteText);
    return `CAST(try_strptime(${text}, [${forms.join(', ')}]) AS TIMESTAMP)`;
  }
  if (unit === 'ns') return `make_timestamp(TRY_CAST(${text} AS BIGINT) // 1000)`;
  return `make_timestamp(TRY_CAST(round(TRY_CAST(${text} AS DOUBLE) * ${perUnit[unit] ?? 1}) AS BIGINT))`;
}

function byMagnitude(text: string, units: readonly TimeUnit[], zone: string | null): string {
  const size = `abs(TRY_CAST(${text} AS DOUBLE))`;
  let above = '0';
  const cases: string[] = [];
  for (const [unit, below] of magnitudes) {
    if (units.includes(unit))
      cases.push(`WHEN ${size} >= ${above} AND ${size} < ${below} THEN ${oneUnit(text, unit, zone)}`);
    above = below;
  }
  const written = units.filter((unit) => unit === 'iso' || unit === 'fix').map((unit) => oneUnit(text, unit, zone));
  return `coalesce(CASE ${[...cases, 'ELSE NULL'].join(' ')} END${written.map((sql) => `, ${sql}`).join('')})`;
}

/** Only a time that names no zone gets the stated one; a date alone ends in digits too. */
function withZone(text: string, zone: string | null): string {
  if (zone === null) return text;
  const named = `regexp_matches(${text}, ':[0-9.]+ ?([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)$')`;
  const dated = `CASE WHEN length(${text}) = 10 THEN ${text} || ' 00:00:00' ELSE ${text} END`;
  return `(CASE WHEN ${named} THEN ${text} ELSE ${dated} || ${quoteText(zone)} END)`;
}
