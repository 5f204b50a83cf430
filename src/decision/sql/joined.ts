const longest = 32;

/**
 * Terms with an operator between them. Long rows are parted evenly, with parentheses: databases bound how deep an expression may
 * be. Terms that bind less tightly than the operator bring parentheses of their own.
 */
export function joined(terms: readonly string[], operator: 'AND' | 'OR' | '+'): string {
  if (terms.length <= longest) return terms.join(` ${operator} `);
  const size = Math.ceil(terms.length / longest);
  const parts = Array.from({ length: Math.ceil(terms.length / size) }, (_, part) =>
    joined(terms.slice(part * size, (part + 1) * size), operator),
  );
  return parts.map((part) => `(${part})`).join(` ${operator} `);
}
