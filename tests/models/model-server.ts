import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateMessageResultWithToolsSchema } from '@modelcontextprotocol/sdk/types.js';
import { isJsonObject, type Json, type JsonObject } from '@/lib/domain/json';
import type { Log } from '@/server/engine/ports/log';
import type { ModelEntry } from '@/server/engine/ports/model-entry';
import type { ModelReply } from '@/server/engine/ports/models';
import { createModels } from '@/server/models/models';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: JsonObject;
}

export type Answer =
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body: Json | string }
  /** What the server does in place of an answer. */
  | ((response: ServerResponse) => void);

/** A provider's HTTP API on loopback: answers in turn, the last one again and again, and keeps what it was sent. */
export class ModelServer {
  readonly received: Received[] = [];
  readonly #answers: readonly Answer[];
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      this.received.push({
        path: request.url ?? '',
        headers: request.headers,
        body: isJsonObject(body) ? body : {},
      });
      for (const waiter of this.#waiters.splice(0)) waiter();
      this.#answer(response);
    });
  });
  readonly #waiters: (() => void)[] = [];
  #url = '';

  constructor(...answers: readonly Answer[]) {
    this.#answers = answers;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.#url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  get url(): string {
    return this.#url;
  }

  /** The one request; fails when there were none or more. */
  get only(): Received {
    const [first, ...others] = this.received;
    if (first === undefined || others.length > 0) throw new Error(`${this.received.length} requests came`);
    return first;
  }

  /** The next request is here and whole. */
  arrived(): Promise<void> {
    return new Promise((resolve) => void this.#waiters.push(resolve));
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => void this.#server.close(() => resolve()));
  }

  #answer(response: ServerResponse): void {
    const answer = this.#answers[this.received.length - 1] ?? this.#answers.at(-1);
    if (answer === undefined) throw new Error('no answer is scripted');
    if (typeof answer === 'function') return answer(response);
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
    response.end(text);
  }
}

export const secretKey = 'k3y-that-opens-everything-0123456789';

type Kind = ModelEntry['provider']['kind'];

/** An entry whose provider is the server at `url`. */
export function entryOf(kind: Kind, url: string, more: Partial<ModelEntry> = {}): ModelEntry {
  const common = { maxOutputTokens: null, timeoutMs: 10_000, prices: null, ...more };
  switch (kind) {
    case 'anthropic':
      return {
        name: 'claude',
        model: 'claude-sonnet-4-5',
        provider: { kind, apiKey: secretKey, baseUrl: `${url}/v1` },
        ...common,
      };
    case 'bedrock':
      return {
        name: 'nova',
        model: 'eu.amazon.nova-pro-v1:0',
        provider: { kind, region: 'eu-central-1', baseUrl: url, auth: { kind: 'key', apiKey: secretKey } },
        ...common,
      };
    case 'openai-compatible':
      return {
        name: 'gpt',
        model: 'gpt-5-mini',
        provider: { kind, apiKey: secretKey, baseUrl: `${url}/v1` },
        ...common,
      };
  }
}

/** A log that keeps every line as text. */
export function keptLog(): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (level: string) => (fields: object, message: string) =>
    void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  const log: Log = {
    debug: keep('debug'),
    info: keep('info'),
    warn: keep('warn'),
    error: keep('error'),
    child: () => log,
  };
  return { log, lines };
}

export interface Told {
  readonly reply: Awaited<ReturnType<ReturnType<typeof createModels>['write']>>;
  readonly lines: readonly string[];
}

/** Asks the first of the models, with nobody interrupting. */
export async function tell(entries: readonly ModelEntry[], ask: JsonObject): Promise<Told> {
  const { log, lines } = keptLog();
  const reply = await createModels(entries, { log }).write(ask, { model: null, signal: new AbortController().signal });
  return { reply, lines };
}

/** The reply, of MCP's shape; fails when there is none. */
export function replyOf({ reply }: Told): ModelReply {
  if (!reply.ok) throw new Error(reply.message);
  CreateMessageResultWithToolsSchema.parse(reply.result);
  return reply;
}

export function messageOf({ reply }: Told): string {
  if (reply.ok) throw new Error(`a reply came: ${JSON.stringify(reply.result)}`);
  return reply.message;
}

export const hello: JsonObject = {
  messages: [{ role: 'user', content: { type: 'text', text: 'Say hello.' } }],
  maxTokens: 100,
};

/** What each API answers with: these words, or this. */
export const anthropicReply = (more: JsonObject = {}): JsonObject => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-4-5-20250929',
  content: [{ type: 'text', text: 'Hello.' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 12, output_tokens: 3 },
  ...more,
});

export const openAiReply = (message: JsonObject = {}, finish = 'stop'): JsonObject => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_780_000_000,
  model: 'gpt-5-mini-2025-08-07',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello.', ...message }, finish_reason: finish }],
  usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 },
});

export const bedrockReply = (content: readonly Json[] = [{ text: 'Hello.' }], stopReason = 'end_turn'): JsonObject => ({
  output: { message: { role: 'assistant', content } },
  stopReason,
  metrics: { latencyMs: 10 },
  usage: { inputTokens: 12, outputTokens: 3, totalTokens: 15 },
});
