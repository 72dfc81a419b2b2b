import { type Actor, holdpoint } from '@/lib/domain/actor';
import { openCalls } from '@/lib/domain/book';
import { isOpenCall, sentOf } from '@/lib/domain/call';
import { isLiveConnection } from '@/lib/domain/connection';
import type { EventBody } from '@/lib/domain/event';
import { type CallId, type ConnectionId, mintId, readId } from '@/lib/domain/ids';
import { isJsonObject, type Json, type JsonObject } from '@/lib/domain/json';
import { maskJson, maskText } from '@/lib/domain/mask';
import { type Result, refuse } from '@/lib/domain/refusal';
import { oneLine, readAsk } from './ask';
import { withdrawals } from './calls';
import { questionDeadline } from './deadlines';
import { insist } from './insist';
import { bookOf, type EngineParts, type LiveSession } from './parts';
import type { Arrival, UpstreamInbox } from './ports/upstream';
import type { Cursor } from './ports/store';
import type { Decide, Draft } from './session-log';

const invalidParams = -32602;
const summaryCharacters = 200;
const logCharacters = 2_000;

interface Place {
  readonly server: string;
  readonly connectionId: ConnectionId;
}

export interface InboxHooks {
  /** The result's body, for who waits: it is not kept in the book. */
  readonly keepResult: (callId: CallId, result: JsonObject) => void;
  readonly onElicitationComplete: (live: LiveSession, elicitationId: string) => Promise<void>;
}

/** What a server says on one connection, turned into events. Each message's effect and its place in the stream are one commit. */
export function inboxOf(parts: EngineParts, live: LiveSession, hooks: InboxHooks & { readonly place: Place }): UpstreamInbox {
  const { place } = hooks;
  const server: Actor = { kind: 'server', name: place.server };
  const save = <T>(decide: Decide<T>): Promise<Result<T>> => insist(parts, live, decide);
  const cursorOf = (arrival: Arrival): readonly Cursor[] => (arrival.place === null ? [] : [{ connectionId: place.connectionId, ...arrival.place }]);
  const saveEvents = async (arrival: Arrival, draft: (callId: CallId | null) => readonly Draft[]): Promise<void> => {
    await save((book) => {
      const callId = readId('call', arrival.callRpcId);
      const call = callId === null ? undefined : book.calls.get(callId);
      const events = call !== undefined && !isOpenCall(call) ? [] : [...movedOn(live, callId), ...draft(callId)];
      return { events, cursors: cursorOf(arrival), value: null };
    });
  };
  const forCall = (rpcId: string, arrival: Arrival): Arrival => ({ ...arrival, callRpcId: arrival.callRpcId ?? rpcId });

  return {
    async serverRequest({ rpcId, method, params }, arrival) {
      const ask = readAsk(method, params);
      if (!ask.ok) {
        const link = await live.links.get(place.server);
        if (link?.ok === true) await link.value.connection.respond({ rpcId, error: { code: invalidParams, message: ask.message } });
        return;
      }
      const requestId = mintId('request', parts.random);
      await save((book, now) => {
        const attributed = attribution(live, place, arrival);
        if (attributed === null || book.session?.state !== 'active') return { events: [], cursors: cursorOf(arrival), value: null };
        const call = attributed.callId === null ? undefined : book.calls.get(attributed.callId);
        const tool = call?.tool ?? null;
        const entry = parts.servers.get(place.server);
        if (entry === undefined) return refuse('unknown_server');
        const connectedAt = book.connections.get(place.connectionId)?.openedAt ?? now;
        const deadline = questionDeadline(parts.settings, entry, { now, callSentAt: call === undefined ? null : (sentOf(call)?.sentAt ?? null), connectedAt });
        const opened: EventBody = {
          type: 'request.opened',
          requestId,
          kind: ask.value.kind,
          ...attributed,
          server: place.server,
          tool,
          title: ask.value.title,
          risk: call?.risk ?? 'writes',
          deadline,
          upstream: { connectionId: place.connectionId, rpcId },
          digest: null,
          elicitationId: ask.value.elicitationId,
        };
        return {
          events: [...movedOn(live, attributed.callId), { actor: server, body: opened }],
          payloads: [{ owner: requestId, kind: 'ask', body: ask.value.body }],
          cursors: cursorOf(arrival),
          value: null,
        };
      });
    },

    async serverCancelled({ rpcId, reason }, arrival) {
      await save((book) => {
        const events: Draft[] = [];
        for (const request of book.requests.values()) {
          if (request.state !== 'open' || request.upstream?.connectionId !== place.connectionId || request.upstream.rpcId !== rpcId) continue;
          const why = reason === null ? `${place.server} took its question back.` : `${place.server} took its question back: ${oneLine(reason)}`;
          events.push({ actor: server, body: { type: 'request.withdrawn', requestId: request.requestId, why } });
        }
        return { events, cursors: cursorOf(arrival), value: null };
      });
    },

    async callResult({ rpcId, result }, arrival) {
      const callId = readId('call', rpcId);
      if (callId === null) return;
      const isError = result['isError'] === true;
      const resultBytes = Buffer.byteLength(JSON.stringify(result));
      await save((book) => {
        const call = book.calls.get(callId);
        if (call === undefined || !isOpenCall(call)) return { events: [], cursors: cursorOf(arrival), value: null };
        hooks.keepResult(callId, result);
        const completed: EventBody = { type: 'call.completed', callId, isError, resultBytes, summary: summaryOf(result) };
        return {
          events: [...movedOn(live, callId), ...withdrawals(live, callId, 'The tool finished without the answer.'), { actor: server, body: completed }],
          payloads: [{ owner: callId, kind: 'result', body: result }],
          cursors: cursorOf(arrival),
          value: null,
        };
      });
    },

    async callError({ rpcId, error }, arrival) {
      await saveEvents(forCall(rpcId, arrival), (callId) =>
        callId === null
          ? []
          : [...withdrawals(live, callId, 'The tool failed without the answer.'), { actor: server, body: { type: 'call.failed', callId, error } }],
      );
    },

    async progress({ rpcId, progress, total, message }, arrival) {
      const callId = readId('call', rpcId);
      const words = message === null ? null : oneLine(message);
      await saveEvents(forCall(rpcId, arrival), (known) =>
        known === null || !bookOf(live).calls.has(known) ? [] : [{ actor: server, body: { type: 'call.progress', callId: known, progress, total, message: words } }],
      );
      if (callId !== null) live.waiters.get(callId)?.listener.progress({ progress, total, message });
    },

    async log({ level, logger, data }, arrival) {
      const text = logText(data);
      await saveEvents(arrival, (callId) => [{ actor: server, body: { type: 'call.log', callId, server: place.server, level, logger: logger === null ? null : oneLine(logger), text } }]);
      live.listener.log(place.server, { level, logger, data });
    },

    async elicitationComplete(elicitationId, arrival) {
      await save(() => ({ events: [], cursors: cursorOf(arrival), value: null }));
      await hooks.onElicitationComplete(live, elicitationId);
    },

    async listChanged(what, arrival) {
      await save(() => ({ events: [], cursors: cursorOf(arrival), value: null }));
      const link = await live.links.get(place.server);
      if (link?.ok === true && what === 'tools') link.value.tools = null;
      live.listener.listChanged(what);
    },

    async notification(method, params, arrival) {
      await save(() => ({ events: [], cursors: cursorOf(arrival), value: null }));
      if (live.scope === place.server) live.listener.notification(method, params);
    },

    traffic({ direction, stream, message }) {
      live.log.traffic({ side: 'server', direction, server: place.server, connectionId: place.connectionId, stream, message });
    },

    async callStreamLost(rpcId, why) {
      const words = `Its stream broke and the server keeps no events, so its result is lost (${oneLine(why)}).`;
      await save((book) => {
        const callId = readId('call', rpcId);
        const call = callId === null ? undefined : book.calls.get(callId);
        if (callId === null || call === undefined || !isOpenCall(call)) return refuse('not_found');
        return { events: [...withdrawals(live, callId, 'The call ended first.'), { actor: holdpoint, body: { type: 'call.indeterminate', callId, why: words } }], value: null };
      });
    },

    async lost({ message }) {
      live.links.delete(place.server);
      const words = oneLine(maskText(message));
      parts.serverErrors.set(place.server, { at: parts.clock.now(), message: words });
      await save(() => ({ events: lossOf(live, place, words), value: null }));
    },

    async reattaching(why) {
      await save((book) =>
        book.connections.get(place.connectionId)?.state === 'ready'
          ? { events: [{ actor: holdpoint, body: { type: 'connection.reattaching', connectionId: place.connectionId, why: oneLine(why) } }], value: null }
          : refuse('not_allowed_now'),
      );
    },

    async reattached() {
      await save((book) => {
        const connection = book.connections.get(place.connectionId);
        if (connection?.state !== 'reattaching') return refuse('not_allowed_now');
        const { connectionId, protocolVersion, serverInfo, hasSession } = connection;
        return { events: [{ actor: holdpoint, body: { type: 'connection.ready', connectionId, protocolVersion, serverInfo, hasSession } }], value: null };
      });
    },
  };
}

/** Which call asks: the one whose stream it came on, or the only one in flight; else the candidates. */
function attribution(live: LiveSession, place: Place, arrival: Arrival): { readonly callId: CallId | null; readonly candidates: readonly CallId[] } | null {
  const book = bookOf(live);
  const named = readId('call', arrival.callRpcId);
  if (named !== null) {
    const call = book.calls.get(named);
    return call !== undefined && (call.state === 'working' || call.state === 'input_required') ? { callId: named, candidates: [] } : null;
  }
  const inFlight = openCalls(book).filter((call) => sentOf(call)?.connectionId === place.connectionId);
  const only = inFlight.length === 1 ? inFlight[0] : undefined;
  if (only !== undefined) return { callId: only.callId, candidates: [] };
  return { callId: null, candidates: inFlight.map((call) => call.callId) };
}

/** The receipt's last stage: the tool's next message after an answer it accepted. */
function movedOn(live: LiveSession, callId: CallId | null): readonly Draft[] {
  if (callId === null) return [];
  return [...bookOf(live).requests.values()]
    .filter((request) => request.callId === callId && (request.state === 'answered' || request.state === 'delivered'))
    .filter((request) => 'receipt' in request && request.receipt.to === 'server' && request.receipt.movedOnAt === null)
    .map((request): Draft => ({ actor: { kind: 'server', name: request.server }, body: { type: 'answer.moved_on', requestId: request.requestId } }));
}

/** A lost connection settles all it carried at once (I9): never by timeout, never by a silent repeat (I3). */
function lossOf(live: LiveSession, place: Place, why: string): readonly Draft[] {
  const book = bookOf(live);
  const connection = book.connections.get(place.connectionId);
  if (connection === undefined || !isLiveConnection(connection)) return [];
  const events: Draft[] = [{ actor: holdpoint, body: { type: 'connection.lost', connectionId: place.connectionId, why } }];
  for (const request of book.requests.values()) {
    if (request.upstream?.connectionId !== place.connectionId) continue;
    if (request.state === 'open') events.push({ actor: holdpoint, body: { type: 'request.withdrawn', requestId: request.requestId, why: `The connection to ${place.server} was lost.` } });
    if (request.state === 'answered') events.push({ actor: holdpoint, body: { type: 'answer.undelivered', requestId: request.requestId, why: `The connection to ${place.server} was lost first.` } });
  }
  for (const call of openCalls(book)) {
    if (sentOf(call)?.connectionId !== place.connectionId || live.sending.has(call.callId)) continue;
    events.push(
      ...withdrawals(live, call.callId, `The connection to ${place.server} was lost.`).filter((draft) => !events.some((before) => sameRequest(before, draft))),
      { actor: holdpoint, body: { type: 'call.indeterminate', callId: call.callId, why: `The connection to ${place.server} was lost (${why}).` } },
    );
  }
  return events;
}

function sameRequest(a: Draft, b: Draft): boolean {
  return a.body.type === 'request.withdrawn' && b.body.type === 'request.withdrawn' && a.body.requestId === b.body.requestId;
}

function summaryOf(result: JsonObject): string {
  const content: readonly Json[] = Array.isArray(result['content']) ? result['content'] : [];
  for (const block of content) {
    if (isJsonObject(block) && typeof block['text'] === 'string') return oneLine(maskText(block['text'].slice(0, summaryCharacters * 4))).slice(0, summaryCharacters);
  }
  const kinds = content.flatMap((block) => (isJsonObject(block) && typeof block['type'] === 'string' ? [block['type']] : []));
  return kinds.length > 0 ? oneLine(kinds.join(', ')) : 'no content';
}

function logText(data: Json): string {
  const text = typeof data === 'string' ? maskText(data) : JSON.stringify(maskJson(data));
  return text.length <= logCharacters ? text : `${text.slice(0, logCharacters)}…`;
}
