import { errorOfRefusal } from './outcome';
import { type HttpError, invalidRequestCode } from './http-error';
import { type AgentMessage, readMessage, type RpcId } from './message';
import { refuse } from '@/lib/domain/refusal';

type AgentRequest = Extract<AgentMessage, { kind: 'request' }>;

/** One POST of an agent. */
export interface Posting {
  readonly requests: readonly AgentRequest[];
  /** Requests not answered yet. */
  left: number;
  /** Whether the transport took it in. */
  received: boolean;
}

/** Checks a POST's messages before the transport sees them. Only 2025-03-26 knows batches. */
export function readPosting(
  json: unknown,
  session: { readonly batches: boolean; readonly isTaken: (id: RpcId) => boolean; readonly room: number },
): Posting | HttpError {
  if (Array.isArray(json) && !session.batches) return invalid('a batch is not accepted; send one message per request');
  const values: readonly unknown[] = Array.isArray(json) ? json : [json];
  if (values.length === 0) return invalid('an empty batch');
  const requests: AgentRequest[] = [];
  const ids = new Set<RpcId>();
  for (const value of values) {
    const message = readMessage(value);
    if (typeof message === 'string') return invalid(message);
    if (message.kind !== 'request') continue;
    if (ids.has(message.id) || session.isTaken(message.id)) {
      // Without an id in the answer: the earlier request must not take it for its own.
      return invalid('the id is taken by a request that is not answered yet');
    }
    ids.add(message.id);
    requests.push(message);
  }
  if (requests.length > session.room) {
    const refusal = refuse('too_many', 'Too many requests of this session are unanswered. Wait for one to end.');
    return {
      status: 429,
      ...errorOfRefusal(refusal),
      ...(requests.length === 1 && requests[0] !== undefined ? { id: requests[0].id } : {}),
    };
  }
  return { requests, left: requests.length, received: false };
}

function invalid(why: string): HttpError {
  return { status: 400, code: invalidRequestCode, message: `Invalid Request: ${why}.` };
}
