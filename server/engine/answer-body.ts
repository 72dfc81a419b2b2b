import type { AnswerAction, RequestKind } from '@/lib/domain/event';
import { isJsonObject, type JsonObject } from '@/lib/domain/json';
import type { OutgoingAnswer } from './ports/upstream';

/** MCP's code for "the user rejected the sampling request". */
const samplingRejected = -1;

export interface AnswerParts {
  readonly kind: RequestKind;
  readonly action: AnswerAction;
  readonly reason: string | null;
  readonly content: JsonObject | null;
}

type RpcId = string | number;

/** The JSON-RPC response a server gets for a person's answer. */
export function answerBody(rpcId: RpcId, answer: AnswerParts): OutgoingAnswer {
  const meta = answer.reason === null ? {} : { _meta: { 'holdpoint/reason': answer.reason } };
  if (answer.kind !== 'sampling') {
    const content = answer.kind === 'form' && answer.action === 'accept' ? { content: answer.content ?? {} } : {};
    return { rpcId, result: { action: answer.action, ...content, ...meta } };
  }
  if (answer.action === 'accept') return { rpcId, result: sampledReply(answer.content) };
  const words =
    answer.action === 'decline' ? 'A person declined the sampling request' : 'The sampling request was dismissed';
  return {
    rpcId,
    error: { code: samplingRejected, message: answer.reason === null ? `${words}.` : `${words}: ${answer.reason}` },
  };
}

function sampledReply(content: JsonObject | null): JsonObject {
  // As a model wrote it, tool calls and all.
  if (isJsonObject(content?.['result'])) return content['result'];
  const text = typeof content?.['text'] === 'string' ? content['text'] : '';
  return { role: 'assistant', model: 'holdpoint/person', stopReason: 'endTurn', content: { type: 'text', text } };
}

/** What a server gets when nobody answered, or the call ended first: MCP's cancel, never a decline (I7). */
export function nobodyAnswered(rpcId: RpcId, kind: RequestKind, why: string): OutgoingAnswer {
  if (kind === 'sampling') return { rpcId, error: { code: samplingRejected, message: why } };
  return { rpcId, result: { action: 'cancel', _meta: { 'holdpoint/reason': why } } };
}
