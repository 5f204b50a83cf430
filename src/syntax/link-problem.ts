import type { Link, Nodes } from 'mdast';
import { quote } from '../diagnostics/words.ts';

/** What a page hides of a link; null where the link is plain. `written`: as it stands in the file. */
export function linkProblem(link: Link, written: string): string | null {
  const { title, url } = link;
  const text = textIn(link).trim();
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url.trim())?.[1]?.toLowerCase();
  if (title) return `a link has a title (“${quote(title, 40)}”), which a page hides`;
  if (text === '') return 'a link without a text stands here, so that a page shows nothing';
  if (scheme !== undefined && !/^(?:https?|mailto)$/.test(scheme))
    return `a link goes to \`${scheme}:\`, which is no address of a page`;
  if (/\s/.test(url) && !written.startsWith('<')) return 'the address of a link holds words, which a page hides';
  const named = text.match(/[a-z][a-z0-9+.-]*:\/\/[^\s<>]+|^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:\/\S*)?$/i)?.[0];
  if (named !== undefined && scheme !== undefined && !leadsTo(named, url))
    return `a link says \`${quote(named, 40)}\` and goes to \`${quote(url, 40)}\``;
  return null;
}

function leadsTo(named: string, url: string): boolean {
  const [said, real] = [bare(named), bare(url)];
  return said === real || (!said.includes('/') && real.startsWith(`${said}/`));
}

function bare(address: string): string {
  return address
    .toLowerCase()
    .replace(/^(?:https?:\/\/|mailto:)?(?:www\.)?/, '')
    .replace(/[/.,;]+$/, '');
}

function textIn(node: Nodes): string {
  if ('children' in node) return node.children.map(textIn).join('');
  return 'value' in node ? node.value : '';
}
