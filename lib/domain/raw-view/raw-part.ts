import { isJsonObject, type Json, type JsonObject } from '../json';
import type { RawMessage } from '../raw';

/** What a JSON-RPC message is. */
export type RawKind = 'request' | 'notification' | 'result' | 'error' | 'other';

export interface RawPart {
  readonly kind: RawKind;
  readonly method: string | null;
  /** As it stands in the message; null when there is none. */
  readonly id: string | number | null;
  readonly body: JsonObject | null;
}

/** The single messages in one; a batch holds several. */
export function partsOf({ message }: Pick<RawMessage, 'message'>): readonly RawPart[] {
  return Array.isArray(message) ? message.map(partOf) : [partOf(message)];
}

function partOf(message: Json): RawPart {
  if (!isJsonObject(message)) return { kind: 'other', method: null, id: null, body: null };
  const given = message['id'];
  const id = typeof given === 'string' || typeof given === 'number' ? given : null;
  const method = message['method'];
  if (typeof method === 'string') return { kind: id === null ? 'notification' : 'request', method, id, body: message };
  if (isJsonObject(message['error'])) return { kind: 'error', method: null, id, body: message };
  return { kind: 'result' in message ? 'result' : 'other', method: null, id, body: message };
}

/** A JSON-RPC error, or a tool's own. */
export function isFailure({ kind, body }: RawPart): boolean {
  if (kind === 'error') return true;
  const result = body?.['result'];
  return kind === 'result' && isJsonObject(result) && result['isError'] === true;
}
