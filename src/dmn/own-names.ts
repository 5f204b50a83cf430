import { snakeCase } from '../model/build/names.ts';

/** Gives names that SQL can use, each once. */
export class OwnNames {
  private readonly used = new Set<string>();
  /** The number from which a name that is taken is tried. */
  private readonly next = new Map<string, number>();

  /** `Risk Category` becomes `risk_category`; a name without Latin letters gets `instead` and a number. */
  give(name: string, instead: string): string {
    const plain = snakeCase(name.replaceAll(/[’']/g, ''));
    const wanted = plain === '' ? instead : plain;
    let given = wanted;
    let count = this.next.get(wanted) ?? 2;
    for (; this.used.has(given); count++) given = `${wanted.slice(0, 56)}_${count}`;
    this.next.set(wanted, count);
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
