import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { CallToolResult, Progress } from '@modelcontextprotocol/sdk/types.js';
import type { Product } from '@/tests/e2e/support/product';

/** Long enough that only Holdpoint or a person ends a call. */
const patienceMs = 24 * 60 * 60 * 1_000;

/** Takes a broken stream up again for as long as any restart here takes. */
const reconnectionOptions = {
  initialReconnectionDelay: 100,
  maxReconnectionDelay: 500,
  reconnectionDelayGrowFactor: 1.5,
  maxRetries: 300,
};

export interface AgentOptions {
  readonly key?: string;
  readonly url?: string;
  readonly name?: string;
}

/** `plain` asks for no progress: such a client cannot be kept waiting by heartbeats. */
export type CallManner = 'progress' | 'plain';

/** A program that calls tools through Holdpoint, with the SDK's own client. */
export interface Agent {
  readonly client: Client;
  call(tool: string, args?: Record<string, unknown>, manner?: CallManner): AgentCall;
  /** Waits with a ticket as its model would, by as many calls as it takes. */
  collect(ticket: string): Promise<CallToolResult>;
  close(): Promise<void>;
}

export interface AgentCall {
  readonly result: Promise<CallToolResult>;
  readonly progress: readonly Progress[];
  /** The agent changes its mind. */
  readonly cancel: (why: string) => void;
}

export async function connectAgent(product: Product, options: AgentOptions = {}): Promise<Agent> {
  const client = new Client({ name: options.name ?? 'e2e-agent', version: '1.0.0' });
  const transport = new StreamableHTTPClientTransport(new URL(options.url ?? product.mcpUrl), {
    requestInit: { headers: { Authorization: `Bearer ${options.key ?? product.agentKey}` } },
    reconnectionOptions,
  });
  await client.connect(transport);
  return {
    client,
    call(tool, args = {}, manner = 'progress') {
      const progress: Progress[] = [];
      const ended = new AbortController();
      const result = client.callTool({ name: tool, arguments: args }, undefined, {
        timeout: patienceMs,
        signal: ended.signal,
        ...(manner === 'plain' ? {} : { onprogress: (step: Progress) => progress.push(step) }),
      }) as Promise<CallToolResult>;
      // Whoever reads the result sees its error; nobody has to.
      result.catch(() => undefined);
      return { result, progress, cancel: (why) => ended.abort(why) };
    },
    async collect(ticket) {
      for (;;) {
        const asked = client.callTool({ name: 'holdpoint_await', arguments: { ticket } }, undefined, {
          timeout: patienceMs,
        });
        const result = (await asked) as CallToolResult;
        if (ticketOf(result) === null) return result;
      }
    },
    async close() {
      await transport.terminateSession().catch(() => undefined);
      await client.close();
    },
  };
}

/** All text of a result, as a model would read it. */
export function textOf(result: CallToolResult): string {
  return result.content.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join('\n');
}

/** The ticket of a result that says there is none yet. */
export function ticketOf(result: CallToolResult): string | null {
  const ticket = result._meta?.['holdpoint/ticket'];
  return typeof ticket === 'string' ? ticket : null;
}
