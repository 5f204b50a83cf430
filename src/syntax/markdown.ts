import type { Located, Span } from '../text/source.ts';
import type { YamlNode } from './yaml.ts';

/** A Markdown file as plain data (it is cached as JSON): sections, and in them the blocks that the language reads. */
export interface MarkdownTree {
  readonly path: string;
  readonly frontMatter: YamlNode | null;
  /** The block between the `---` lines, or the empty span at the file's start. */
  readonly frontMatterSpan: Span;
  readonly title: Located<string> | null;
  readonly sections: readonly Section[];
  /** Every table of the file in its order, whatever heading it stands under. */
  readonly tables: readonly Table[];
}

/** What stands below one `##` heading. `###` headings make subsections; deeper headings are prose. */
export interface Section {
  readonly heading: Located<string>;
  readonly blocks: readonly Block[];
  readonly subsections: readonly Section[];
}

export type Block = Prose | Table | Fence | List;

interface Written {
  /** As it stands in the file. */
  readonly source: string;
  readonly span: Span;
}

/** A paragraph, quotation, HTML block …: nothing that is compiled. */
export interface Prose extends Written {
  readonly kind: 'prose';
}

export interface Table extends Written {
  readonly kind: 'table';
  readonly header: readonly Cell[];
  readonly rows: readonly Row[];
}

export interface Row {
  readonly cells: readonly Cell[];
  readonly span: Span;
}

/** A cell's text: trimmed, `\|` unescaped, and without the backquotes where they enclose the whole cell. */
export interface Cell {
  readonly text: string;
  readonly span: Span;
}

export interface Fence extends Written {
  readonly kind: 'fence';
  readonly language: string;
  /** The words after the language: `evidence` in ```` ```sql evidence ````. */
  readonly meta: string;
  readonly text: string;
  /** Where `text` begins in the file; its lines follow one another there. */
  readonly contentStart: number;
}

export interface List extends Written {
  readonly kind: 'list';
  readonly ordered: boolean;
  readonly items: readonly Located<string>[];
}
