import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** A package that a test can do without; undefined where it is not installed. */
export function optional(name: string): unknown {
  try {
    return require(name);
  } catch {
    return undefined;
  }
}
