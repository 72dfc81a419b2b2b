import type { RpcError } from '@/lib/domain/event';
import { isJsonObject, type JsonObject } from '@/lib/domain/json';
import { knownTextOf } from '@/lib/domain/known-text';
import { type Refusal, refuse } from '@/lib/domain/refusal';
import type { CallOutcome } from '@/server/engine/ports/agents';

const invalidParams = -32602;
const methodNotFound = -32601;
const refused = -32000;

/** What answers a request: one of JSON-RPC's two. */
export type Reply = { readonly result: JsonObject } | { readonly error: RpcError };

/**
 * A call's end as its agent hears it. Results and errors of the server stay as they are; what Holdpoint
 * itself has to say is a tool error in words, because a model reads it (I7: which of them it was).
 */
export function replyOf(outcome: Exclude<CallOutcome, { readonly outcome: 'left' }>): Reply {
  switch (outcome.outcome) {
    case 'completed':
      return { result: outcome.result };
    case 'failed':
      return { error: outcome.error };
    case 'rejected':
    case 'expired':
    case 'cancelled':
    case 'indeterminate':
    case 'ended':
      return {
        result: {
          content: [{ type: 'text', text: outcome.message }],
          isError: true,
          _meta: { 'holdpoint/outcome': outcome.outcome, 'holdpoint/callId': outcome.callId },
        },
      };
  }
}

export function responseOf(id: string | number, reply: Reply): JsonObject {
  return { jsonrpc: '2.0', id, ...('result' in reply ? { result: reply.result } : { error: { ...reply.error } }) };
}

/** A server's result is said in the text it was recorded with. */
export function textOfMessage(message: JsonObject): string {
  const { result, ...rest } = message;
  const known = isJsonObject(result) ? knownTextOf(result) : null;
  return known === null ? JSON.stringify(message) : `${JSON.stringify(rest).slice(0, -1)},"result":${known}}`;
}

/** A refusal before anything was recorded: the caller's mistake is -32602, the rest is in our own range. */
export function errorOfRefusal(refusal: Refusal): RpcError {
  const { code, message } = refusal;
  return { code: rpcCodeOf(code), message, data: { code } };
}

function rpcCodeOf(code: Refusal['code']): number {
  switch (code) {
    case 'unknown_tool':
    case 'unknown_server':
    case 'bad_input':
      return invalidParams;
    case 'not_found':
      return methodNotFound;
    default:
      return refused;
  }
}

/** Our fault, and said so. */
export const failedReply: Reply = {
  error: { code: -32603, message: 'Holdpoint failed on this request. It has been logged.' },
};

export const stoppingReply: Reply = { error: errorOfRefusal(refuse('stopping')) };
