import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { CallToolResult, Progress } from '@modelcontextprotocol/sdk/types.js';
import type { Product } from '@/tests/e2e/support/product';

/** Long enough that only Holdpoint or a person ends a call. */
const patienceMs = 24 * 60 * 60 * 1_000;

export interface AgentOptions {
  readonly key?: string;
  readonly url?: string;
  readonly name?: string;
}

/** A program that calls tools through Holdpoint, with the SDK's own client. */
export interface Agent {
  readonly client: Client;
  call(tool: string, args?: Record<string, unknown>): AgentCall;
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
  });
  await client.connect(transport);
  return {
    client,
    call(tool, args = {}) {
      const progress: Progress[] = [];
      const ended = new AbortController();
      const result = client.callTool({ name: tool, arguments: args }, undefined, {
        timeout: patienceMs,
        signal: ended.signal,
        onprogress: (step) => progress.push(step),
      }) as Promise<CallToolResult>;
      // Whoever reads the result sees its error; nobody has to.
      result.catch(() => undefined);
      return { result, progress, cancel: (why) => ended.abort(why) };
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
