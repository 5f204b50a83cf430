import { quote } from '../diagnostics/words.ts';

/** What a page makes of a piece of HTML. */
export function describeHtml(html: string): string {
  if (html.startsWith('<!--')) return 'an HTML comment stands here, which no page shows';
  const tag = /^<\/?[a-z][a-z0-9-]*/i.exec(html.trimStart())?.[0].toLowerCase();
  const name = tag === undefined ? quote(html, 30) : `${tag}>`;
  const does = fate(tag?.replace(/^<\/?/, '') ?? '', html);
  return `HTML stands here (\`${name}\`)${does === '' ? '' : `, ${does}`}`;
}

function fate(name: string, html: string): string {
  if (name === 'details' || name === 'summary') return 'which a page folds away';
  if (/^(?:script|style|template|head|noscript|iframe|object)$/.test(name)) return 'whose words no page shows';
  if (/\b(?:style|hidden|size|color|class)\b/i.test(html.replace(/^<\/?[a-z0-9-]*/i, '')))
    return 'which can make words tiny or invisible';
  return '';
}
