import { snakeCase } from '../model/build/names.ts';

/** Gives names that SQL can use, each once. */
export class OwnNames {
  private readonly used = new Set<string>();

  /** `Risk Category` becomes `risk_category`; a name without Latin letters gets `instead` and a number. */
  give(name: string, instead: string): string {
    const plain = snakeCase(name.replaceAll(/[’']/g, ''));
    const wanted = plain === '' ? instead : plain;
    let given = wanted;
    for (let count = 2; this.used.has(given); count++) given = `${wanted.slice(0, 58)}_${count}`;
    this.used.add(given);
    return given;
  }

  has(name: string): boolean {
    return this.used.has(name);
  }
}

/** One blank between words, and none outside: so FEEL compares names. */
export function plainName(name: string): string {
  return name.trim().replace(/\s+/g, ' ');
}
