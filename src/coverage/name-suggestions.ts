import type { Case, Draft } from '../model/case.ts';
import type { Suggestion } from './suggest.ts';

/**
 * Names for suggested cases, by the first thing that each closes: `wt-s-r3-matched-usd-below`. The first word is the one with which
 * most cases of the SOP begin.
 */
export function nameSuggestions(
  sop: string,
  suggestions: readonly Suggestion[],
  known: readonly Pick<Case | Draft, 'name' | 'sop'>[],
): string[] {
  const taken = new Set(known.map(({ name }) => name.value));
  const prefix = usualPrefix(known.filter((entry) => entry.sop === sop).map(({ name }) => name.value)) ?? sop;
  return suggestions.map((suggestion) => {
    const base = slug(`${prefix}-s-${aboutOf(suggestion)}`)
      .slice(0, 58)
      .replace(/-$/, '');
    let name = base;
    for (let number = 2; taken.has(name); number++) name = `${base}-${number}`;
    taken.add(name);
    return name;
  });
}

function aboutOf({ closes: [first] }: Suggestion): string {
  if (first === undefined) return 'point';
  const { kind, rule, column, id } = first;
  const side = kind === 'bound' ? (id.split('/').at(-1) ?? '') : kind === 'mutant' ? 'slip' : kind;
  return [rule, column, side].filter((part) => part !== null).join('-');
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

function usualPrefix(names: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const name of names) {
    const [first = ''] = name.split('-');
    counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  let best: string | null = null;
  for (const [word, count] of counts) if (count > (best === null ? 0 : (counts.get(best) ?? 0))) best = word;
  return best;
}
