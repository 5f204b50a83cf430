import { setFlagsFromString } from 'node:v8';

/**
 * A command lives for about a second, and the V8 of Node 20 spends a fifth of that on optimising functions that are then
 * hardly called again (on other threads, which the SQL process lacks). Later versions wait longer by themselves, and don't
 * know the flag. The number counts bytecode that a function runs before it is worth it; by default it is 67,584.
 */
export function optimiseLater(): void {
  if (process.versions.v8.startsWith('11.3.')) setFlagsFromString('--interrupt-budget=500000');
}
