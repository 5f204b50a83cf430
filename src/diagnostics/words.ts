import { dotted } from '../text/invisible.ts';

/** `a`, `b` or `c`, each in backquotes; shortened after `limit` names. */
export function oneOf(names: readonly string[], limit = 8): string {
  return join(names, 'or', limit);
}

/** `a`, `b` and `c`. */
export function allOf(names: readonly string[], limit = 8): string {
  return join(names, 'and', limit);
}

function join(names: readonly string[], word: string, limit: number): string {
  const shown = names.slice(0, limit).map((name) => `\`${name}\``);
  if (names.length > limit) return `${shown.join(', ')} ${word} ${names.length - limit} more`;
  if (shown.length < 2) return shown.join('');
  return `${shown.slice(0, -1).join(', ')} ${word} ${shown.at(-1)}`;
}

/** " (did you mean `x`?)" or nothing. */
export function didYouMean(near: readonly string[]): string {
  return near.length === 0 ? '' : ` (did you mean ${oneOf(near)}?)`;
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** Text from a file, made safe and short enough for a message: one line, no control characters. */
export function quote(text: string, limit = 60): string {
  const flat = dotted(text).replace(/·{2,}/g, '·').replace(/\s+/g, ' ');
  return flat.length > limit ? `${flat.slice(0, limit - 1)}…` : flat;
}
