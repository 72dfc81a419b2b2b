import { refuse } from '@/lib/domain/refusal';
import type { Json } from '@/lib/domain/json';
import { type HttpError, invalidRequest } from './http-error';
import { type AgentMessage, type AgentRequest, readMessage, type RpcId } from './message';
import { errorOfRefusal } from './outcome';

/** One POST of an agent. */
export interface Posting {
  readonly isBatch: boolean;
  /** The messages as they came. */
  readonly raw: readonly Json[];
  readonly requests: readonly AgentRequest[];
  readonly notifications: readonly Extract<AgentMessage, { readonly kind: 'notification' }>[];
}

const batchMost = 100;

/** Checks a POST's messages before any of them counts. Only 2025-03-26 knows batches. */
export function readPosting(
  json: unknown,
  session: { readonly batches: boolean; readonly isTaken: (id: RpcId) => boolean; readonly room: number },
): Posting | HttpError {
  if (Array.isArray(json) && !session.batches)
    return invalidRequest('a batch is not accepted; send one message per request');
  const values: readonly unknown[] = Array.isArray(json) ? json : [json];
  if (values.length === 0) return invalidRequest('an empty batch');
  if (values.length > batchMost) return invalidRequest(`a batch may have ${batchMost} messages`);
  const messages: AgentMessage[] = [];
  for (const value of values) {
    const message = readMessage(value);
    if (typeof message === 'string') return invalidRequest(message);
    messages.push(message);
  }
  const requests = messages.filter((message) => message.kind === 'request');
  const notifications = messages.filter((message) => message.kind === 'notification');
  const problem = problemOf(requests, session);
  return problem ?? { isBatch: Array.isArray(json), raw: values as readonly Json[], requests, notifications };
}

function problemOf(
  requests: readonly AgentRequest[],
  session: { readonly isTaken: (id: RpcId) => boolean; readonly room: number },
): HttpError | null {
  const ids = new Set<RpcId>();
  for (const { id, method } of requests) {
    if (method === 'initialize') return invalidRequest('this session is initialized already');
    // Without an id in the answer: the earlier request must not take it for its own.
    if (ids.has(id) || session.isTaken(id))
      return invalidRequest('the id is taken by a request that is not answered yet');
    ids.add(id);
  }
  if (requests.length <= session.room) return null;
  const refusal = refuse('too_many', 'Too many requests of this session are unanswered. Wait for one to end.');
  const [only] = requests;
  const id = requests.length === 1 && only !== undefined ? { id: only.id } : {};
  return { status: 429, ...errorOfRefusal(refusal), ...id };
}
