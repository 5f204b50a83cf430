import { distance } from 'fastest-levenshtein';

/**
 * The candidates that a misspelt `word` most likely meant, nearest first and then by alphabet; at most `limit`. A
 * candidate counts when at most a third of the longer word differs (always allowing one letter).
 */
export function nearest(word: string, candidates: Iterable<string>, limit = 3): string[] {
  const wanted = word.toLowerCase();
  const scored: { name: string; score: number }[] = [];
  for (const name of new Set(candidates)) {
    const score = distance(wanted, name.toLowerCase());
    const allowed = Math.max(1, Math.floor(Math.max(word.length, name.length) / 3));
    if (score <= allowed) scored.push({ name, score });
  }
  scored.sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1));
  return scored.slice(0, limit).map((entry) => entry.name);
}

/** The one candidate that is strictly nearer than every other, or undefined: only then may a fix be applied unasked. */
export function onlyNearest(word: string, candidates: Iterable<string>): string | undefined {
  const [first, second] = nearest(word, candidates, 2);
  if (first === undefined) return undefined;
  if (second === undefined) return first;
  const wanted = word.toLowerCase();
  return distance(wanted, first.toLowerCase()) < distance(wanted, second.toLowerCase()) ? first : undefined;
}
