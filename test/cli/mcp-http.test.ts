import { request as httpRequest } from 'node:http';
import { createMCPClient } from '@ai-sdk/mcp';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtFolder } from '../support/built-folder.ts';
import { rightFinding } from '../support/findings.ts';
import { childrenOf, endless, isRunning, Spawned, selfTrade } from '../support/mcp.ts';
import { sop } from '../support/sop.ts';

let root: string;
let server: Spawned;
let url: URL;
let authorization: string;
beforeAll(async () => {
  root = await builtFolder();
  // A day after the skill's review.
  server = new Spawned(root, ['--http', '0', '--as-of', '2028-01-01', '--as-cases']);
  url = new URL((await server.until(/listening at (\S+), for this machine only/, 'stderr'))[1] ?? '');
  authorization = `Bearer ${(await server.until(/^token: (\S{40,})$/m, 'stderr'))[1]}`;
});
afterAll(async () => {
  server.process.kill('SIGTERM');
  expect(await server.ended).toBe(0);
  expect(server.stdout).toBe('');
});

/** Each tool with a call that it answers, and what must be in the answer. */
const calls: Readonly<Record<string, readonly [Record<string, unknown>, object]>> = {
  list_skills: [{}, { skills: [{ id: 'demo', review_overdue: true }] }],
  compute_signals: [
    { skill: 'demo', tables: { ...selfTrade, trades: selfTrade.trades.slice(0, 1) } },
    { as_cases: true, subjects: [{ signals: { self_ratio: '1' }, undecided: null }] },
  ],
  decide: [
    { skill: 'demo', signals: { self_ratio: 0.1, self_notional: 5, account_type: null, tip_credible: null } },
    { disposition: 'dismiss' },
  ],
  check_finding: [
    { skill: 'demo', finding: rightFinding() },
    { problems: [{ pointer: '/skill_digest' }, { pointer: '/review_overdue' }] },
  ],
};

describe('real clients list, read and call everything', () => {
  test('that of the SDK', async () => {
    const client = new Client({ name: 'test', version: '1' });
    const transport = new StreamableHTTPClientTransport(url, { requestInit: { headers: { authorization } } });
    await client.connect(transport as Parameters<typeof client.connect>[0]);
    const { tools } = await client.listTools();
    for (const { name } of tools) {
      const [given, expected] = calls[name] ?? [{}, {}];
      expect((await client.callTool({ name, arguments: given })).structuredContent, name).toMatchObject(expected);
    }
    const { resources } = await client.listResources();
    for (const { uri, size } of resources) {
      const [content] = (await client.readResource({ uri })).contents;
      expect(Buffer.byteLength(content !== undefined && 'text' in content ? content.text : '')).toBe(size);
    }
    const { messages } = await client.getPrompt({ name: 'demo', arguments: { investigate: 'a tip' } });
    expect(JSON.stringify(messages)).toContain(
      'The review of this procedure was due by 2027-05-01, and that day is past',
    );
    await client.close();
  });

  test('that of the AI SDK', async () => {
    const client = await createMCPClient({ transport: { type: 'http', url: url.href, headers: { authorization } } });
    expect(client.serverInfo.name).toBe('sopwright');
    expect(client.instructions).toContain('a person decides');
    const tools = await client.tools();
    expect(Object.keys(tools)).toEqual(Object.keys(calls));
    for (const [name, [given, expected]] of Object.entries(calls)) {
      const answered = await tools[name]?.execute?.(given, { toolCallId: name, messages: [] });
      expect(answered, name).toMatchObject({ structuredContent: expected });
    }
    const { resources } = await client.listResources();
    expect(resources.length).toBe(10);
    for (const { uri } of resources) expect((await client.readResource({ uri })).contents[0]).toMatchObject({ uri });
    expect((await client.experimental_listPrompts()).prompts.map(({ name }) => name)).toEqual(['demo']);
    const { messages } = await client.experimental_getPrompt({ name: 'demo', arguments: { investigate: 'o1' } });
    expect(messages.length).toBe(3);
    await expect(
      tools['decide']?.execute?.({ skill: 'dmo', signals: {} }, { toolCallId: 'x', messages: [] }),
    ).rejects.toThrow('did you mean `demo`?');
    await client.close();
  });
});

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** By hand: no client sends what is tried here. */
function send({
  method = 'POST',
  path = '/mcp',
  headers = {},
  body = '{"jsonrpc":"2.0","id":1,"method":"ping"}',
}: Sent) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const accept = 'application/json, text/event-stream';
    const usual = { authorization, accept, 'content-type': 'application/json', host: url.host };
    const sent = httpRequest(
      { host: '127.0.0.1', port: url.port, method, path, headers: { ...usual, ...headers } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

test.each<[string, Sent, number, string]>([
  ['a ping', {}, 200, '"result":{}'],
  ['no token', { headers: { authorization: '' } }, 401, 'with the token that `sop mcp` printed'],
  ['another token', { headers: { authorization: 'Bearer 1' } }, 401, 'token'],
  ['a name that leads to loopback', { headers: { host: 'evil.example:80' } }, 403, 'the Host must be 127.0.0.1'],
  ['a page of another origin', { headers: { origin: 'https://evil.example' } }, 403, 'other origins'],
  ['a page of no origin', { headers: { origin: 'null' } }, 403, 'other origins'],
  ['another path', { path: '/' }, 404, 'there is only /mcp'],
  ['a stream', { method: 'GET', body: '' }, 405, 'only POST'],
  ['an end of session', { method: 'DELETE' }, 405, 'only POST'],
  ['no JSON', { body: '{' }, 400, '-32700'],
  ['no message', { body: '{"id":1}' }, 400, '-32700'],
  [
    'too many messages',
    { body: `[${Array.from({ length: 200 }, () => '{"jsonrpc":"2.0","id":1,"method":"ping"}').join()}]` },
    400,
    '100 messages',
  ],
  ['depth', { body: '['.repeat(200_000) }, 400, '-32700'],
  ['a body that is too long', { headers: { 'content-length': String(20 * 2 ** 20) }, body: '' }, 413, '16777216 bytes'],
])('%s', async (_, sent, status, text) => {
  const answered = await send(sent);
  expect(answered.status, answered.text).toBe(status);
  expect(answered.text).toContain(text);
  if (status !== 200) expect(answered.text).not.toMatch(/node_modules|sop\.mjs|\bat /);
});

test('a client that hangs up ends what it asked for', async () => {
  const pid = server.process.pid ?? 0;
  const before = childrenOf(pid);
  const leave = new AbortController();
  const params = { name: 'compute_signals', arguments: { skill: 'demo', tables: endless() } };
  const asked = fetch(url, {
    method: 'POST',
    signal: leave.signal,
    headers: { authorization, accept: 'application/json, text/event-stream', 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  });
  const started = () => childrenOf(pid).filter((child) => !before.includes(child));
  for (let turn = 0; turn < 300 && started().length === 0; turn++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  const children = started();
  leave.abort();
  await expect(asked).rejects.toThrow();
  for (let turn = 0; turn < 300 && children.some(isRunning); turn++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(children.filter(isRunning)).toEqual([]);
});

test.each([
  [['--http', '70000'], {}, 'is no port'],
  [['--http', '0'], { SOPWRIGHT_MCP_TOKEN: 'short' }, 'SOPWRIGHT_MCP_TOKEN must have at least 32'],
])('%j: wrong usage', async (args, env, message) => {
  const ran = await sop(root, ['mcp', ...args], env);
  expect([ran.status, ran.stdout]).toEqual([2, '']);
  expect(ran.stderr).toContain(message);
});
