import { randomUUID } from 'node:crypto';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Transport, TransportSendOptions } from '@modelcontextprotocol/sdk/shared/transport.js';
import type {
  JSONRPCMessage,
  MessageExtraInfo,
  ServerNotification,
  ServerRequest,
} from '@modelcontextprotocol/sdk/types.js';
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  ResultSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { attackedTools, pageBefore } from '@/tests/chaos/servers/attacked-tools';
import { type Journal, readQuestionTag } from '@/tests/chaos/servers/journal';

const dayMs = 24 * 60 * 60 * 1_000;

/** One session of a server under attack: SDK v1's low-level server, writing down what it runs and hears. */
export async function connectAttacked(inner: Transport, journal: Journal): Promise<void> {
  const server = new Server({ name: 'attacked', version: '1.0.0' }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: attackedTools.map((tool) => tool.definition) }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const tool = attackedTools.find(({ definition }) => definition.name === params.name);
    if (tool === undefined) throw new McpError(ErrorCode.InvalidParams, `No tool ${params.name}`);
    const { mark = '', workMs = 0 } = params.arguments ?? {};
    const run = { mark: String(mark), execution: randomUUID().slice(0, 8), workMs: Number(workMs) };
    const page = pageBefore(tool, run.mark);
    if (page !== null) throw page;
    journal.write({ kind: 'executed', mark: run.mark, tool: params.name, execution: run.execution });
    const token = extra._meta?.progressToken;
    const result = await tool.run({
      ...run,
      ask: (method, asked) =>
        server.request({ method, params: asked } as unknown as ServerRequest, ResultSchema, {
          relatedRequestId: extra.requestId,
          signal: extra.signal,
          timeout: dayMs,
        }),
      progress: async (progress, total) => {
        if (token === undefined) return;
        const params = { progressToken: token, progress, total };
        await extra.sendNotification({ method: 'notifications/progress', params } as ServerNotification);
      },
    });
    journal.write({ kind: 'returned', mark: run.mark, execution: run.execution, result });
    return result;
  });
  await server.connect(new JournalTransport(inner, journal));
}

/** Writes an answer down as it comes off the wire, before the SDK reads it. */
class JournalTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: NonNullable<Transport['onmessage']>;
  private readonly questions = new Map<string | number, string>();

  constructor(
    private readonly inner: Transport,
    private readonly journal: Journal,
  ) {}

  get sessionId(): string | undefined {
    return this.inner.sessionId;
  }

  async start(): Promise<void> {
    const closed = this.inner.onclose;
    this.inner.onclose = () => {
      closed?.();
      this.onclose?.();
    };
    this.inner.onerror = (error) => this.onerror?.(error);
    this.inner.onmessage = (message: JSONRPCMessage, extra?: MessageExtraInfo) => {
      const question = 'method' in message || message.id === undefined ? undefined : this.questions.get(message.id);
      if (question !== undefined) this.journal.write({ kind: 'answered', question, response: message });
      this.onmessage?.(message, extra);
    };
    await this.inner.start();
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if ('method' in message && 'id' in message) {
      const question = readQuestionTag(JSON.stringify(message.params ?? {}));
      if (question !== null) this.questions.set(message.id, question);
    }
    await this.inner.send(message, options);
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}
