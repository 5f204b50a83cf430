import type { Agent, AgentReply, AgentTask, AgentTool, Chat, ChatMessage, ToolCall } from '../model/agent.ts';
import { isRecord } from './plain-json.ts';

export interface ChatLimits {
  /** For one question, over all its rounds. */
  readonly milliseconds: number;
  /** Turns of the model. */
  readonly rounds: number;
  /** Characters of an answer. */
  readonly characters: number;
}

const submit: AgentTool = {
  name: 'submit_findings',
  description:
    'Ends the work: the findings, each valid against assets/finding.schema.json; an empty list reports nobody.',
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['findings'],
    properties: { findings: { type: 'array', items: { type: 'object' } } },
  },
  call: () => undefined,
};

/** A model that is given the skill and tools, and asked until it submits its findings, or says them as JSON. */
export function createChatAgent(chat: Chat, limits: ChatLimits, now: () => number): Agent {
  return {
    ask: async (task) => {
      const ends = now() + limits.milliseconds;
      const messages = opening(task);
      const tools = [...task.tools, submit];
      for (let round = 0; round < limits.rounds; round++) {
        const left = ends - now();
        if (left <= 0) return { kind: 'failed', reason: 'too_slow', detail: `after ${round} rounds` };
        const turn = await chat.complete(messages, tools, left);
        if (turn.kind === 'failed') return turn;
        const { content, calls } = turn;
        const done = answerIn(content, calls);
        if (done !== null) return withinLimit(done, limits);
        messages.push({ role: 'assistant', content, ...(calls.length > 0 && { tool_calls: calls }) });
        if (calls.length === 0) messages.push({ role: 'user', content: reminder });
        for (const call of calls)
          messages.push({ role: 'tool', tool_call_id: call.id, content: resultOf(call, task.tools) });
      }
      return { kind: 'failed', reason: 'rounds', detail: `it was stopped after ${limits.rounds}` };
    },
  };
}

const reminder = 'Call submit_findings with your findings; an empty list reports nobody.';

function opening({ files, question }: AgentTask): ChatMessage[] {
  const textOf = (path: string) => files.find((file) => file.path === path)?.text ?? '';
  const system = `${textOf('SKILL.md')}\n\nassets/finding.schema.json:\n\n${textOf('assets/finding.schema.json')}`;
  const { prompt, ...rest } = question;
  return [
    { role: 'system', content: system },
    { role: 'user', content: `${String(prompt)}\n\n${JSON.stringify(rest)}` },
  ];
}

/** Null: the work goes on. */
function answerIn(content: string | null, calls: readonly ToolCall[]): string | null {
  const submitted = calls.find((call) => call.function.name === submit.name);
  if (submitted !== undefined) {
    const { findings } = argumentsOf(submitted) ?? {};
    return findings === undefined ? null : JSON.stringify(findings);
  }
  if (calls.length > 0 || content === null) return null;
  const text = content.replace(/^\s*```(?:json)?\s*\n([\s\S]*?)\n\s*```\s*$/, '$1');
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null ? text : null;
  } catch {
    return null;
  }
}

function withinLimit(text: string, { characters }: ChatLimits): AgentReply {
  if (text.length <= characters) return { kind: 'answered', text };
  return { kind: 'failed', reason: 'too_much', detail: `${text.length} characters` };
}

/** What a tool says to the model; what is wrong with a call is said, too. */
function resultOf(call: ToolCall, tools: readonly AgentTool[]): string {
  const given = argumentsOf(call);
  const tool = tools.find(({ name }) => name === call.function.name);
  if (tool === undefined) return JSON.stringify({ error: 'there is no such tool, or its arguments lack something' });
  if (given === null) return JSON.stringify({ error: 'the arguments are no JSON object' });
  const result = tool.call(given);
  return typeof result === 'string' ? result : JSON.stringify(result);
}

function argumentsOf(call: ToolCall): Readonly<Record<string, unknown>> | null {
  try {
    const read: unknown = JSON.parse(call.function.arguments);
    return isRecord(read) ? read : null;
  } catch {
    return null;
  }
}
