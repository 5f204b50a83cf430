import type { AgentTool, Chat, ChatMessage, ChatTurn, ToolCall } from '../model/agent.ts';

export interface ChatAddress {
  /** Up to and without `/chat/completions`. */
  readonly url: string;
  readonly model: string;
  /** Goes into one header of each request, and nowhere else. */
  readonly key: string | null;
}

/** Bytes of one reply. */
const mostBytes = 4_000_000;
const tries = 4;
const mostWait = 30_000;

/** A model behind an API of the chat completions protocol. Redirects are not followed: the key is for this address alone. */
export function createChat({ url, model, key }: ChatAddress): Chat {
  const place = `${url.replace(/\/+$/, '')}/chat/completions`;
  const headers = { 'content-type': 'application/json', ...(key !== null && { authorization: `Bearer ${key}` }) };
  const hide = (text: string) => (key === null || key === '' ? text : text.replaceAll(key, '…'));
  return {
    complete: async (messages, tools, milliseconds) => {
      const body = JSON.stringify(bodyOf(model, messages, tools));
      const ends = performance.now() + milliseconds;
      for (let attempt = 1; ; attempt++) {
        const left = ends - performance.now();
        if (left <= 0) return tooSlow;
        const turn = await post(place, headers, body, left);
        if (!('wait' in turn)) return turn.kind === 'failed' ? { ...turn, detail: hide(turn.detail) } : turn;
        const wait = Math.min(turn.wait ?? 1000 * 2 ** (attempt - 1), mostWait);
        if (attempt === tries || performance.now() + wait > ends)
          return { kind: 'failed', reason: 'unreachable', detail: hide(turn.detail) };
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    },
  };
}

function bodyOf(model: string, messages: readonly ChatMessage[], tools: readonly AgentTool[]) {
  return {
    model,
    messages,
    tools: tools.map(({ name, description, parameters }) => ({
      type: 'function',
      function: { name, description, parameters },
    })),
    tool_choice: 'auto',
  };
}

/** The server asks to be called again, after so many milliseconds where it says so. */
interface Later {
  readonly kind: 'later';
  readonly wait: number | null;
  readonly detail: string;
}

const tooSlow: ChatTurn = { kind: 'failed', reason: 'too_slow', detail: 'the model took longer than the time limit' };

async function post(
  place: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  milliseconds: number,
): Promise<ChatTurn | Later> {
  const signal = AbortSignal.timeout(Math.max(1, Math.floor(milliseconds)));
  try {
    const response = await fetch(place, { method: 'POST', headers, body, redirect: 'error', signal });
    const text = await readText(response);
    if (text === null) return { kind: 'failed', reason: 'too_much', detail: `a reply of more than ${mostBytes} bytes` };
    const told = `HTTP ${response.status}${text === '' ? '' : `: ${text.slice(0, 300)}`}`;
    if ([429, 500, 502, 503, 504].includes(response.status))
      return { kind: 'later', wait: waitOf(response.headers.get('retry-after')), detail: told };
    if (!response.ok) return { kind: 'failed', reason: 'unreachable', detail: told };
    return readTurn(text);
  } catch (error) {
    if (signal.aborted) return tooSlow;
    return { kind: 'failed', reason: 'unreachable', detail: reasonOf(error) };
  }
}

async function readText({ body }: Response): Promise<string | null> {
  if (body === null) return '';
  const chunks: Uint8Array[] = [];
  let read = 0;
  for await (const chunk of body) {
    read += chunk.length;
    if (read > mostBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** In seconds, or a date, which is not read. */
function waitOf(header: string | null): number | null {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : null;
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}

/** Servers differ in corners: arguments as an object and calls without an id are read as well. */
function readTurn(text: string): ChatTurn {
  const broken: ChatTurn = { kind: 'failed', reason: 'ended_badly', detail: 'the reply is no chat completion' };
  try {
    const read: unknown = JSON.parse(text);
    const message = recordOf(recordOf(listOf(recordOf(read)['choices'])[0])['message']);
    const { content, tool_calls: calls } = message;
    if (typeof content !== 'string' && content !== null && calls === undefined) return broken;
    const list = listOf(calls).map((call, at): ToolCall => {
      const { id, function: called } = recordOf(call);
      const { name, arguments: given } = recordOf(called);
      return {
        id: typeof id === 'string' && id !== '' ? id : `call_${at}`,
        type: 'function',
        function: {
          name: typeof name === 'string' ? name : '',
          arguments: typeof given === 'string' ? given : JSON.stringify(given ?? {}),
        },
      };
    });
    return { kind: 'said', content: typeof content === 'string' ? content : null, calls: list };
  } catch {
    return broken;
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
