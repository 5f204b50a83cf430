import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codes } from '../../src/diagnostics/registry.ts';

export const docs = fileURLToPath(new URL('../../docs/diagnostics', import.meta.url));

export const pageOf = (code: string) => join(docs, `${code}.md`);

const block = /(^## What it says\n+```text\n)([\s\S]*?)(^```$)/m;

/** The message that a page shows; undefined where it shows none. */
export async function shownOn(code: string): Promise<string | undefined> {
  return block.exec(await readFile(pageOf(code), 'utf8'))?.[2];
}

export function withMessage(markdown: string, message: string): string {
  return markdown.replace(block, (_whole, head: string, _old: string, end: string) => `${head}${message}${end}`);
}

/** The first diagnostic of a code in the text of `expected.txt`. */
export function firstOf(code: string, expected: string): string | undefined {
  return new RegExp(`^(?:error|warning|note) ${code}: [\\s\\S]*?see: sop explain ${code}\\n`, 'm').exec(expected)?.[0];
}

const hundreds: readonly (readonly [string, string])[] = [
  ['1', 'Files, YAML and Markdown'],
  ['2', 'Shape: what a file must hold, and where'],
  ['3', 'Names and references'],
  ['4', 'Types and SQL'],
  ['5', 'Decision logic'],
  ['6', 'Compiled skills'],
  ['7', 'Cases and what they come out as'],
  ['8', 'Review'],
  ['9', 'Dates, versions, approvals'],
];

const sorted = Object.entries(codes).sort(([a], [b]) => (a < b ? -1 : 1));

/** The list of all codes, as `README.md` holds it. */
export function listOfCodes(): string {
  const parts = hundreds.flatMap(([digit, heading]) => {
    const own = sorted.filter(([code]) => code.startsWith(`SOP${digit}`));
    if (own.length === 0) return [];
    const rows = own.map(([code, { level, title }]) => `| [${code}](${code}.md) | ${level} | ${title} |`);
    return [`## SOP${digit}xx: ${heading}\n\n| Code | Level | What is wrong |\n|---|---|---|\n${rows.join('\n')}\n`];
  });
  return [
    '# Diagnostics\n',
    'What `sop` says about a library of SOPs. `sop explain SOP301` prints a page on the terminal. A code',
    'is permanent: it never gets another meaning. An *error* stops a SOP from being compiled, or fails',
    'the build. A *warning* is something that is probably not meant (an error under `--strict`). A *note*',
    'is worth knowing.\n',
    'Each message on a page is the output of a scenario under `test/diagnostics/`, compared on every test',
    'run.\n',
    ...parts,
  ].join('\n');
}
