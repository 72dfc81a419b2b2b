import type { RpcError } from '@/lib/domain/event';
import { isJsonObject, type Json, type JsonObject } from '@/lib/domain/json';
import { limits, shortened } from './limits';

export type RpcId = string | number;

/** One JSON-RPC message of a server, sorted by what it is. */
export type Incoming =
  | { readonly kind: 'request'; readonly rpcId: RpcId; readonly method: string; readonly params: Json | undefined }
  | { readonly kind: 'notification'; readonly method: string; readonly params: Json | undefined }
  | { readonly kind: 'result'; readonly rpcId: RpcId; readonly result: Json | undefined }
  | { readonly kind: 'error'; readonly rpcId: RpcId | null; readonly error: RpcError }
  | { readonly kind: 'nonsense'; readonly why: string };

export const rpcCodes = {
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  tooMany: -32000,
} as const;

export type Decoded = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly why: string };

/** Parses the text of a message. One that is nested past the limit is replaced by a shell that keeps only its id. */
export function decodeMessage(text: string): Decoded {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return { ok: false, why: 'not JSON' };
  }
  return { ok: true, value: isTooDeep(value) ? shellOf(value) : value };
}

export function sortMessage(value: Json): Incoming {
  if (!isJsonObject(value)) return { kind: 'nonsense', why: 'not an object' };
  if (value['jsonrpc'] !== '2.0') return { kind: 'nonsense', why: 'not JSON-RPC 2.0' };
  const { id, method, params } = value;
  const rpcId = typeof id === 'string' || (typeof id === 'number' && Number.isFinite(id)) ? id : null;
  if (typeof method === 'string') {
    if (rpcId !== null) return { kind: 'request', rpcId, method, params };
    return id === undefined
      ? { kind: 'notification', method, params }
      : { kind: 'nonsense', why: 'a request with an id that is neither text nor number' };
  }
  if (value['error'] !== undefined && value['error'] !== null)
    return { kind: 'error', rpcId, error: readError(value['error']) };
  if (rpcId === null) return { kind: 'nonsense', why: 'neither method nor id' };
  return { kind: 'result', rpcId, result: value['result'] };
}

function readError(error: Json): RpcError {
  if (!isJsonObject(error)) return nonsenseAnswer('an error that is not an object');
  const { code, message, data } = error;
  if (typeof code !== 'number' || !Number.isSafeInteger(code)) return nonsenseAnswer('an error without a code');
  const words = typeof message === 'string' ? message : 'The server gave no message.';
  return { code, message: words, ...(data === undefined ? {} : { data }) };
}

/** What stands for an answer that is none. */
export function nonsenseAnswer(what: string): RpcError {
  return { code: rpcCodes.internal, message: `The server answered nonsense: ${shortened(what)}.` };
}

export function errorResponse(rpcId: RpcId, code: number, message: string): JsonObject {
  return { jsonrpc: '2.0', id: rpcId, error: { code, message } };
}

function isTooDeep(value: Json): boolean {
  return typeof value === 'object' && value !== null && isDeeperThan(value, limits.messageDepth);
}

/** Recursion ends at the limit: a hostile depth does not end our stack. */
function isDeeperThan(value: object, most: number): boolean {
  if (most < 0) return true;
  const children: readonly Json[] = Array.isArray(value) ? value : Object.values(value);
  for (const child of children) {
    if (typeof child === 'object' && child !== null && isDeeperThan(child, most - 1)) return true;
  }
  return false;
}

function shellOf(value: Json): Json {
  if (!isJsonObject(value)) return null;
  const { id, method } = value;
  const rpcId = typeof id === 'string' || typeof id === 'number' ? { id } : {};
  if (typeof method === 'string') return { jsonrpc: '2.0', ...rpcId, method };
  return {
    jsonrpc: '2.0',
    ...rpcId,
    error: { ...nonsenseAnswer(`a message nested deeper than ${limits.messageDepth} levels`) },
  };
}
