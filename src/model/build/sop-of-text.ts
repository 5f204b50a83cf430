import type { Outcome } from '../../diagnostics/diagnostic.ts';
import type { Sop } from '../sop.ts';
import { buildSop } from './sop.ts';

/** Parses and builds a SOP. The parser is loaded only here: it is most of the time that a command needs to start. */
export async function sopOfText(path: string, text: string): Promise<Outcome<Sop | null>> {
  const { parseMarkdown } = await import('../../syntax/parse-markdown.ts');
  const [tree, parsed] = parseMarkdown({ path, text });
  // Below a fence that is never closed everything is code: each missing section would be one more message.
  if (parsed.some(({ code }) => code === 'SOP109')) return [null, parsed];
  const [sop, built] = buildSop(tree);
  return [sop, [...parsed, ...built]];
}
