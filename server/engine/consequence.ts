import { type Actor, actorName } from '@/lib/domain/actor';
import type { EventBody } from '@/lib/domain/event';
import type { CallId } from '@/lib/domain/ids';
import { isJsonObject, type Json, type JsonObject } from '@/lib/domain/json';
import { isPageFirst } from '@/lib/domain/permit';
import type { Vote } from '@/lib/domain/policy/approval';
import { readRecovery } from '@/lib/domain/recovery';
import type { HoldRequest } from '@/lib/domain/request';
import type { AnswerOrder } from '@/lib/domain/request-detail';
import { sentence } from '@/lib/domain/sentence';
import { bookOf, type LiveSession } from './parts';
import type { Payload } from './ports/store';
import type { Draft } from './session-log';
import { pageDone, pageRefused } from './turning-back';

export interface Consequence {
  readonly events: readonly Draft[];
  readonly payloads: readonly Payload[];
}

interface Answering {
  readonly order: AnswerOrder;
  readonly actor: Actor;
  /** The tool's definition as it was when the call came in. */
  readonly tool: Json | null;
  /** Of an approval: every vote, the deciding one included. */
  readonly votes: readonly Vote[];
  /** Of a page to visit first: the error that named it. */
  readonly turnedBack: Json | null;
}

const nothing: Consequence = { events: [], payloads: [] };

/** What an answer that lets its call go, or not, does to it in the same commit. */
export function consequenceOf(live: LiveSession, request: HoldRequest, answering: Answering): Consequence {
  const { callId } = request;
  if (callId === null) return nothing;
  if (request.kind === 'approval') return only(answering.actor, approved(callId, answering));
  if (isPageFirst(request)) return visited(live, request, answering);
  return request.kind === 'recovery' ? recovered(live, callId, answering) : nothing;
}

function visited(live: LiveSession, request: HoldRequest, { order, actor, turnedBack }: Answering): Consequence {
  const { action, reason } = order;
  return action === 'accept'
    ? { events: pageDone(live, request, actor), payloads: [] }
    : pageRefused(live, request, { actor, action, reason, kept: turnedBack });
}

function approved(callId: CallId, { order, votes }: Answering): EventBody {
  if (order.action === 'accept')
    return { type: 'call.allowed', callId, rule: { id: 'approval', words: `Approved by ${approverNames(votes)}.` } };
  const because = order.reason === null || order.reason === '' ? '' : `: ${order.reason}`;
  const reason =
    order.action === 'decline'
      ? `a person declined it${because}`
      : `a person dismissed the question without deciding${because}`;
  return { type: 'call.rejected', callId, reason };
}

/** I4: a person says whether it goes again, was done by hand, or is given up. */
function recovered(live: LiveSession, callId: CallId, answering: Answering): Consequence {
  const { order, actor, tool } = answering;
  const name = actorName(actor);
  if (order.action !== 'accept') {
    const because = order.reason === null || order.reason === '' ? '' : `: ${order.reason}`;
    const why = `${whyInterrupted(live, callId)} ${sentence(`${name} decided not to run it again${because}`)}`;
    return only(actor, { type: 'call.indeterminate', callId, why });
  }
  const reading = readRecovery(order.content);
  if (!reading.ok) return nothing;
  const { decision } = reading;
  if (decision.choice === 'run_again')
    return only(actor, {
      type: 'call.allowed',
      callId,
      rule: { id: 'recovery', words: `${name} decided to run it again.` },
    });
  const result = byHand({ callId, name, note: decision.note, tool });
  const body: EventBody = {
    type: 'call.completed',
    callId,
    isError: false,
    resultBytes: Buffer.byteLength(JSON.stringify(result)),
    summary: `Done by hand: ${decision.note}`.slice(0, 200),
  };
  return { events: [{ actor, body }], payloads: [{ owner: callId, kind: 'result', body: result }] };
}

function byHand(done: {
  readonly callId: CallId;
  readonly name: string;
  readonly note: string;
  readonly tool: Json | null;
}): JsonObject {
  const text =
    `The connection was lost while this call ran, so its own result is not known. ` +
    `${done.name} marked it as done by hand: ${done.note}`;
  // A client that was promised structured content refuses a plain result without it, and takes an error.
  const isError = isJsonObject(done.tool) && done.tool['outputSchema'] !== undefined;
  return {
    content: [{ type: 'text', text }],
    ...(isError ? { isError } : {}),
    _meta: { 'holdpoint/outcome': 'done_by_hand', 'holdpoint/callId': done.callId },
  };
}

/** Why a call waits for a decision, a whole sentence. */
export function whyInterrupted(live: LiveSession, callId: CallId): string {
  const call = bookOf(live).calls.get(callId);
  return call?.state === 'held' && call.interrupted !== null ? call.interrupted.why : 'Its outcome is not known.';
}

/** Everyone who approved, in words. */
function approverNames(votes: readonly Vote[]): string {
  const names = votes.filter(({ vote }) => vote === 'approve').map(({ by }) => by.name);
  const last = names.pop() ?? '';
  return names.length === 0 ? last : `${names.join(', ')} and ${last}`;
}

function only(actor: Actor, body: EventBody): Consequence {
  return { events: [{ actor, body }], payloads: [] };
}
