/** Printable ASCII, but for what JSON has to escape: half of the characters end a number, the other half say that more follows. */
const alphabet = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index))
  .filter((character) => character !== '"' && character !== '\\')
  .join('');
const base = alphabet.length / 2;
const digitOf = Array.from({ length: 128 }, (_, unit) => alphabet.indexOf(String.fromCharCode(unit)));

/** Whole numbers as text, most of them one character: those below 46 without a sign, and below 23 with one. */
export class NumberWriter {
  private readonly parts: string[] = [];

  natural(value: number): void {
    let rest = value;
    for (; rest >= base; rest = Math.floor(rest / base)) this.parts.push(alphabet.charAt(base + (rest % base)));
    this.parts.push(alphabet.charAt(rest));
  }

  signed(value: number): void {
    this.natural(value < 0 ? -2 * value - 1 : 2 * value);
  }

  text(): string {
    return this.parts.join('');
  }
}

/** Reads what a `NumberWriter` wrote, in the same order. */
export class NumberReader {
  private at = 0;

  constructor(private readonly text: string) {}

  natural(): number {
    let value = 0;
    for (let weight = 1; ; weight *= base) {
      const digit = digitOf[this.text.charCodeAt(this.at++)] ?? 0;
      if (digit < base) return value + digit * weight;
      value += (digit - base) * weight;
    }
  }

  signed(): number {
    const value = this.natural();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }
}
