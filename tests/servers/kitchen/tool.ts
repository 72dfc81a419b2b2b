import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type {
  CallToolResult,
  Result,
  ServerNotification,
  ServerRequest,
  Tool,
} from '@modelcontextprotocol/sdk/types.js';
import type { Switchboard } from '@/tests/servers/kitchen/switchboard';
import type { RecordingTransport } from '@/tests/servers/recording-transport';
import type { Records } from '@/tests/servers/records';

export type Arguments = Readonly<Record<string, unknown>>;

export interface KitchenCall {
  readonly args: Arguments;
  readonly server: Server;
  readonly extra: RequestHandlerExtra<ServerRequest, ServerNotification>;
  readonly transport: RecordingTransport;
  readonly records: Records;
  readonly switchboard: Switchboard;
  /** Sends any request to the client, valid or not, and waits for its answer as long as the call lives. */
  readonly ask: (method: string, params: Record<string, unknown>) => Promise<Result>;
  readonly notify: (method: string, params: Record<string, unknown>) => Promise<void>;
}

export interface KitchenTool {
  readonly definition: Tool;
  readonly run: (call: KitchenCall) => Promise<CallToolResult> | CallToolResult;
}

export const noArguments: Tool['inputSchema'] = { type: 'object', properties: {} };

/** The value as text and as structured content, so that a test can compare it exactly. */
export function told(value: Record<string, unknown>): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(value) }], structuredContent: value };
}

export function text(words: string): CallToolResult {
  return { content: [{ type: 'text', text: words }] };
}

export function textArgument(args: Arguments, name: string, fallback: string): string {
  const value = args[name];
  return typeof value === 'string' ? value : fallback;
}

export function numberArgument(args: Arguments, name: string, fallback: number): number {
  const value = args[name];
  return typeof value === 'number' ? value : fallback;
}
