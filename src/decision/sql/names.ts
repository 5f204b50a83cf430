/** What the last table must give. */
export const finalOutputs: readonly string[] = ['disposition', 'severity'];

/** The column that tells which rule decides: its code in the last table, 0 for none of them, -1 where the decision is invalid. */
export const decisive = '(rule)';

/** A kept column on its way through the layers, where an input may have the same name. */
export function keptName(column: string): string {
  return `(kept) ${column}`;
}
