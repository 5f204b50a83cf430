import Big from 'big.js';

/** As a value has no key of no letters, this one marks what JSON cannot say: `{"": "big", "is": "0.1"}`. */
const mark = '';

/** Plain data, maps and exact numbers as plain JSON. Anything else is a mistake of the caller. */
export function packValue(value: unknown): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0)) return value;
  if (typeof value === 'number') return { [mark]: 'number', is: Object.is(value, -0) ? '-0' : String(value) };
  if (typeof value === 'bigint') return { [mark]: 'bigint', is: String(value) };
  if (value instanceof Big) return { [mark]: 'big', is: value.toString() };
  if (value instanceof Map) return { [mark]: 'map', is: [...value].map(packValue) };
  if (Array.isArray(value)) return value.map(packValue);
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype)
    throw new Error(`no plain data: ${String(value)}`);
  const own = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(own.map(([name, part]) => [name, packValue(part)]));
}

/** What `packValue` was given; but for properties that were undefined, which are absent. */
export function unpackValue(packed: unknown): unknown {
  if (typeof packed !== 'object' || packed === null) return packed;
  if (Array.isArray(packed)) return packed.map(unpackValue);
  if (!Object.hasOwn(packed, mark))
    return Object.fromEntries(Object.entries(packed).map(([name, part]) => [name, unpackValue(part)]));
  const { [mark]: kind, is } = packed as Record<string, unknown>; // as `packValue` writes it
  if (kind === 'map') return new Map(unpackValue(is) as [unknown, unknown][]);
  if (kind === 'big') return Big(String(is));
  return kind === 'bigint' ? BigInt(String(is)) : Number(is);
}
