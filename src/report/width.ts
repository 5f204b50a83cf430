/**
 * How many columns a terminal gives a text. Our own, because the usual package makes an `Intl.Segmenter` when it is
 * loaded, which takes longer than checking a SOP; here it is made for the first text that needs one.
 */
export function widthOf(text: string): number {
  if (narrow.test(text)) return text.length;
  segmenter ??= new Intl.Segmenter();
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += widthOfCluster(segment);
  return width;
}

let segmenter: Intl.Segmenter | undefined;

/** Latin, Greek, Cyrillic, punctuation, arrows without emoji, mathematics, lines: one unit is one column. */
const narrow =
  /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2190-\u2193\u2200-\u22ff\u2500-\u257f✓✗]*$/;

/** What a reader sees as one character. */
function widthOfCluster(cluster: string): number {
  if (/^(?:\p{Cc}|\p{M}|\p{Default_Ignorable_Code_Point})+$/u.test(cluster)) return 0;
  return wide.test(cluster) || /\p{Emoji_Presentation}|\ufe0f/u.test(cluster) ? 2 : 1;
}

/** East Asian Width "W" and "F" (Unicode Standard Annex 11), block by block. */
const wide =
  /^[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2fb}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]/u;
