/**
 * Lets what has arrived be heard before long work goes on: the process that binds SQL has an answer, and waits for its next
 * query.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
