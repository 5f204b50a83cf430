/** What a command line must not hold where no shell reads it. */
export type CommandProblem = { readonly problem: string };

/**
 * The words of a command as a POSIX shell splits them: blanks part them, quotes and backslashes keep characters as they are. Nothing is expanded,
 * and what only a shell understands is refused instead of being handed over as text.
 */
export function splitCommand(command: string): readonly string[] | CommandProblem {
  const words: string[] = [];
  let word: string | null = null;
  let quote: '"' | "'" | null = null;
  for (let at = 0; at < command.length; at++) {
    const character = command.charAt(at);
    if (quote === "'") {
      if (character === "'") quote = null;
      else word += character;
    } else if (character === '\\' && isKept(command.charAt(at + 1), quote)) {
      if (at + 1 === command.length) return { problem: 'a backslash ends it' };
      at += 1;
      word = (word ?? '') + command.charAt(at);
    } else if (character === quote) quote = null;
    else if (quote === null && (character === '"' || character === "'")) {
      quote = character;
      word ??= '';
    } else if (quote === null && /\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (isForShell(character, quote))
      return { problem: `\`${character}\` is for a shell, and none reads this: put it in quotes, or in a script` };
    else word = (word ?? '') + character;
  }
  if (quote !== null) return { problem: `a quote (${quote}) is not closed` };
  if (word !== null) words.push(word);
  return words.length === 0 ? { problem: 'it is empty' } : words;
}

/** Within double quotes a backslash is a character like others before all but these. */
function isKept(next: string, quote: '"' | "'" | null): boolean {
  return quote === null || '"\\$`'.includes(next);
}

function isForShell(character: string, quote: '"' | "'" | null): boolean {
  return quote === null ? '|&;<>()$`*?[]#~'.includes(character) : '$`'.includes(character);
}
