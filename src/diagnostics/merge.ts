import type { Diagnostic } from './diagnostic.ts';

/**
 * One mistake that shows in many places is said once, with the other places beside it: five rules that use a misspelt
 * parameter are one message and one fix. What is said of one place twice, because two cases share it, is said once. Expects
 * diagnostics in their order.
 */
export function mergeRepeats(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const merged: Diagnostic[] = [];
  const first = new Map<string, number>();
  const said = new Set<string>();
  for (const diagnostic of diagnostics) {
    const { code, span, args } = diagnostic;
    const saying = JSON.stringify([code, span, args]);
    if (said.has(saying)) continue;
    said.add(saying);
    const name = args['name'];
    const key = typeof name === 'string' ? `${code} ${span.path} ${name}` : undefined;
    const index = key === undefined ? undefined : first.get(key);
    const earlier = index === undefined ? undefined : merged[index];
    if (index === undefined || earlier === undefined) {
      if (key !== undefined) first.set(key, merged.length);
      merged.push(diagnostic);
    } else {
      const related = earlier.related.length < 4 ? [...earlier.related, { span, label: 'here too' }] : earlier.related;
      merged[index] = { ...earlier, related, edits: [...earlier.edits, ...diagnostic.edits] };
    }
  }
  return merged;
}
