/** What is put to an agent: a question, and the skill to answer it by. */
export interface AgentTask {
  /** The skill's id, the name of its folder. */
  readonly skill: string;
  /** Its files without those that hold answers; paths are relative to its folder. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** What the agent is told beside the skill, as JSON; it knows the place of the skill by `skill_folder`, which is added. */
  readonly question: Readonly<Record<string, unknown>>;
  /** What the tools of a chat answer. */
  readonly tools: readonly AgentTool[];
}

/** A function that a model may call. */
export interface AgentTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Whatever it is called with, it does not throw. */
  readonly call: (given: Readonly<Record<string, unknown>>) => unknown;
}

/** How asking came out. What failed says nothing of the case. */
export type AgentReply =
  | { readonly kind: 'answered'; readonly text: string }
  | { readonly kind: 'failed'; readonly reason: FailureReason; readonly detail: string };

export const failureReasons = {
  too_slow: 'gave no answer within the time limit',
  too_much: 'wrote more than is read',
  ended_badly: 'ended without an answer',
  rounds: 'used up its rounds without an answer',
  unreachable: 'could not be reached',
} as const;

export type FailureReason = keyof typeof failureReasons;

/** Whoever answers questions: a program, or a model behind an API. */
export interface Agent {
  ask(task: AgentTask): Promise<AgentReply>;
}

/** The messages of a chat, in the form of the chat completions protocol. */
export type ChatMessage =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | { readonly role: 'assistant'; readonly content: string | null; readonly tool_calls?: readonly ToolCall[] }
  | { readonly role: 'tool'; readonly tool_call_id: string; readonly content: string };

export interface ToolCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
}

/** One turn of a model. */
export type ChatTurn =
  | { readonly kind: 'said'; readonly content: string | null; readonly calls: readonly ToolCall[] }
  | Extract<AgentReply, { readonly kind: 'failed' }>;

/** A model behind an API. */
export interface Chat {
  complete(messages: readonly ChatMessage[], tools: readonly AgentTool[], milliseconds: number): Promise<ChatTurn>;
}
