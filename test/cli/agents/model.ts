import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the scripted model of the tests is sent. */
interface Sent {
  readonly model: string;
  readonly messages: readonly {
    readonly role: string;
    readonly content: string | null;
    readonly tool_call_id?: string;
    readonly tool_calls?: readonly { readonly id: string; readonly function: { readonly name: string } }[];
  }[];
  readonly tools: readonly { readonly function: { readonly name: string } }[];
}

export interface Exchange {
  readonly sent: Sent;
  readonly path: string;
  readonly authorization: string | undefined;
}

/** What a server says: a message of the model, or a status with its text. */
export type Said =
  | { readonly message: Record<string, unknown> }
  | { readonly status: number; readonly text: string; readonly headers?: Record<string, string> };

export interface ScriptedModel {
  readonly url: string;
  readonly heard: Exchange[];
  close(): Promise<void>;
}

/** A server of the chat completions protocol on loopback whose model is a function: nothing is asked of any model. */
export async function serveModel(say: (sent: Sent, count: number) => Said | 'silent'): Promise<ScriptedModel> {
  const heard: Exchange[] = [];
  const server: Server = createServer(async (request, response) => {
    const sent = JSON.parse(await textOf(request)) as Sent;
    heard.push({ sent, path: request.url ?? '', authorization: request.headers.authorization });
    const said = say(sent, heard.length);
    if (said === 'silent') return;
    if ('status' in said) response.writeHead(said.status, said.headers).end(said.text);
    else response.end(JSON.stringify({ object: 'chat.completion', choices: [{ index: 0, message: said.message }] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    heard,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  return text;
}

type Json = Record<string, unknown>;

/** A scripted model that is right: it has the signals computed, has each subject decided, and submits whoever is not dismissed. */
export function rightModel({ messages }: Sent): Said {
  const question = JSON.parse((messages[1]?.content ?? '').split('\n\n').at(-1) ?? '') as Json;
  const schema = JSON.parse((messages[0]?.content ?? '').split('assets/finding.schema.json:\n\n')[1] ?? '') as Json;
  const results = messages
    .filter(({ role }) => role === 'tool')
    .map(({ content }) => JSON.parse(content ?? '') as Json);
  const data = question['data'] as Json;
  const given = data['signals'] as Json | undefined;
  if (given === undefined && results.length === 0) return calls([['compute_signals', {}]]);
  const subjects =
    given === undefined ? ((results.shift()?.['subjects'] ?? []) as Json[]) : [ofGiven(given, data, schema)];
  const said = subjects.slice(0, 400);
  if (said.length > 0 && results.length === 0)
    return calls(
      said.map(({ signals, segment }) => ['decide', { signals, ...(segment !== undefined && { segment }) }]),
    );
  const mildest = at(schema, 'properties', 'decision', 'properties', 'disposition', 'enum') as unknown as string[];
  const findings = said
    .map((subject, place) => findingOf(question, schema, subject, results[place] ?? {}))
    .filter(({ decision }) => (decision as Json)['disposition'] !== mildest[0]);
  return calls([['submit_findings', { findings }]]);
}

/** A message in which tools are called. */
export function calls(list: readonly (readonly [string, Json])[]): Said {
  return {
    message: {
      role: 'assistant',
      content: null,
      tool_calls: list.map(([name, given], place) => ({
        id: `c${place}`,
        type: 'function',
        function: { name, arguments: JSON.stringify(given) },
      })),
    },
  };
}

function ofGiven(given: Json, data: Json, schema: Json): Json {
  const names = Object.keys(at(schema, 'properties', 'signals', 'properties'));
  const columns = Object.keys(at(schema, 'properties', 'subject', 'properties'));
  return {
    subject: Object.fromEntries(columns.map((name) => [name, null])),
    signals: Object.fromEntries(names.map((name) => [name, given[name] ?? null])),
    segment: data['segment'],
    members: [],
  };
}

function findingOf(question: Json, schema: Json, subject: Json, decided: Json): Json {
  const properties = at(schema, 'properties');
  const { outcome, disposition, severity, rule, reason } = decided;
  const signals = Object.entries(subject['signals'] as Json).map(([name, value]) => {
    const source = at(schema, 'properties', 'signals', 'properties', name, 'properties', 'source', 'enum');
    return [name, { value, source: source['0'], reference: 'scripted' }];
  });
  const steps = Object.entries(at(schema, 'properties', 'steps', 'properties')).map(([step, own]) => {
    const isHuman = at(own as Json, 'properties', 'done')['const'] === false;
    return [step, { done: !isHuman, note: 'scripted' }];
  });
  const rows = Object.keys(at(schema, 'properties', 'benign_explanations', 'properties'));
  return {
    sop: question['skill'],
    sop_version: question['sop_version'],
    skill_digest: question['skill_digest'],
    subject: subject['subject'],
    ...('members' in properties && { members: subject['members'] }),
    ...('segment' in properties && { segment: subject['segment'] ?? null }),
    signals: Object.fromEntries(signals),
    decision: { outcome, disposition, severity, rule, reason },
    evidence: [{ source_table: 'scripted', row_id: 'scripted', note: '' }],
    steps: Object.fromEntries(steps),
    benign_explanations: Object.fromEntries(
      rows.map((row) => [row, { result: 'not_known', looked_for: 'scripted', found: 'scripted' }]),
    ),
    confidence: { level: 'low', because: 'scripted' },
    review_overdue: false,
  };
}

function at(value: Json, ...path: readonly string[]): Json {
  return path.reduce((node, name) => (node[name] ?? {}) as Json, value);
}
