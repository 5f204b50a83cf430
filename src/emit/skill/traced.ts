import type { SourceFile, Span } from '../../text/source.ts';
import { lineStarts, positionAt } from '../../text/source.ts';

/** Where the words of one line of a skill come from. A line without any is the template's alone. */
export interface TracedLine {
  /** Of the emitted file, from 1. */
  readonly line: number;
  readonly from: readonly TracedPlace[];
}

export interface TracedPlace {
  readonly path: string;
  readonly line: number;
}

/** Stand around what comes from a SOP while a template is filled in. Private-use characters are refused in SOPs (SOP1xx), so no text can hold them. */
const open = '\uE0F0';
const middle = '\uE0F1';
const close = '\uE0F2';
const marks = /\uE0F0(\d+)\uE0F1|\uE0F2/gu;

/** Marks texts with the place that they come from, and reads the places again in what a template made of them. */
export class Tracer {
  private readonly places: TracedPlace[] = [];
  private readonly starts = new Map<string, number[]>();
  private readonly texts: ReadonlyMap<string, string>;

  constructor(sources: readonly SourceFile[]) {
    this.texts = new Map(sources.map(({ path, text }) => [path, text]));
  }

  /** What `written` says, from where it was written; of a text that begins later in the span, from there. */
  mark(written: string, span: Span): string {
    if (written === '') return '';
    const text = this.texts.get(span.path);
    const [first = ''] = written.split('\n');
    const found = text?.indexOf(first.trim(), span.start) ?? -1;
    const place = this.placeOf(span.path, found < 0 || found > span.end + 100_000 ? span.start : found);
    return `${open}${this.places.push(place) - 1}${middle}${written}${close}`;
  }

  /** The text without marks, and where each of its lines comes from. */
  read(marked: string): readonly [text: string, lines: readonly TracedLine[]] {
    const lines: TracedLine[] = [];
    const around: { place: TracedPlace; since: number }[] = [];
    const plain = marked.split('\n').map((line, at) => {
      const from = new Map<string, TracedPlace>();
      const add = ({ path, line: own }: TracedPlace, further: number) =>
        from.set(`${path}:${own + further}`, { path, line: own + further });
      for (const { place, since } of around) add(place, at - since);
      for (const [mark, number] of line.matchAll(marks)) {
        if (mark === close) around.pop();
        else {
          const place = this.places[Number(number)];
          if (place === undefined) throw new Error('a mark of no place');
          around.push({ place, since: at });
          add(place, 0);
        }
      }
      lines.push({ line: at + 1, from: [...from.values()] });
      return line.replace(marks, '');
    });
    return [plain.join('\n'), lines];
  }

  private placeOf(path: string, offset: number): TracedPlace {
    const starts = this.starts.get(path) ?? lineStarts(this.texts.get(path) ?? '');
    this.starts.set(path, starts);
    return { path, line: positionAt(starts, offset).line };
  }
}
