/** Time as the language writes it. All times are UTC; there is no clock here. */

const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `30m` → 1800. Undefined where the text is no duration. */
export function secondsOf(duration: string): number | undefined {
  const match = /^(\d{1,6})([smhd])$/.exec(duration);
  const unit = unitSeconds[match?.[2] ?? ''];
  return unit === undefined ? undefined : Number(match?.[1]) * unit;
}

/** Seconds as the language writes them: 1800 → `30m`. */
export function formatDuration(seconds: number): string {
  for (const [unit, length] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
  ] as const) {
    if (seconds >= length && seconds % length === 0) return `${seconds / length}${unit}`;
  }
  return `${seconds}s`;
}

const timePattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6})\d*)?)?(Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?)?$/i;

/**
 * `2026-11-02T00:30:00Z`, `2026-11-02 00:30`, with up to microseconds and with an offset, → microseconds since
 * 1970-01-01 UTC. A time without a zone is UTC. Undefined for anything else, dates that don't exist included.
 */
export function parseTime(text: string): number | undefined {
  const match = timePattern.exec(text.trim());
  if (match === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
  if (!isDate(`${year}-${month}-${day}`) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    return undefined;
  const utc = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  return (utc - offsetMilliseconds(zone)) * 1000 + Number(fraction.padEnd(6, '0'));
}

function offsetMilliseconds(zone: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return (match[1] === '-' ? -minutes : minutes) * 60_000;
}

/** True for a day of the calendar written as `2026-11-01`. */
export function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return false;
  const date = new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])));
  return date.toISOString().slice(0, 10) === text;
}

/** The calendar of the language ends here, in the year 275760; an infinite TIMESTAMP lies beyond it. */
const furthest = 8.64e18;

/** Microseconds since 1970 as `2026-11-02T00:30:00Z`, with a fraction only where there is one. */
export function formatTime(microseconds: number): string {
  if (!(Math.abs(microseconds) <= furthest)) return `${microseconds} µs after 1970`;
  const milliseconds = Math.floor(microseconds / 1000);
  const rest = microseconds - milliseconds * 1000;
  const iso = new Date(milliseconds).toISOString();
  const fraction = `${iso.slice(20, 23)}${String(rest).padStart(3, '0')}`.replace(/0+$/, '');
  return `${iso.slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}Z`;
}

/** `2026-11-02 00:30:00.000000`: the one form in which times reach the engine. */
export function sqlTime(microseconds: number): string {
  const milliseconds = Math.floor(microseconds / 1000);
  const rest = String(microseconds - milliseconds * 1000).padStart(3, '0');
  return new Date(milliseconds).toISOString().replace('T', ' ').replace('Z', rest);
}
