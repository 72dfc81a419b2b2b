import { randomUUID } from 'node:crypto';
import type { Dispatcher } from 'undici';
import type { JsonObject } from '@/lib/domain/json';
import type { Log } from '@/server/engine/ports/log';
import type { CloseOrder, CloseReport, RestoreOrder, SendOutcome } from '@/server/engine/ports/upstream';
import type { UpstreamTiming } from '../../timing';
import type { Down, Leg, LegListener, RequestStream, StartOutcome } from '../leg';
import { Abort } from './abort';
import { discard } from './body';
import type { Endpoint } from './endpoint';
import { Exchange, type ExchangeParts } from './exchange';
import { refusedOutcome } from './refused-outcome';
import type { WireResponse } from './response';
import { Seen } from './seen';
import { checkName, SessionCheck } from './session-check';
import { Standalone, standaloneName } from './standalone';
import { Trouble } from './trouble';
import { Wire } from './wire';

export interface HttpLegParts {
  readonly endpoint: Endpoint;
  readonly dispatcher: Dispatcher;
  readonly listener: LegListener;
  readonly timing: UpstreamTiming;
  readonly log: Log;
  /** What an earlier life left; null for a new session. */
  readonly earlier: EarlierSession | null;
}

export type EarlierSession = Pick<RestoreOrder, 'mcpSessionId' | 'cursors' | 'calls'> & {
  readonly protocolVersion: string;
};

/** For a DELETE to leave when nobody waits for its answer. */
const forcedMs = 200;
/** How long one that gets no answer holds up those behind it. */
const returningMs = 250;

const sessionIdForm = /^[\x21-\x7e]{1,1024}$/;

/** Whether it can stand in a header. */
export function isSessionId(text: string): boolean {
  return sessionIdForm.test(text);
}

/** Streamable HTTP of the stateful era. */
export class HttpLeg implements Leg {
  readonly kind = 'http';
  readonly process = null;
  readonly #parts: HttpLegParts;
  readonly #wire: Wire;
  readonly #trouble: Trouble;
  readonly #seen = new Seen();
  readonly #standalone: Standalone;
  readonly #check: SessionCheck;
  readonly #exchangeParts: ExchangeParts;
  readonly #exchanges = new Map<string, Exchange>();
  /** What is being sent without a stream of its own. */
  readonly #sending = new Set<Abort>();
  #parked: boolean;
  #ended = false;
  #downWhy: string | null = null;

  constructor(parts: HttpLegParts) {
    this.#parts = parts;
    const { listener, timing, earlier } = parts;
    const wire = new Wire(parts.endpoint, parts.dispatcher);
    const trouble = new Trouble(listener, timing.unreachableMs);
    const down = (why: Down): void => this.#down(why);
    const { habits } = parts.endpoint;
    const shared = { wire, trouble, seen: this.#seen, listener, timing, habits, down };
    this.#wire = wire;
    this.#trouble = trouble;
    this.#standalone = new Standalone({
      ...shared,
      log: parts.log,
      askSession: () => this.#askSession(),
      isEarlier: earlier !== null,
      eventId: placeOf(earlier, standaloneName),
    });
    this.#check = new SessionCheck({ trouble, timing, down, ping: () => this.#ping() });
    this.#exchangeParts = {
      ...shared,
      opened: (response) => this.#opened(response),
      finished: (rpcId) => this.#exchanges.delete(rpcId),
    };
    this.#parked = earlier !== null;
    if (earlier !== null) this.#restore(earlier);
  }

  get mcpSessionId(): string | null {
    return this.#wire.sessionId;
  }

  get downWhy(): string | null {
    return this.#downWhy;
  }

  start(): Promise<StartOutcome> {
    return Promise.resolve({ ok: true });
  }

  async sendRequest(message: JsonObject, stream: RequestStream): Promise<SendOutcome> {
    if (this.#ended) return this.#deadOutcome();
    const exchange = new Exchange(this.#exchangeParts, stream);
    this.#exchanges.set(stream.rpcId, exchange);
    if (stream.kind === 'call' && this.#standalone.isAway) {
      // Some servers ask there, and what a server that keeps no events says to nobody is lost.
      await this.#standalone.untilBack();
      if (exchange.isOver) return exchange.callOff(this.#downWhy);
    }
    this.#parts.listener.sent(message, stream.kind === 'call' ? stream.rpcId : 'control');
    return exchange.post(message);
  }

  async sendOnly(message: JsonObject): Promise<SendOutcome> {
    if (this.#ended) return this.#deadOutcome();
    this.#parts.listener.sent(message, 'control');
    const outcome = await this.#post(message);
    // Answer first, then GET: a resumed stream that waited for this answer is asked for again.
    if (outcome.ok && !('method' in message)) {
      for (const exchange of this.#exchanges.values()) exchange.nudge();
      this.#standalone.nudge();
    }
    return outcome;
  }

  agreed(protocolVersion: string): void {
    this.#wire.protocolVersion = protocolVersion;
  }

  attach(): Promise<void> {
    return this.#standalone.attach();
  }

  resume(): void {
    if (!this.#parked || this.#ended) return;
    this.#parked = false;
    void this.#trouble.tell('Holdpoint was started again.');
    void this.#parts.endpoint.returning.through(() => this.#askForAll(), returningMs);
  }

  doubt(why: string): void {
    if (this.#ended || this.#parked) return;
    void this.#trouble.broke(checkName, why);
    for (const exchange of this.#exchanges.values()) exchange.interrupt(why);
    this.#standalone.interrupt(why);
    void this.#confirm();
  }

  settled(rpcId: string): void {
    this.#exchanges.get(rpcId)?.settle();
  }

  abandon(rpcId: string): void {
    this.#exchanges.get(rpcId)?.settle();
  }

  async close(how: CloseOrder): Promise<CloseReport> {
    const wasDown = this.#downWhy;
    const wasEnded = this.#ended;
    this.#ended = true;
    if (!how.terminate || wasEnded || this.#wire.sessionId === null) {
      this.#stopAll();
      return report(null, how.terminate ? (wasDown ?? 'The server gave no session to end.') : 'It was not asked for.');
    }
    const abort = new Abort();
    const timer = setTimeout(() => abort.abort(), Math.max(how.graceMs, 1));
    // Even then it is sent: only its answer is not waited for.
    let hurry: NodeJS.Timeout | undefined;
    const force = (): void => {
      hurry = setTimeout(() => abort.abort(), forcedMs);
    };
    how.force?.addEventListener('abort', force);
    if (how.force?.aborted === true) force();
    const outcome = await this.#wire.send({ method: 'DELETE', abort });
    how.force?.removeEventListener('abort', force);
    clearTimeout(timer);
    clearTimeout(hurry);
    this.#stopAll();
    if (!outcome.ok) {
      return report(null, abort.isAborted ? unansweredWords(how) : outcome.message);
    }
    const { status } = outcome.response;
    if (outcome.response.ok) {
      await discard(outcome.response);
      return report(status, null);
    }
    const { outcome: refused } = await refusedOutcome(outcome.response, true);
    return report(status, status === 405 ? 'The server does not let clients end sessions.' : refused.message);
  }

  #restore({ mcpSessionId, protocolVersion, calls, ...earlier }: EarlierSession): void {
    this.#wire.sessionId = mcpSessionId;
    this.#wire.protocolVersion = protocolVersion === '' ? null : protocolVersion;
    for (const rpcId of calls) {
      const eventId = placeOf(earlier, rpcId);
      this.#exchanges.set(rpcId, new Exchange(this.#exchangeParts, { rpcId, kind: 'call' }, { eventId }));
      if (eventId !== null) this.#trouble.expect(rpcId);
    }
    this.#trouble.expect(standaloneName);
    this.#trouble.expect(checkName);
  }

  async #askForAll(): Promise<void> {
    if (this.#ended) return;
    for (const exchange of this.#exchanges.values()) if (exchange.isResumable) exchange.resume();
    void this.#standalone.attach();
    await this.#confirm();
  }

  /** A session that lives cannot bring back what no place leads to; of one that is gone there is nothing to say. */
  async #confirm(): Promise<void> {
    if (!(await this.#check.run())) return;
    const why = 'Its stream cannot be taken up again: nothing of it had arrived, or the server keeps no events.';
    await Promise.all([...this.#exchanges.values()].map((exchange) => exchange.giveUp(why)));
    await this.#trouble.over(checkName);
  }

  async #post(message: JsonObject): Promise<SendOutcome> {
    const abort = new Abort();
    this.#sending.add(abort);
    const timer = setTimeout(() => abort.abort(), this.#parts.timing.takeMs);
    timer.unref();
    try {
      const outcome = await this.#wire.send({ method: 'POST', message, abort });
      if (!outcome.ok) return { ...outcome, status: null };
      const { response } = outcome;
      if (response.ok) {
        void discard(response);
        return { ok: true, status: response.status };
      }
      const { outcome: refused } = await refusedOutcome(response, this.#wire.sessionId !== null);
      if (refused.code === 'gone') this.#down({ code: 'gone', message: refused.message });
      return refused;
    } finally {
      clearTimeout(timer);
      this.#sending.delete(abort);
    }
  }

  #opened(response: WireResponse): void {
    const { sessionId } = response;
    // The session's id comes with the handshake, before anything else.
    if (sessionId === null || this.#wire.sessionId !== null || this.#wire.protocolVersion !== null) return;
    if (isSessionId(sessionId)) this.#wire.sessionId = sessionId;
    else this.#parts.log.warn({}, 'The server gave a session id that is not visible ASCII; it is not used');
  }

  #ping(): Promise<SendOutcome> {
    return this.#post({ jsonrpc: '2.0', id: `probe-${randomUUID()}`, method: 'ping' });
  }

  async #askSession(): Promise<'known' | 'gone' | 'unclear'> {
    const outcome = await this.#ping();
    if (outcome.ok) return 'known';
    if (outcome.code === 'gone') return 'gone';
    return outcome.status === null ? 'unclear' : 'known';
  }

  #down(why: Down): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#downWhy = why.message;
    this.#stopAll();
    this.#parts.listener.down(why);
  }

  #stopAll(): void {
    this.#check.stop();
    this.#standalone.stop();
    for (const exchange of this.#exchanges.values()) exchange.stop();
    for (const abort of this.#sending) abort.abort();
  }

  #deadOutcome(): SendOutcome {
    return { ok: false, code: 'gone', status: null, message: this.#downWhy ?? 'The connection is closed.' };
  }
}

function placeOf(earlier: Pick<EarlierSession, 'cursors'> | null, stream: string): string | null {
  return earlier?.cursors.findLast((place) => place.stream === stream)?.eventId ?? null;
}

function unansweredWords({ graceMs, force }: CloseOrder): string {
  return force?.aborted === true
    ? 'No answer to DELETE; it was not waited for.'
    : `No answer to DELETE within ${graceMs} ms.`;
}

function report(deleteStatus: number | null, deleteWhy: string | null): CloseReport {
  return { deleteStatus, deleteWhy, process: null };
}
