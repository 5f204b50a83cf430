/** A stretch of a text: offsets in UTF-16 units, `end` exclusive. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** A top-level block of a Markdown text: what it is, and where. Two readers give it, and they must agree. */
export type RawBlock = Stretch &
  (
    | { readonly kind: 'frontMatter' | 'paragraph' | 'other' }
    /** `content` is the text without signs and blanks; null where there is none. */
    | { readonly kind: 'heading'; readonly depth: number; readonly content: Stretch | null }
    /** `meta` is what stands behind the language on the opening line. */
    | { readonly kind: 'fence'; readonly language: string; readonly meta: string }
    /** Each item is the stretch from its first block to its last, without its mark. */
    | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly Stretch[] }
  );
