/** Time as the language writes it. All times are UTC; there is no clock here. */

const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `30m` → 1800. Undefined where the text is no duration. */
export function secondsOf(duration: string): number | undefined {
  const match = /^(\d{1,6})([smhd])$/.exec(duration);
  const unit = unitSeconds[match?.[2] ?? ''];
  return unit === undefined ? undefined : Number(match?.[1]) * unit;
}

const longDuration = /^([+-]?)P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9})(?:\.(\d{1,6}))?S)?)?$/;

/**
 * A duration of days and time as ISO 8601 and DMN write it (`PT30M`, `P1DT12H`, `PT0.25S`), or as the language does (`30m`), in
 * microseconds. Undefined for anything else: months and years have no fixed length.
 */
export function parseDuration(text: string): number | undefined {
  const short = secondsOf(text);
  if (short !== undefined) return short * 1e6;
  const match = longDuration.exec(text);
  if (match === null || !/\d/.test(text) || text.endsWith('T')) return undefined;
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = match;
  const whole = Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  const microseconds = whole * 1e6 + Number(fraction.padEnd(6, '0'));
  return sign === '-' && microseconds !== 0 ? -microseconds : microseconds;
}

/** Microseconds as `P1DT12H`, `PT0.25S`. */
export function isoDuration(microseconds: number): string {
  const size = Math.abs(microseconds);
  const days = Math.floor(size / 86_400e6);
  const hours = Math.floor((size / 3600e6) % 24);
  const minutes = Math.floor((size / 60e6) % 60);
  const rest = size % 60e6;
  const fraction = String(rest % 1e6)
    .padStart(6, '0')
    .replace(/0+$/, '');
  const seconds = `${Math.floor(rest / 1e6)}${fraction === '' ? '' : `.${fraction}`}`;
  const time = `${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}${seconds === '0' ? '' : `${seconds}S`}`;
  const text = `${days > 0 ? `${days}D` : ''}${time === '' ? '' : `T${time}`}`;
  return `${microseconds < 0 ? '-' : ''}P${text === '' ? 'T0S' : text}`;
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

/** Microseconds since 1970 as `2026-11-02 00:30:00.000000`: the one form in which times reach the engine. */
export function sqlTime(microseconds: number): string {
  const milliseconds = Math.floor(microseconds / 1000);
  const rest = String(microseconds - milliseconds * 1000).padStart(3, '0');
  return new Date(milliseconds).toISOString().replace('T', ' ').replace('Z', rest);
}
