import type { Call } from '@/lib/domain/call';
import type { RpcError } from '@/lib/domain/event';
import { isJsonObject, type Json, type JsonObject } from '@/lib/domain/json';
import type { HoldRequest } from '@/lib/domain/request';
import type { CallOutcome } from './ports/agents';

/** What a server answered, whole, for its agent alone: the log keeps a masked extract (I14). */
export interface CallBody {
  readonly result?: JsonObject;
  readonly error?: RpcError;
}

/** The `result` payload of a call, as it was written; null when there is none. */
export function bodyOfPayload(call: Call, payload: Json | null): CallBody | null {
  if (call.state === 'completed') return isJsonObject(payload) ? { result: payload } : null;
  const error = call.state === 'failed' ? errorOfPayload(payload) : null;
  return error === null ? null : { error };
}

/** A server's error, as it was written; null when there is none. */
export function errorOfPayload(payload: Json | null): RpcError | null {
  const error = isJsonObject(payload) ? payload['error'] : undefined;
  if (!isJsonObject(error) || typeof error['code'] !== 'number' || typeof error['message'] !== 'string') return null;
  const { code, message, data } = error;
  return { code, message, ...(data === undefined ? {} : { data }) };
}

/** How a call ended, in the words its agent hears. `requests` are the call's own. */
export function outcomeOf(call: Call, body: CallBody | null, requests: readonly HoldRequest[]): CallOutcome {
  const { callId, tool } = call;
  switch (call.state) {
    case 'completed':
      // An empty result would be taken for the tool's own.
      if (body === null) return { outcome: 'failed', callId, error: notKept(tool) };
      return { outcome: 'completed', callId, result: withRemarks(call, requests, body.result ?? {}) };
    case 'failed':
      return { outcome: 'failed', callId, error: body?.error ?? call.error };
    case 'rejected':
      return { outcome: 'rejected', callId, message: `${tool} was not run: ${call.reason}` };
    case 'expired':
      return {
        outcome: 'expired',
        callId,
        message: `${tool} was not run: no one answered in time. This is not a refusal; you may ask again.`,
      };
    case 'cancelled':
      return call.by === 'ending'
        ? { outcome: 'ended', callId, message: call.reason }
        : { outcome: 'cancelled', callId, message: `${tool} was cancelled: ${call.reason}` };
    case 'indeterminate':
      return {
        outcome: 'indeterminate',
        callId,
        message: `The outcome of ${tool} is unknown: ${call.why} Do not repeat it without checking whether it took effect.`,
      };
    case 'held':
    case 'working':
    case 'input_required':
      throw new Error(`call ${callId} is ${call.state}, which is no end`);
  }
}

const notKeptCode = -32_004;

function notKept(tool: string): RpcError {
  const words = `${tool} completed, and its result is no longer kept. Do not repeat it without checking whether it took effect.`;
  return { code: notKeptCode, message: words };
}

/**
 * What the agent must know beside the result as the server gave it: a question nobody answered reached the tool as a
 * cancel, and it must not take that for a refusal (I7); and that people changed what it asked for.
 */
function withRemarks(call: Call, requests: readonly HoldRequest[], result: JsonObject): JsonObject {
  const words = requests
    .filter((request) => request.state === 'expired' && request.upstream !== null)
    .map((request) => `No one answered "${request.title}" in time. This is not a refusal.`);
  if (call.edited) words.unshift('People changed the arguments before this was run: check what was done.');
  if (words.length === 0) return result;
  const content: readonly Json[] = Array.isArray(result['content']) ? result['content'] : [];
  const remarked = { ...result, content: [...content, { type: 'text', text: `Holdpoint: ${words.join(' ')}` }] };
  if (!call.edited) return remarked;
  const meta = isJsonObject(result['_meta']) ? result['_meta'] : {};
  return { ...remarked, _meta: { ...meta, 'holdpoint/edited': true } };
}
