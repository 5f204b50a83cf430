/**
 * Characters without a shape of their own (Unicode TR36 §2.10): control and format characters, default ignorables, line
 * and paragraph separators, blanks that count as letters, non-characters; and private use, which each font shows
 * otherwise and which the compiler keeps for marks of its own.
 */
const unseen = String.raw`\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800`;

/**
 * Nothing but signs and letters of which each is seen and none looks like another of a different alphabet: nearly every file. It is told with less
 * than the properties of Unicode take to be looked up.
 */
export const plain = /^[\t\n\r -~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20cf\u2100-\u27ff]*$/;

/** True of any text that holds a character which no reader sees. */
export const invisible = new RegExp(`(?![\\t\\n\\r])[${unseen}]`, 'u');
const each = new RegExp(invisible.source, 'gu');

/** What is behind a sign and makes an emoji of it. */
const selected = String.raw`(?<=\p{Extended_Pictographic})[\ufe0e\ufe0f]|\ufe0f(?=\u20e3)`;
const eachToDot = new RegExp(`(?!${selected})[${unseen}\\p{C}]`, 'gu');

/** Emoji are made of signs: a selector behind one, a joiner between two, a selector and a frame behind a digit. */
const emoji =
  /[0-9#*]\ufe0f\u20e3|\p{Extended_Pictographic}(?:[\ufe0e\ufe0f]|\p{Emoji_Modifier})?(?:\u200d\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?)*/gu;

export interface Unseen {
  /** In UTF-16 units. */
  readonly index: number;
  readonly character: string;
}

/** The characters of a text that no reader sees; what holds an emoji together is none. */
export function unseenIn(text: string): Unseen[] {
  if (!invisible.test(text)) return [];
  const shown = text.replace(emoji, (whole) => 'x'.repeat(whole.length));
  return [...shown.matchAll(each)].map(({ index, 0: character }) => ({ index, character }));
}

/** A text with a dot for each character that no reader sees, breaks of lines and tabs among them. */
export function dotted(text: string): string {
  return text.replace(eachToDot, '·');
}
