/** Why a command line is not run. */
export interface CommandProblem {
  readonly problem: string;
}

const piece = /(\s+)|'([^']*)'|"((?:[^"\\$`]|\\[\s\S])*)"|\\([\s\S])|([^\s'"\\|&;<>()$`*?[\]#~]+)/y;

/**
 * The words of a command as a POSIX shell splits them: blanks part them, quotes and backslashes keep characters as they are. Nothing is expanded,
 * and what only a shell understands is refused instead of being handed over as text.
 */
export function splitCommand(command: string): readonly string[] | CommandProblem {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < command.length; at = piece.lastIndex) {
    piece.lastIndex = at;
    const found = piece.exec(command);
    if (found === null) return { problem: problemAt(command, at) };
    const [, blank, single, double, escaped, plain] = found;
    if (blank !== undefined) {
      if (word !== null) words.push(word);
      word = null;
    } else word = `${word ?? ''}${single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? plain ?? ''}`;
  }
  if (word !== null) words.push(word);
  return words.length === 0 ? { problem: 'it is empty' } : words;
}

function problemAt(command: string, at: number): string {
  const character = command.charAt(at);
  if (character === '\\') return 'a backslash ends it';
  if (character === "'") return "a quote (') is not closed";
  const inQuotes = character === '"' ? /^"(?:[^"\\$`]|\\[\s\S])*([$`])/.exec(command.slice(at))?.[1] : character;
  if (inQuotes === undefined) return 'a quote (") is not closed';
  return `\`${inQuotes}\` is for a shell, and none reads this: put it in single quotes, or the command in a script`;
}
