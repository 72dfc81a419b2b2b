import { randomBytes } from 'node:crypto';
import { mintId, readId, type RequestId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { CommandOf } from '@/lib/protocol/commands';
import { plainAnswer } from '@/tests/support/desk';

/** What a page says when a person accepts; every order is an attempt of its own. */
export function acceptOrder(requestId: RequestId, content: JsonObject | null): CommandOf<'request.answer'> {
  const operationId = mintId('operation', (count) => randomBytes(count));
  return {
    type: 'request.answer',
    requestId,
    operationId,
    revision: 1,
    action: 'accept',
    reason: null,
    content,
    ...plainAnswer,
  };
}

/** The request an address shows. */
export function requestAt(url: string): RequestId {
  const requestId = readId('request', new URL(url).pathname.split('/').at(-1));
  if (requestId === null) throw new Error(`${url} shows no request`);
  return requestId;
}
