import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import type { CallToolResult, ClientCapabilities, Progress, Result } from '@modelcontextprotocol/sdk/types.js';

export interface Question {
  readonly method: string;
  /** As it came off the wire: the SDK's own schemas drop members, `pattern` for one. */
  readonly params: Readonly<Record<string, unknown>>;
}

export interface AnsweringClient {
  readonly client: Client;
  readonly questions: readonly Question[];
  readonly notifications: readonly { readonly method: string; readonly params?: unknown }[];
  readonly progress: readonly Progress[];
  call(name: string, args?: Record<string, unknown>, signal?: AbortSignal): Promise<CallToolResult>;
}

export interface AnsweringOptions {
  readonly capabilities?: ClientCapabilities;
  /** Plays the person: throws to answer with an error. */
  readonly answer?: (question: Question) => Result | Promise<Result>;
}

export const accept = (content: Record<string, unknown>): Result => ({ action: 'accept', content });

/** An SDK client whose questions are answered by the test. */
export async function answeringClient(
  transport: object,
  { capabilities = { elicitation: { form: {}, url: {} }, sampling: {} }, answer }: AnsweringOptions = {},
): Promise<AnsweringClient> {
  const client = new Client({ name: 'test-client', version: '1.0.0' }, { capabilities });
  const questions: Question[] = [];
  const notifications: { method: string; params?: unknown }[] = [];
  const progress: Progress[] = [];
  client.fallbackRequestHandler = async ({ method, params }) => {
    const question = { method, params: params ?? {} };
    questions.push(question);
    if (answer === undefined) throw new Error(`Nobody expected ${method}`);
    return answer(question);
  };
  client.fallbackNotificationHandler = (notification) => {
    notifications.push(notification);
    return Promise.resolve();
  };
  await client.connect(transport as Transport);
  return {
    client,
    questions,
    notifications,
    progress,
    call: (name, args = {}, signal) =>
      client.request({ method: 'tools/call', params: { name, arguments: args } }, CallToolResultSchema, {
        onprogress: (one) => progress.push(one),
        ...(signal === undefined ? {} : { signal }),
      }),
  };
}

/** The first text of a result. */
export function textOf(result: CallToolResult): string {
  const first = result.content[0];
  return first?.type === 'text' ? first.text : '';
}
