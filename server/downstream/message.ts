import { isJsonObject, type Json, type JsonObject } from '@/lib/domain/json';

export type RpcId = string | number;

/** A JSON-RPC message of an agent, its shape checked and nothing taken away. */
export type AgentMessage =
  | { readonly kind: 'request'; readonly id: RpcId; readonly method: string; readonly params: JsonObject }
  | { readonly kind: 'notification'; readonly method: string; readonly params: JsonObject }
  | { readonly kind: 'response' };

export type AgentRequest = Extract<AgentMessage, { readonly kind: 'request' }>;

/** Deeper than any honest arguments; beyond it recursive code of ours or of a server could run out of stack. */
const nestingMost = 200;

const members: ReadonlySet<string> = new Set(['jsonrpc', 'id', 'method', 'params', 'result', 'error']);

/** Reads one message; a text says what is wrong with it. */
export function readMessage(value: unknown): AgentMessage | string {
  if (!isJsonObject(value)) return 'a message must be an object';
  if (value['jsonrpc'] !== '2.0') return 'jsonrpc must be "2.0"';
  if (isNestedTooDeep(value)) return `a message may be nested ${nestingMost} levels deep`;
  const { id, method, params } = value;
  const stranger = Object.keys(value).find((name) => !members.has(name));
  if (stranger !== undefined) return `a message has no member named ${JSON.stringify(stranger.slice(0, 40))}`;
  if (id !== undefined && !isRpcId(id)) return 'id must be a text or an integer';
  if (method === undefined) return 'result' in value || 'error' in value ? { kind: 'response' } : 'method is missing';
  if (typeof method !== 'string') return 'method must be a text';
  if (params !== undefined && !isJsonObject(params)) return 'params must be an object';
  const given = params ?? {};
  if (!hasUsableToken(given)) return 'a progress token must be a text or an integer';
  return id === undefined
    ? { kind: 'notification', method, params: given }
    : { kind: 'request', id, method, params: given };
}

function hasUsableToken({ _meta }: JsonObject): boolean {
  const token = isJsonObject(_meta) ? _meta['progressToken'] : undefined;
  return token === undefined || isRpcId(token);
}

export function isRpcId(value: unknown): value is RpcId {
  return typeof value === 'string' || (typeof value === 'number' && Number.isInteger(value));
}

function isNestedTooDeep(root: JsonObject): boolean {
  let level: readonly Json[] = [root];
  for (let depth = 0; depth <= nestingMost; depth += 1) {
    const next: Json[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      for (const part of Object.values(value) as Json[]) if (typeof part === 'object' && part !== null) next.push(part);
    }
    if (next.length === 0) return false;
    level = next;
  }
  return true;
}
