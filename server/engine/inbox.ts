import { type Actor, holdpoint } from '@/lib/domain/actor';
import { isOpenCall, isUnderWay, type OpenCall, sentOf, type WaitingCall, type WorkingCall } from '@/lib/domain/call';
import type { EventBody } from '@/lib/domain/event';
import { type CallId, mintId } from '@/lib/domain/ids';
import { deepestJson, isJsonObject, isShallow, type JsonObject } from '@/lib/domain/json';
import { masked, maskText } from '@/lib/domain/mask';
import { textOf } from '@/lib/domain/known-text';
import { maskCovered } from '@/lib/domain/masking/cover';
import { type Result, refuse } from '@/lib/domain/refusal';
import { sentence } from '@/lib/domain/sentence';
import { type Ask, oneLine, readAsk } from './ask';
import { askedBefore, openedBody } from './arrived-question';
import { attribution } from './attribution';
import type { CallBody } from './call-outcome';
import { requestsOf, voided, withdrawals } from './call-requests';
import { insist } from './insist';
import { interrupted, type Why } from './interruption';
import { lossOf } from './loss';
import { bookOf, type EngineParts, type LiveSession } from './parts';
import type { Place } from './place';
import type { Arrival, OutgoingAnswer, StreamPlace, UpstreamInbox } from './ports/upstream';
import type { Cursor } from './ports/store';
import { openQuestions, questionsMost, type Unasked, unaskedAnswer } from './questions';
import { movedOn, taken } from './receipt-signs';
import { settledIfResultLost } from './result-lost';
import { callOfRpcId } from './rpc-ids';
import { logWords, resultWords } from './server-words';
import type { Decide, Decision, Draft } from './session-log';
import { failing } from './turning-back';

const invalidParams = -32602;
const whyCharacters = 500;
/** An id stands in each event of its question, and in every browser. */
const idMost = 512;

export interface InboxHooks {
  /** What the server answered, for who waits: it is not kept in the book. */
  readonly keepBody: (callId: CallId, body: CallBody) => void;
  readonly onElicitationComplete: (
    live: LiveSession,
    link: Pick<Place, 'server' | 'connectionId'> & { readonly elicitationId: string },
  ) => Promise<void>;
}

/**
 * What a server says on one connection, turned into events. Each message's effect and its place in the
 * stream are one commit.
 */
export class Inbox implements UpstreamInbox {
  private readonly server: Actor;

  constructor(
    private readonly parts: EngineParts,
    private readonly live: LiveSession,
    private readonly hooks: InboxHooks & { readonly place: Place },
  ) {
    this.server = { kind: 'server', name: hooks.place.server };
  }

  async serverRequest(request: Parameters<UpstreamInbox['serverRequest']>[0], arrival: Arrival): Promise<void> {
    const { rpcId, method, params } = request;
    if (typeof rpcId === 'string' && rpcId.length > idMost) {
      return this.reply({ rpcId, error: { code: invalidParams, message: `An id has at most ${idMost} characters.` } });
    }
    if (!isShallow(params)) {
      const message = `A question may not nest deeper than ${deepestJson} levels.`;
      return this.reply({ rpcId, error: { code: invalidParams, message } });
    }
    const ask = readAsk(method, params);
    if (ask.ok) return this.openRequest({ rpcId, ask: ask.value }, arrival);
    this.reply({ rpcId, error: { code: invalidParams, message: ask.message } });
  }

  /**
   * Not waited for: a server that asks before its connection stands would hold up the very stream that completes it. Over
   * the connection that asked alone: on a later one its id may be another question's.
   */
  private reply(answer: OutgoingAnswer): void {
    const { parts, live, hooks } = this;
    const { server, connectionId } = hooks.place;
    const sent = live.links
      .get(server)
      ?.then((link) =>
        link.ok && link.value.connectionId === connectionId ? link.value.connection.respond(answer) : null,
      );
    sent?.catch((error: unknown) => parts.log.error({ err: error }, 'a server could not be answered'));
  }

  private async openRequest(
    question: { readonly rpcId: string | number; readonly ask: Ask },
    arrival: Arrival,
  ): Promise<void> {
    const { parts, live, hooks } = this;
    const { place } = hooks;
    const { rpcId, ask } = question;
    const requestId = mintId('request', parts.random);
    const asked = await askedBefore(parts, live, { place, ask, arrival });
    const saved = await this.save<'asked' | Unasked>((book, now) => {
      const attributed = attribution(live, place, arrival);
      const entry = parts.servers.known(place.server);
      if (attributed === null || entry === undefined || book.session?.state !== 'active') {
        return { ...this.nothing(arrival), value: 'over' };
      }
      if (openQuestions(book, place) >= questionsMost(parts)) return { ...this.nothing(arrival), value: 'many' };
      const opened = openedBody(parts, live, {
        requestId,
        rpcId,
        ask,
        place,
        entry,
        attributed,
        asked,
        arrival,
        now,
      });
      return {
        events: [...movedOn(live, attributed.callId), { actor: this.server, body: opened }],
        payloads: [{ owner: requestId, kind: 'ask', body: ask.body }],
        cursors: this.cursors(arrival),
        value: 'asked',
      };
    });
    if (saved.ok && saved.value !== 'asked') this.reply(unaskedAnswer(parts, question, saved.value));
  }

  async serverCancelled(cancelled: Parameters<UpstreamInbox['serverCancelled']>[0], arrival: Arrival): Promise<void> {
    const { place } = this.hooks;
    const { rpcId, reason } = cancelled;
    const why =
      reason === null
        ? `${place.server} took its question back.`
        : `${place.server} took its question back: ${oneLine(reason)}`;
    await this.save((book) => ({
      events: [...book.requests.values()]
        .filter(
          (request) =>
            request.state === 'open' &&
            request.upstream?.connectionId === place.connectionId &&
            request.upstream.rpcId === rpcId,
        )
        .map(
          (request): Draft => ({
            actor: this.server,
            body: { type: 'request.withdrawn', requestId: request.requestId, why },
          }),
        ),
      cursors: this.cursors(arrival),
      value: null,
    }));
  }

  async callResult(given: Parameters<UpstreamInbox['callResult']>[0], arrival: Arrival): Promise<void> {
    const { live, hooks } = this;
    const { result } = given;
    const callId = callOfRpcId(given.rpcId);
    if (callId === null) return;
    const resultBytes = Buffer.byteLength(textOf(result));
    const { masking } = this.parts.keeping;
    await this.save((book) => {
      const call = book.calls.get(callId);
      if (call === undefined || !isOpenCall(call) || sentOf(call) === null) return this.nothing(arrival);
      hooks.keepBody(callId, { result });
      const { server, tool } = call;
      const shown = maskCovered(result, masking.covered(result, { part: 'results', server, tool }));
      const completed: EventBody = {
        type: 'call.completed',
        callId,
        isError: result['isError'] === true,
        resultBytes,
        summary: isJsonObject(shown) ? resultWords(shown) : masked,
      };
      return {
        events: [
          ...movedOn(live, callId),
          ...withdrawals(live, callId, 'The tool finished without the answer.'),
          ...(call.state === 'held' ? voided(live, callId, 'The tool finished on its own.') : []),
          { actor: this.server, body: completed },
        ],
        payloads: [{ owner: callId, kind: 'result', body: result }],
        cursors: this.cursors(arrival),
        value: null,
      };
    });
  }

  async callError(failure: Parameters<UpstreamInbox['callError']>[0], arrival: Arrival): Promise<void> {
    const { rpcId, error } = failure;
    // The call it names, on whatever stream it came.
    const callId = callOfRpcId(rpcId);
    if (callId === null) return;
    await this.save((book, now) => {
      const call = book.calls.get(callId);
      if (call === undefined || !isOpenCall(call) || isSettledSending(call, rpcId)) return this.nothing(arrival);
      const failed = failing(this.parts, this.live, { call, error, now });
      if (failed.is === 'failed') this.hooks.keepBody(callId, { error });
      const why = failed.is === 'held' ? 'The tool was not run.' : 'The tool failed without the answer.';
      const arrived = failed.is === 'held' ? taken(this.live, callId) : movedOn(this.live, callId);
      return {
        events: [
          ...arrived,
          ...withdrawals(this.live, callId, why),
          ...(call.state === 'held' ? voided(this.live, callId, 'The tool failed on its own.') : []),
          ...failed.events,
        ],
        payloads: failed.payloads,
        cursors: this.cursors(arrival),
        value: null,
      };
    });
  }

  async progress(heard: Parameters<UpstreamInbox['progress']>[0], arrival: Arrival): Promise<void> {
    const { live } = this;
    const { progress, total, message } = heard;
    const words = message === null ? null : oneLine(message);
    // The call its token names, on whatever stream it came.
    await this.saveEvents({ ...arrival, callRpcId: heard.rpcId }, (callId) =>
      callId === null || !bookOf(live).calls.has(callId)
        ? []
        : [{ actor: this.server, body: { type: 'call.progress', callId, progress, total, message: words } }],
    );
    const callId = callOfRpcId(heard.rpcId);
    const call = callId === null ? undefined : bookOf(live).calls.get(callId);
    // It ended while this was being saved: nothing may follow its outcome.
    if (call === undefined || !isOpenCall(call)) return;
    for (const { listener } of live.work.get(call.callId)?.attached ?? [])
      listener.progress({ progress, total, message });
  }

  async log(entry: Parameters<UpstreamInbox['log']>[0], arrival: Arrival): Promise<void> {
    const { place } = this.hooks;
    const { level, logger, data } = entry;
    const text = logWords(data);
    await this.saveEvents(this.ofOnlyCall(arrival), (callId) => [
      {
        actor: this.server,
        body: {
          type: 'call.log',
          callId,
          server: place.server,
          level,
          logger: logger === null ? null : oneLine(logger),
          text,
        },
      },
    ]);
    this.live.listener.log(place.server, { level, logger, data });
  }

  async elicitationComplete(elicitationId: string, arrival: Arrival): Promise<void> {
    await this.save(() => this.nothing(arrival));
    const { server, connectionId } = this.hooks.place;
    await this.hooks.onElicitationComplete(this.live, { server, connectionId, elicitationId });
  }

  async listChanged(what: 'tools' | 'prompts' | 'resources', arrival: Arrival): Promise<void> {
    await this.save(() => this.nothing(arrival));
    const link = what === 'tools' ? this.live.links.get(this.hooks.place.server) : undefined;
    // Not waited for: the connection may still be opening, by this very stream.
    void link?.then((opened) => {
      if (opened.ok) opened.value.tools = null;
    });
    this.live.listener.listChanged(what);
  }

  async notification(method: string, params: JsonObject, arrival: Arrival): Promise<void> {
    await this.save(() => this.nothing(arrival));
    if (this.live.scope === this.hooks.place.server) this.live.listener.notification(method, params);
  }

  traffic(entry: Parameters<UpstreamInbox['traffic']>[0]): void {
    const { server, connectionId } = this.hooks.place;
    this.live.log.traffic({ ...entry, side: 'server', server, connectionId });
  }

  async placeMoved(place: StreamPlace): Promise<void> {
    const { connectionId } = this.hooks.place;
    await this.save(() => ({ events: [], cursors: [{ connectionId, ...place }], value: null }));
  }

  /** Its session lives, so an open question is still answered: the tool goes on, only its result does not come. */
  async callStreamLost(rpcId: string, why: string): Promise<void> {
    const { parts, live, hooks } = this;
    const words = `${sentence(maskText(why).slice(0, whyCharacters))} So its result is lost.`;
    await this.save((book, now) => {
      const callId = callOfRpcId(rpcId);
      const call = callId === null ? undefined : book.calls.get(callId);
      if (callId === null || call === undefined || !isUnderWay(call)) return refuse('not_found');
      // The stream of an earlier sending, of which nothing is expected any more.
      if (call.rpcId !== rpcId) return refuse('not_found');
      if (hooks.place.isRestored && !wasHeardOf(live, call))
        return { ...interrupted(parts, live, { call, why: neverHeard(call.server), now }), value: null };
      const lost: Draft = { actor: holdpoint, body: { type: 'call.result_lost', callId, why: words } };
      const settled = settledIfResultLost(parts, live, { callId, why: words, now });
      return { events: [lost, ...settled.events], payloads: settled.payloads, value: null };
    });
  }

  async lost(loss: Parameters<UpstreamInbox['lost']>[0]): Promise<void> {
    const { parts, live, hooks } = this;
    const words = oneLine(maskText(loss.message));
    this.letGo();
    parts.sights.failed(hooks.place.server, words);
    await this.save((_book, now) => ({ ...lossOf(parts, live, { place: hooks.place, why: words, now }), value: null }));
  }

  /** Nothing comes of it any more: what holds it is freed, so that a session of many losses does not grow. */
  private letGo(): void {
    const { parts, live, hooks } = this;
    const held = live.links.get(hooks.place.server);
    live.links.delete(hooks.place.server);
    held
      ?.then((link) => (link.ok ? link.value.connection.close({ terminate: false, graceMs: 0 }) : null))
      .catch((error: unknown) => parts.log.error({ err: error }, 'a lost connection could not be freed'));
  }

  async reattaching(why: string): Promise<void> {
    const { connectionId } = this.hooks.place;
    const body: EventBody = { type: 'connection.reattaching', connectionId, why: oneLine(maskText(why)) };
    await this.save((book) =>
      book.connections.get(connectionId)?.state === 'ready'
        ? { events: [{ actor: holdpoint, body }], value: null }
        : refuse('not_allowed_now'),
    );
  }

  async reattached(): Promise<void> {
    await this.save((book) => {
      const connection = book.connections.get(this.hooks.place.connectionId);
      if (connection?.state !== 'reattaching') return refuse('not_allowed_now');
      const { connectionId, protocolVersion, serverInfo, hasSession } = connection;
      return {
        events: [
          {
            actor: holdpoint,
            body: { type: 'connection.ready', connectionId, protocolVersion, serverInfo, hasSession },
          },
        ],
        value: null,
      };
    });
  }

  private save<T>(decide: Decide<T>): Promise<Result<T>> {
    return insist(this.parts, this.live, decide);
  }

  /** Events of the call a message belongs to; none once that call is over, but its place is kept. */
  private async saveEvents(arrival: Arrival, draft: (callId: CallId | null) => readonly Draft[]): Promise<void> {
    await this.save((book) => {
      const callId = callOfRpcId(arrival.callRpcId);
      const call = callId === null ? undefined : book.calls.get(callId);
      if (call !== undefined && !isOpenCall(call)) return this.nothing(arrival);
      return { events: [...movedOn(this.live, callId), ...draft(callId)], cursors: this.cursors(arrival), value: null };
    });
  }

  /** What came on no call's stream is of the only call there is: then it is a sign of that one's life. */
  private ofOnlyCall(arrival: Arrival): Arrival {
    if (arrival.callRpcId !== null) return arrival;
    const { callId } = attribution(this.live, this.hooks.place, arrival) ?? { callId: null };
    const call = callId === null ? undefined : bookOf(this.live).calls.get(callId);
    return call === undefined || !isUnderWay(call) ? arrival : { ...arrival, callRpcId: call.rpcId };
  }

  private nothing(arrival: Arrival): Decision<null> {
    return { events: [], cursors: this.cursors(arrival), value: null };
  }

  private cursors(arrival: Arrival): readonly Cursor[] {
    return arrival.place === null ? [] : [{ connectionId: this.hooks.place.connectionId, ...arrival.place }];
  }
}

/**
 * Nothing is expected of this sending any more: its server turned the call back, or it was cut off and the call is
 * under way again. Its late error must not end what runs now (I3).
 */
function isSettledSending(call: OpenCall, rpcId: string): boolean {
  return sentOf(call) === null || (isUnderWay(call) && call.rpcId !== rpcId);
}

/** By what it said, not by when: a clock that steps back makes all instants the same. */
function wasHeardOf(live: LiveSession, call: WorkingCall | WaitingCall): boolean {
  if (call.progress !== null) return true;
  return requestsOf(live, call.callId).some(({ upstream }) => upstream?.connectionId === call.connectionId);
}

function neverHeard(server: string): Why {
  return {
    why: `Holdpoint stopped while the call was being sent, and nothing was heard of it from ${server}: whether it ran is not known.`,
    requests: 'Holdpoint was restarted.',
  };
}
