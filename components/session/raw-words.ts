import { isJsonObject } from '@/lib/domain/json';
import type { RawMessage } from '@/lib/domain/raw';

export interface RawWords {
  /** "tools/call", "result", "error -32000" */
  readonly what: string;
  readonly id: string | null;
  readonly kind: 'request' | 'notification' | 'result' | 'error' | 'other';
  /** "from the agent", "to sandbox-accounts" */
  readonly way: string;
}

/** What a JSON-RPC message is, in a few words. */
export function rawWords(raw: RawMessage): RawWords {
  const other = raw.side === 'agent' ? 'the agent' : (raw.server ?? 'the server');
  const way = `${raw.direction === 'in' ? 'from' : 'to'} ${other}`;
  const { message } = raw;
  if (!isJsonObject(message))
    return {
      what: Array.isArray(message) ? `batch of ${message.length}` : 'not JSON-RPC',
      id: null,
      kind: 'other',
      way,
    };
  const id = typeof message['id'] === 'string' || typeof message['id'] === 'number' ? String(message['id']) : null;
  const method = message['method'];
  if (typeof method === 'string') return { what: method, id, kind: id === null ? 'notification' : 'request', way };
  const error = message['error'];
  if (isJsonObject(error))
    return { what: `error ${typeof error['code'] === 'number' ? error['code'] : ''}`.trim(), id, kind: 'error', way };
  return 'result' in message
    ? { what: 'result', id, kind: 'result', way }
    : { what: 'not JSON-RPC', id, kind: 'other', way };
}
