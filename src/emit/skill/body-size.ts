/** What clients load when a skill is chosen: all of SKILL.md below its front-matter. */
export const mostLines = 500;
export const mostTokens = 5_000;

export interface BodySize {
  readonly lines: number;
  /** About as many as the tokenizers of language models make of it, and seldom more. */
  readonly tokens: number;
}

export function bodySize(skill: string): BodySize {
  const body = skill.replace(/^---\n[\s\S]*?\n---\n/, '');
  const pieces = body.match(/\p{Script=Latin}+|\p{L}|\p{N}{1,3}|[^\p{L}\p{N}\s]|\n+/gu) ?? [];
  // Of common words most are one token, of longer ones about each sixth letter begins another.
  const tokens = pieces.reduce((sum, piece) => sum + (/^\p{L}/u.test(piece) ? Math.ceil(piece.length / 8) : 1), 0);
  return { lines: body.split('\n').length - 1, tokens };
}
