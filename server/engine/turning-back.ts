import { type Actor, holdpoint } from '@/lib/domain/actor';
import { isUnderWay, type OpenCall } from '@/lib/domain/call';
import type { AnswerAction, EventBody, RpcError } from '@/lib/domain/event';
import { type CallId, mintId, type RequestId } from '@/lib/domain/ids';
import type { Json } from '@/lib/domain/json';
import { maskText } from '@/lib/domain/mask';
import type { HoldRequest } from '@/lib/domain/request';
import { sentence } from '@/lib/domain/sentence';
import { cutOffWords, triesOf, turnBacksMost } from '@/lib/domain/turn-back';
import { type Ask, oneLine } from './ask';
import { errorOfPayload } from './call-outcome';
import { voided, withdrawals } from './call-requests';
import { decisionDeadline } from './deadlines';
import { bookOf, type EngineParts, type LiveSession } from './parts';
import type { Payload } from './ports/store';
import { openQuestions, ownerRef, questionsMost } from './questions';
import { readRequiredUrls, urlRequiredCode } from './required-urls';
import { routeTo } from './routing';
import { errorExtract } from './server-words';
import type { Draft } from './session-log';

/** What an error of a server does to its call, in one commit. */
export interface Failing {
  /** `held`: it waits for pages to be visited. `failed`: the error is the agent's to hear. */
  readonly is: 'held' | 'failed';
  readonly events: readonly Draft[];
  readonly payloads: readonly Payload[];
}

interface Failure {
  readonly call: OpenCall;
  readonly error: RpcError;
  readonly now: number;
}

/**
 * A call that failed. One that its server did not run, for pages have to be visited first, waits for these: each is a
 * request of its own, and the call is sent again when the last of them is done. Where that cannot be asked of anybody
 * the error goes to the agent, and why is on record.
 */
export function failing(parts: EngineParts, live: LiveSession, failure: Failure): Failing {
  const { call, error } = failure;
  const { callId, server } = call;
  const actor: Actor = { kind: 'server', name: server };
  const read = error.code === urlRequiredCode ? readRequiredUrls(error) : null;
  const refusal = read?.ok === true ? unaskedWhy(parts, live, { ...failure, pages: read.value.length }) : null;
  if (read?.ok === true && refusal === null) return held(parts, live, { ...failure, actor, pages: read.value });
  const unasked = read?.ok === false ? read.message : refusal;
  if (unasked !== null && mayHaveRunBefore(call)) {
    const why = `${cutOffWords} This time ${server} did not run it: ${oneLine(maskText(error.message))}`;
    return unknown(callId, { actor, why: `${sentence(why)} Nobody was asked to visit a page: ${sentence(unasked)}` });
  }
  const body: EventBody = {
    type: 'call.failed',
    callId,
    error: errorExtract(error),
    ...(unasked === null ? {} : { unasked }),
  };
  return { is: 'failed', events: [{ actor, body }], payloads: [keptError(callId, 'result', error)] };
}

/** I4: that this sending was not run does not tell of one before it, so its agent must not hear that nothing ran. */
function mayHaveRunBefore(call: OpenCall): boolean {
  return call.mayHaveRun && (isUnderWay(call) || triesOf(call) > 1);
}

function unknown(callId: CallId, { actor, why }: { readonly actor: Actor; readonly why: string }): Failing {
  return { is: 'failed', events: [{ actor, body: { type: 'call.indeterminate', callId, why } }], payloads: [] };
}

/** Why nobody is asked to visit pages that could be visited; null when people are. */
function unaskedWhy(
  parts: EngineParts,
  live: LiveSession,
  { call, pages }: Failure & { readonly pages: number },
): string | null {
  if (!isUnderWay(call)) return 'It came after the call was cut off.';
  if (call.turnedBack >= turnBacksMost) return `It was turned back ${turnBacksMost} times before.`;
  const waiting = openQuestions(bookOf(live), { connectionId: call.connectionId, server: call.server });
  return waiting + pages > questionsMost(parts) ? `${waiting} questions of its server wait for people already.` : null;
}

function held(
  parts: EngineParts,
  live: LiveSession,
  { call, error, now, actor, pages }: Failure & { readonly actor: Actor; readonly pages: readonly Ask[] },
): Failing {
  const { callId } = call;
  // What is due at one instant stands by its id in the queue: so these stand there as the server named them.
  const requestIds = pages.map(() => mintId('request', parts.random)).sort();
  const asked = zipped(pages, requestIds);
  const message = oneLine(maskText(error.message));
  const turned: EventBody = { type: 'call.turned_back', callId, message, requestIds };
  const opened = asked.map((one): Draft => ({ actor, body: pageBody(parts, live, { call, now, ...one }) }));
  return {
    is: 'held',
    events: [{ actor, body: turned }, ...opened],
    payloads: [
      keptError(callId, 'turned_back', error),
      ...asked.map(({ ask, requestId }): Payload => ({ owner: requestId, kind: 'ask', body: ask.body })),
    ],
  };
}

function zipped(pages: readonly Ask[], ids: readonly RequestId[]): readonly { ask: Ask; requestId: RequestId }[] {
  return ids.flatMap((requestId, at) => {
    const ask = pages[at];
    return ask === undefined ? [] : [{ ask, requestId }];
  });
}

/** Nobody waits at the server, so its limits do not bind, and no connection of it is needed to answer. */
function pageBody(
  parts: EngineParts,
  live: LiveSession,
  page: { readonly call: OpenCall; readonly ask: Ask; readonly requestId: RequestId; readonly now: number },
): EventBody {
  const { call, ask, requestId, now } = page;
  const { callId, server, tool, risk, questionsTeam } = call;
  const patientUntilAt = live.work.get(callId)?.patientUntilAt ?? null;
  return {
    type: 'request.opened',
    requestId,
    kind: 'url',
    callId,
    candidates: [],
    server,
    tool,
    title: ask.title,
    risk,
    deadline: decisionDeadline(parts.settings, { now, patientUntilAt }),
    upstream: null,
    digest: null,
    elicitationId: ask.elicitationId,
    earlier: null,
    ...routeTo(parts.roster, questionsTeam, null),
    // Who opens a page should be the one the agent acts for (MCP.md).
    assignedTo: ownerRef(parts, live),
    approval: null,
    writer: 'person',
  };
}

/** A page is done, by the word of who visited it or of its server: the last one lets its call go again. */
export function pageDone(live: LiveSession, request: HoldRequest, actor: Actor): readonly Draft[] {
  const { callId, requestId } = request;
  const call = callId === null ? undefined : bookOf(live).calls.get(callId);
  if (call?.state !== 'held' || !call.reasons.includes('urls')) return [];
  if (call.requestIds.some((id) => id !== requestId)) return [];
  return [{ actor, body: { type: 'call.urls_done', callId: call.callId } }];
}

/** A person would not visit a page: its agent gets the error as the server gave it, and what the person said. */
export function pageRefused(
  live: LiveSession,
  request: HoldRequest,
  said: {
    readonly actor: Actor;
    readonly action: Exclude<AnswerAction, 'accept'>;
    readonly reason: string | null;
    /** The error, as it was kept. */
    readonly kept: Json | null;
  },
): Pick<Failing, 'events' | 'payloads'> {
  const { callId } = request;
  if (callId === null) return { events: [], payloads: [] };
  const { actor, action } = said;
  const others = othersOver(
    live,
    request,
    action === 'decline' ? 'Another of its pages was declined.' : 'Another of its pages was dismissed.',
  );
  const call = bookOf(live).calls.get(callId);
  if (call?.state === 'held' && call.interrupted !== null) {
    const { events, payloads } = unknown(callId, { actor, why: `${call.interrupted.why} ${saidWords(said)}` });
    return { events: [...others, ...events], payloads };
  }
  const error = withSaid(errorOfPayload(said.kept), said);
  const body: EventBody = { type: 'call.failed', callId, error: errorExtract(error) };
  return { events: [...others, { actor, body }], payloads: [keptError(callId, 'result', error)] };
}

/** Nobody visited a page in time (I7). Of a call of which an earlier run may have taken effect that is said, too. */
export function pageExpired(live: LiveSession, request: HoldRequest): readonly Draft[] {
  const { callId, requestId } = request;
  const call = callId === null ? undefined : bookOf(live).calls.get(callId);
  if (call?.state !== 'held') return [];
  const body: EventBody =
    call.interrupted === null
      ? { type: 'call.expired', callId: call.callId, requestId }
      : {
          type: 'call.indeterminate',
          callId: call.callId,
          why: `${call.interrupted.why} No one visited in time the pages that running it again needs.`,
        };
  return [...othersOver(live, request, 'No one visited another of its pages in time.'), { actor: holdpoint, body }];
}

function othersOver(live: LiveSession, { callId, requestId }: HoldRequest, why: string): readonly Draft[] {
  if (callId === null) return [];
  const open = withdrawals(live, callId, why).filter(
    ({ body }) => !('requestId' in body) || body.requestId !== requestId,
  );
  return [...open, ...voided(live, callId, why)];
}

interface Said {
  readonly action: AnswerAction;
  readonly reason: string | null;
}

function withSaid(error: RpcError | null, said: Said): RpcError {
  const before = sentence(error?.message ?? 'Pages have to be visited first');
  return { ...(error ?? { code: urlRequiredCode }), message: `${before} ${saidWords(said)}` };
}

function saidWords({ action, reason }: Said): string {
  const because = reason === null || reason === '' ? '' : `: ${reason}`;
  return action === 'decline'
    ? sentence(`A person declined to visit a page it asks for${because}`)
    : sentence(`A person dismissed a page it asks for without deciding${because}`);
}

function keptError(callId: CallId, kind: 'result' | 'turned_back', error: RpcError): Payload {
  return { owner: callId, kind, body: { error: { ...error } } };
}
