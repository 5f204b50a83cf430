import { afterEach, expect, test } from 'vitest';
import { createChat } from '../../src/host/chat-completions.ts';
import type { AgentReply, AgentTool } from '../../src/model/agent.ts';
import { createChatAgent } from '../../src/review/chat-agent.ts';
import { calls, type Said, type ScriptedModel, serveModel } from '../cli/agents/model.ts';

let model: ScriptedModel | undefined;
afterEach(async () => {
  await model?.close();
  model = undefined;
});

const echo: AgentTool = { name: 'echo', description: '', parameters: {}, call: (given) => given };

async function ask(say: Parameters<typeof serveModel>[0], milliseconds = 5000, rounds = 5): Promise<AgentReply> {
  model = await serveModel(say);
  const chat = createChat({ url: `${model.url}/`, model: 'scripted', key: 'sk-secret' });
  const agent = createChatAgent(chat, { milliseconds, rounds, characters: 1000 }, () => performance.now());
  return agent.ask({ skill: 'demo', files: [], question: { prompt: 'Work.' }, tools: [echo] });
}

const text = (content: string): Said => ({ message: { role: 'assistant', content } });
const answered = (said: string) => ({ kind: 'answered', text: said });

test.each<[string, Said, unknown]>([
  ['JSON', text('[]'), answered('[]')],
  ['JSON in a fence', text('```json\n[{"a": 1}]\n```'), answered('[{"a": 1}]')],
  ['a call', calls([['submit_findings', { findings: [1] }]]), answered('[1]')],
  [
    'a call with an object for arguments and no id',
    { message: { tool_calls: [{ function: { name: 'submit_findings', arguments: { findings: [] } } }] } },
    answered('[]'),
  ],
  [
    'too long',
    text(JSON.stringify(['x'.repeat(1000)])),
    { kind: 'failed', reason: 'too_much', detail: '1004 characters' },
  ],
  [
    'no completion',
    { status: 200, text: '{"choices": [{}]}' },
    { kind: 'failed', reason: 'ended_badly', detail: 'the reply is no chat completion' },
  ],
  [
    'no JSON',
    { status: 200, text: '<html>' },
    { kind: 'failed', reason: 'ended_badly', detail: 'the reply is no chat completion' },
  ],
  [
    'refused, and the key is hidden',
    { status: 401, text: 'bad sk-secret' },
    { kind: 'failed', reason: 'unreachable', detail: 'HTTP 401: bad …' },
  ],
  [
    'sent elsewhere',
    { status: 307, text: '', headers: { location: 'http://127.0.0.1:1/' } },
    expect.objectContaining({ reason: 'unreachable' }),
  ],
  ['only talk', text('Hm.'), { kind: 'failed', reason: 'rounds', detail: 'it was stopped after 5' }],
  ['42', text('42'), { kind: 'failed', reason: 'rounds', detail: 'it was stopped after 5' }],
  ['a flood', { status: 200, text: 'x'.repeat(5_000_000) }, expect.objectContaining({ reason: 'too_much' })],
])('an answer: %s', async (_, said, expected) => {
  expect(await ask(() => said)).toEqual(expected);
});

test('a server that never answers', async () => {
  expect(await ask(() => 'silent', 300)).toMatchObject({ kind: 'failed', reason: 'too_slow' });
});

test('a server that is busy is called again, as long as the time lasts', async () => {
  const busy: Said = { status: 429, text: 'later', headers: { 'retry-after': '0' } };
  expect(await ask((_, count) => (count < 3 ? busy : text('[]')))).toEqual(answered('[]'));
  await model?.close();
  expect(await ask(() => busy)).toEqual({ kind: 'failed', reason: 'unreachable', detail: 'HTTP 429: later' });
  expect(model?.heard).toHaveLength(4);
});

test('what is wrong with a call is said to the model', async () => {
  const said: Record<number, Said> = {
    1: calls([
      ['echo', { a: 1 }],
      ['nothing', {}],
      ['submit_findings', {}],
    ]),
    2: { message: { content: null, tool_calls: [{ id: 'x', function: { name: 'echo', arguments: '{"a":' } }] } },
    3: text('I am thinking.'),
    4: text('[]'),
  };
  expect(await ask((_, count) => said[count] as Said)).toEqual(answered('[]'));
  const messages = model?.heard[3]?.sent.messages ?? [];
  expect(messages.slice(2).map(({ role, content }) => `${role}: ${content}`)).toEqual([
    'assistant: null',
    'tool: {"a":1}',
    'tool: {"error":"there is no such tool, or its arguments lack something"}',
    'tool: {"error":"there is no such tool, or its arguments lack something"}',
    'assistant: null',
    'tool: {"error":"the arguments are no JSON object"}',
    'assistant: I am thinking.',
    'user: Call submit_findings with your findings; an empty list reports nobody.',
  ]);
  expect(model?.heard[0]).toMatchObject({ path: '/v1/chat/completions', authorization: 'Bearer sk-secret' });
});
