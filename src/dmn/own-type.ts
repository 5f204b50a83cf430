import type { ValueType } from '../model/value.ts';
import type { DmnType } from './dmn-model.ts';

export interface OwnType {
  /** Null where it is none of ours, or where nobody says; `why` tells. */
  readonly type: ValueType | null;
  /** Unary tests of FEEL. */
  readonly allowed: string | null;
  readonly why: string;
}

const simple: Readonly<Record<string, ValueType>> = {
  string: 'enum',
  // FEEL counts in decimals.
  number: 'decimal',
  boolean: 'boolean',
  // Words of other tools.
  integer: 'integer',
  long: 'integer',
  double: 'number',
  // A day is its midnight.
  date: 'date and time',
  datetime: 'date and time',
  dateandtime: 'date and time',
  duration: 'duration',
  daytimeduration: 'duration',
  daysandtimeduration: 'duration',
};

const otherTimes = /^(?:time|yearmonthduration|yearsandmonthsduration)$/;

/** What a type of DMN is here; definitions are followed, and the allowed values of the first that has some hold. */
export function ownType(ref: string | null, types: ReadonlyMap<string, DmnType>): OwnType {
  let name = ref;
  let allowed: string | null = null;
  for (let depth = 0; depth < 20; depth++) {
    if (name === null || name === '') return { type: null, allowed, why: '' };
    const defined = types.get(name) ?? types.get(name.replace(/^[\w-]*[:.]/, ''));
    if (defined === undefined) return { ...plainType(name), allowed };
    allowed ??= defined.allowed;
    if (defined.isCollection) return { type: null, allowed, why: 'it is a list, and a signal has one value' };
    if (defined.parts.size > 0) return { type: null, allowed, why: 'it has parts, and a signal has one value' };
    name = defined.typeRef;
  }
  return { type: null, allowed, why: 'its definitions refer to each other in a circle' };
}

function plainType(ref: string): Pick<OwnType, 'type' | 'why'> {
  const word = ref
    .replace(/^[\w-]*:/, '')
    .toLowerCase()
    .replaceAll(/[\s_-]/g, '');
  const type = simple[word];
  if (type !== undefined) return { type, why: '' };
  if (otherTimes.test(word))
    return {
      type: null,
      why: 'signals are no times of day and no months or years; make a number of it, such as the hour',
    };
  return { type: null, why: word === 'any' ? '' : `\`${ref}\` is no type here` };
}

/** The type of a part, such as `Applicant.Age`; null where the type has no such part. */
export function partType(
  ref: string | null,
  path: readonly string[],
  types: ReadonlyMap<string, DmnType>,
): string | null {
  let found: DmnType | undefined = ref === null ? undefined : types.get(ref);
  for (const name of path) {
    if (found !== undefined && found.parts.size === 0 && found.typeRef !== null) found = types.get(found.typeRef);
    found = found?.parts.get(name);
  }
  return found?.typeRef ?? null;
}
