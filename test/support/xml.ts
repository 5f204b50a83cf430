import { SaxesParser } from 'saxes';

export interface Parsed {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Parsed[];
  text: string;
}

/** Reads XML with a strict parser that shares nothing with our writer: what is not well formed, or a character that XML does not know, is refused. */
export function parseXml(xml: string): Parsed {
  const top: Parsed = { name: '', attributes: {}, children: [], text: '' };
  const stack = [top];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    const node = { name, attributes: { ...attributes }, children: [], text: '' };
    stack.at(-1)?.children.push(node);
    stack.push(node);
  });
  parser.on('text', (text) => {
    const at = stack.at(-1);
    if (at !== undefined) at.text += text;
  });
  parser.on('closetag', () => void stack.pop());
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(xml).close();
  const [root] = top.children;
  if (root === undefined || top.children.length !== 1 || stack.length !== 1) throw new Error('not one root');
  return root;
}
