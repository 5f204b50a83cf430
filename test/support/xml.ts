import { optional } from './optional.ts';

export interface Parsed {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Parsed[];
  text: string;
}

type Parse = (xml: string) => Parsed;

interface SaxesParser {
  on(event: 'opentag', call: (tag: { name: string; attributes: Record<string, string> }) => void): void;
  on(event: 'closetag', call: () => void): void;
  on(event: 'text', call: (text: string) => void): void;
  on(event: 'error', call: (error: Error) => void): void;
  write(text: string): { close(): void };
}

interface SaxenParser {
  on(
    event: 'openTag',
    call: (name: string, attributes: () => Record<string, string>, decode: (text: string) => string) => void,
  ): void;
  on(event: 'closeTag', call: () => void): void;
  on(event: 'text', call: (text: string, decode: (text: string) => string) => void): void;
  on(event: 'error' | 'warn', call: (error: Error) => void): void;
  parse(text: string): void;
}

/** The XML parsers that are installed, by name: none of them shares anything with our writer. */
export const parsers: readonly (readonly [name: string, parse: Parse])[] = [
  ['saxes', bySaxes(optional('saxes'))] as const,
  ['saxen', bySaxen(optional('saxen'))] as const,
].flatMap(([name, parse]) => (parse === undefined ? [] : [[name, parse] as const]));

function fail(error: Error): never {
  throw error;
}

/** Strict: what is not well formed, or a character that XML does not know, is refused. */
function bySaxes(module: unknown): Parse | undefined {
  if (module === undefined) return undefined;
  const { SaxesParser } = module as { SaxesParser: new () => SaxesParser };
  return (xml) => {
    const tree = collect();
    const parser = new SaxesParser();
    parser.on('opentag', ({ name, attributes }) => tree.open(name, { ...attributes }));
    parser.on('text', tree.text);
    parser.on('closetag', tree.close);
    parser.on('error', fail);
    parser.write(xml).close();
    return tree.root();
  };
}

function bySaxen(module: unknown): Parse | undefined {
  if (module === undefined) return undefined;
  const { Parser } = module as { Parser: new () => SaxenParser };
  return (xml) => {
    const tree = collect();
    const parser = new Parser();
    parser.on('openTag', (name, attributes, decode) => {
      const read = Object.entries(attributes()).map(([key, value]) => [key, decode(value)]);
      tree.open(name, Object.fromEntries(read));
    });
    parser.on('text', (text, decode) => tree.text(decode(text)));
    parser.on('closeTag', tree.close);
    parser.on('error', fail);
    parser.on('warn', fail);
    parser.parse(xml);
    return tree.root();
  };
}

function collect() {
  const top: Parsed = { name: '', attributes: {}, children: [], text: '' };
  const stack = [top];
  return {
    open: (name: string, attributes: Record<string, string>) => {
      const node = { name, attributes, children: [], text: '' };
      stack.at(-1)?.children.push(node);
      stack.push(node);
    },
    text: (text: string) => {
      const at = stack.at(-1);
      if (at !== undefined) at.text += text;
    },
    close: () => void stack.pop(),
    root: () => {
      const [root] = top.children;
      if (root === undefined || top.children.length !== 1 || stack.length !== 1) throw new Error('not one root');
      return root;
    },
  };
}
