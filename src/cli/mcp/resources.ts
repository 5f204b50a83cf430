import { pathOf } from '../../emit/skill/lock.ts';
import { CallError } from './call-error.ts';
import { isOverdue } from './call-tool.ts';
import type { ServedSkill, Shelf } from './shelf.ts';

const mimeTypes: Readonly<Record<string, string>> = {
  md: 'text/markdown',
  json: 'application/json',
  mjs: 'text/javascript',
  sql: 'application/sql',
};

function mimeType(uri: string): string {
  return mimeTypes[uri.slice(uri.lastIndexOf('.') + 1)] ?? 'text/plain';
}

/** Resources on one page of the list. */
const pageSize = 1_000;

/** Each file that the lock names. Whether it can be served is seen when it is read. */
export async function listResources(shelf: Shelf, cursor: string | undefined) {
  const { skills } = await shelf.lock();
  const all = skills.flatMap(({ files }) =>
    files.map(({ uri, size }) => ({ uri, name: uri.slice('skill://'.length), mimeType: mimeType(uri), size })),
  );
  const from = cursor === undefined ? 0 : Number(cursor);
  if (!Number.isSafeInteger(from) || from < 0 || from > all.length || String(from) !== (cursor ?? '0'))
    throw new CallError('invalid', 'the cursor is none that this server gave; list without one');
  const next = from + pageSize;
  return { resources: all.slice(from, next), ...(next < all.length && { nextCursor: String(next) }) };
}

export async function readResource(shelf: Shelf, uri: string) {
  const id = pathOf(uri)?.split('/')[1];
  const text = id === undefined ? undefined : (await openListed(shelf, id))?.files.get(uri);
  if (text === undefined)
    throw new CallError(
      'notFound',
      `there is no resource ${uri.slice(0, 200)}; resources/list names those that there are`,
    );
  return { contents: [{ uri, mimeType: mimeType(uri), text }] };
}

async function openListed(shelf: Shelf, id: string): Promise<ServedSkill | undefined> {
  const { skills } = await shelf.lock();
  return skills.some(({ name }) => name === id) ? shelf.open(id) : undefined;
}

/** One prompt a skill that can be served; the others are named by `list_skills`, with the reason. */
export async function listPrompts(shelf: Shelf) {
  const prompts: object[] = [];
  for (const { name } of (await shelf.lock()).skills) {
    const served = await shelf.open(name).catch((error: unknown) => {
      if (error instanceof CallError) return undefined;
      throw error;
    });
    if (served !== undefined)
      prompts.push({ ...frontMatter(served), title: served.checked.sop.title.value, arguments: promptArguments });
  }
  return { prompts };
}

const promptArguments = [
  {
    name: 'investigate',
    description: 'What to investigate: an alert, a tip, an account, a symbol and a time.',
    required: true,
  },
];

const longestArgument = 20_000;

export async function getPrompt(
  shelf: Shelf,
  name: string,
  given: Readonly<Record<string, string>> | undefined,
  today: string,
) {
  const { investigate = '', ...others } = given ?? {};
  const served = await shelf.open(name);
  const [strange] = Object.keys(others);
  if (strange !== undefined)
    throw new CallError('invalid', `the prompt knows no argument \`${strange.slice(0, 100)}\`, only \`investigate\``);
  if (investigate.trim() === '')
    throw new CallError('invalid', 'say what to `investigate`: an alert, a tip, an account');
  if (investigate.length > longestArgument)
    throw new CallError('invalid', `\`investigate\` may have ${longestArgument} characters; put data into tables`);
  const overdue = isOverdue(served, today)
    ? `\n\nThe review of this procedure was due by ${served.checked.sop.reviewBy.value}, and that day is past: state it once.`
    : '';
  const where = `The files that it names are resources: skill://${name}/…${overdue}`;
  return {
    description: frontMatter(served).description,
    messages: [skillText(served), where, `Investigate:\n\n${investigate}`].map((text) => ({
      role: 'user' as const,
      content: { type: 'text' as const, text },
    })),
  };
}

function skillText({ id, files }: ServedSkill): string {
  return files.get(`skill://${id}/SKILL.md`) ?? '';
}

/** Name and description as SKILL.md states them: in quotes, in which JSON and YAML agree. */
function frontMatter(served: ServedSkill): { readonly name: string; readonly description: string } {
  const [, quoted] = /^description: (".*")$/m.exec(skillText(served)) ?? [];
  return { name: served.id, description: readQuoted(quoted) ?? served.checked.sop.summary.value };
}

function readQuoted(quoted: string | undefined): string | undefined {
  try {
    const read: unknown = JSON.parse(quoted ?? 'null');
    return typeof read === 'string' ? read : undefined;
  } catch {
    return undefined; // a desk's own template may write it otherwise
  }
}
