import { type CallId, readId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import { isOpenCall } from '@/lib/domain/call';
import type { AgentDesk, AgentIdentity, CallStatus } from '@/server/engine/ports/agents';
import type { Reply } from './outcome';

export const awaitTool = 'holdpoint_await';
export const cancelTool = 'holdpoint_cancel';

const awaitMost = 10 * 60_000;

const ticket = {
  type: 'string',
  description: 'The ticket that the waiting call was answered with, as in call_7QF4M2K9XT0B.',
};

/** Holdpoint's own tools, beside those of the servers: for what a call that was answered with a ticket needs. */
export const ownTools: readonly JsonObject[] = [
  {
    name: awaitTool,
    title: 'Collect a waiting result',
    description:
      'Collects the result of a tool call that was answered with a ticket, because a person is being asked or the tool ' +
      'is still at work. It waits until that call is over and then returns exactly what the called tool returned. If ' +
      'that takes longer than you can wait, it says so: call holdpoint_await again with the same ticket. It never runs ' +
      'the tool a second time, and a result can be collected more than once.',
    inputSchema: {
      type: 'object',
      properties: {
        ticket,
        waitMs: {
          type: 'integer',
          minimum: 0,
          maximum: awaitMost,
          description: 'How long to wait at most, in milliseconds. Leave it out to wait as long as is safe.',
        },
      },
      required: ['ticket'],
      additionalProperties: false,
    },
    annotations: { title: 'Collect a waiting result', readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  },
  {
    name: cancelTool,
    title: 'Give up a waiting call',
    description:
      'Gives up a tool call that was answered with a ticket and is not over yet. Whoever is being asked is told that an ' +
      'answer is no longer needed, and the server is told to stop. A call that is over stays as it is.',
    inputSchema: {
      type: 'object',
      properties: {
        ticket,
        reason: { type: 'string', description: 'Why, in a few words, for the people who were asked.' },
      },
      required: ['ticket'],
      additionalProperties: false,
    },
    annotations: {
      title: 'Give up a waiting call',
      readOnlyHint: false,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: false,
    },
  },
];

export function isOwnTool(name: string): boolean {
  return name === awaitTool || name === cancelTool;
}

export interface AwaitOrder {
  readonly callId: CallId;
  /** Null when it was left open. */
  readonly waitMs: number | null;
}

export function readAwait(args: JsonObject): Result<AwaitOrder> {
  const callId = readTicket(args);
  if (!callId.ok) return callId;
  const { waitMs } = args;
  if (waitMs === undefined || waitMs === null) return done({ callId: callId.value, waitMs: null });
  if (typeof waitMs !== 'number' || !Number.isInteger(waitMs) || waitMs < 0)
    return refuse('bad_input', 'waitMs must be a whole number of milliseconds.');
  return done({ callId: callId.value, waitMs: Math.min(waitMs, awaitMost) });
}

/** `holdpoint_cancel`: its answer is a model's to read, whatever happened. */
export async function giveUp(
  desk: AgentDesk,
  { agent, args }: { readonly agent: AgentIdentity; readonly args: JsonObject },
): Promise<Reply> {
  const callId = readTicket(args);
  if (!callId.ok) return toolError(callId.message);
  const before = await desk.status(agent, callId.value);
  if (!before.ok) return toolError(before.code === 'not_found' ? unknownTicket : before.message);
  if (!isOpenCall(before.value.call)) return over(before.value);
  const { reason } = args;
  const words = typeof reason === 'string' && reason.trim() !== '' ? reason : 'the agent gave the call up';
  const after = await desk.cancel(agent, callId.value, words);
  if (!after.ok) return toolError(after.code === 'not_found' ? unknownTicket : after.message);
  return after.value.call.state === 'cancelled' ? told('The call was given up.', after.value) : over(after.value);
}

function over(status: CallStatus): Reply {
  return told(`The call was over already: ${status.words} Collect it with ${awaitTool}.`, status);
}

function told(words: string, { callId, call }: CallStatus): Reply {
  return {
    result: {
      content: [{ type: 'text', text: words }],
      _meta: { 'holdpoint/ticket': callId, 'holdpoint/outcome': call.state },
    },
  };
}

/** Read the same for a ticket that never was and for another agent's (I11). */
export const unknownTicket =
  'There is no call with this ticket. Use the ticket exactly as the waiting call gave it; if it was given long ago, its result may have been removed.';

function readTicket(args: JsonObject): Result<CallId> {
  const callId = readId('call', args['ticket']);
  if (callId !== null) return done(callId);
  return typeof args['ticket'] === 'string'
    ? refuse('not_found', unknownTicket)
    : refuse('bad_input', 'A ticket is needed: the text that the waiting call was answered with.');
}

export function toolError(words: string): Reply {
  return { result: { content: [{ type: 'text', text: words }], isError: true } };
}
