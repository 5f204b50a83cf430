import type { TransformCallback } from 'node:stream';

/** The longest message that is read, in bytes: 50,000 rows of trades have about this size. */
export const longestMessage = 16 * 2 ** 20;

// Imported by name it would be loaded at every start of the command: a bundle imports all that is built in first.
const { Transform } = process.getBuiltinModule('node:stream');

/**
 * Lets through whole lines up to a length. A longer one is dropped, and `tell` gets the id of the request, where it can be
 * read from the line's end, so that whoever waits for the answer learns why there is none.
 */
export class MessageLines extends Transform {
  private held: Buffer[] = [];
  private size = 0;
  private tail = Buffer.alloc(0);

  constructor(private readonly tell: (id: string | number | null) => void) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let rest = chunk;
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
      this.hold(rest.subarray(0, end + 1));
      this.release();
      rest = rest.subarray(end + 1);
    }
    this.hold(rest);
    done();
  }

  private hold(part: Buffer): void {
    this.size += part.length;
    if (this.size <= longestMessage) this.held.push(part);
    else {
      this.held = [];
      this.tail = Buffer.concat([this.tail, part.subarray(-tailLength)]).subarray(-tailLength);
    }
  }

  private release(): void {
    if (this.size <= longestMessage) this.push(Buffer.concat(this.held));
    else this.tell(idAtEnd(this.tail.toString('utf8')));
    this.held = [];
    this.size = 0;
    this.tail = Buffer.alloc(0);
  }
}

const tailLength = 200;

/** Clients write the id first or last; where it is first, it went by unread. */
function idAtEnd(text: string): string | number | null {
  const [, id] = /"id":\s*(-?\d{1,15}|"[^"\\]{1,100}")\s*\}\s*$/.exec(text) ?? [];
  return id === undefined ? null : (JSON.parse(id) as string | number); // a number or a text, by the pattern
}
