import { randomUUID } from 'node:crypto';
import type { Dispatcher, Response } from 'undici';
import type { JsonObject } from '@/lib/domain/json';
import type { Log } from '@/server/engine/ports/log';
import type { CloseReport, SendOutcome } from '@/server/engine/ports/upstream';
import type { UpstreamTiming } from '../../timing';
import type { Down, Leg, LegListener, RequestStream, StartOutcome } from '../leg';
import { discard } from './body';
import type { Endpoint } from './endpoint';
import { Exchange } from './exchange';
import { refusedOutcome } from './refused-outcome';
import { Seen } from './seen';
import { Standalone } from './standalone';
import { Trouble } from './trouble';
import { Wire } from './wire';

export interface HttpLegParts {
  readonly endpoint: Endpoint;
  readonly dispatcher: Dispatcher;
  readonly listener: LegListener;
  readonly timing: UpstreamTiming;
  readonly log: Log;
}

const sessionIdForm = /^[\x21-\x7e]{1,1024}$/;

/** Streamable HTTP of the stateful era. */
export class HttpLeg implements Leg {
  readonly kind = 'http';
  readonly pid = null;
  readonly #parts: HttpLegParts;
  readonly #wire: Wire;
  readonly #trouble: Trouble;
  readonly #seen = new Seen();
  readonly #standalone: Standalone;
  readonly #exchanges = new Map<string, Exchange>();
  /** What is being sent without a stream of its own. */
  readonly #sending = new Set<AbortController>();
  #ended = false;
  #downWhy: string | null = null;

  constructor(parts: HttpLegParts) {
    this.#parts = parts;
    this.#wire = new Wire(parts.endpoint, parts.dispatcher);
    this.#trouble = new Trouble(parts.listener, parts.timing.unreachableMs);
    this.#standalone = new Standalone({
      ...parts,
      wire: this.#wire,
      trouble: this.#trouble,
      seen: this.#seen,
      down: (why) => this.#down(why),
      isSessionKnown: () => this.#isSessionKnown(),
    });
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
    const exchange = new Exchange(
      {
        ...this.#parts,
        wire: this.#wire,
        trouble: this.#trouble,
        seen: this.#seen,
        down: (why) => this.#down(why),
        opened: (response) => this.#opened(message, response),
        finished: () => this.#exchanges.delete(stream.rpcId),
      },
      stream,
    );
    this.#exchanges.set(stream.rpcId, exchange);
    this.#parts.listener.sent(message, stream.kind === 'call' ? stream.rpcId : 'control');
    return exchange.post(message);
  }

  async sendOnly(message: JsonObject): Promise<SendOutcome> {
    if (this.#ended) return this.#deadOutcome();
    this.#parts.listener.sent(message, 'control');
    const outcome = await this.#post(message);
    if (!outcome.ok && outcome.code === 'gone') this.#down({ code: 'gone', message: outcome.message });
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

  settled(rpcId: string): void {
    this.#exchanges.get(rpcId)?.settle();
  }

  abandon(rpcId: string): void {
    this.#exchanges.get(rpcId)?.settle();
  }

  async close(how: { readonly terminate: boolean; readonly graceMs: number }): Promise<CloseReport> {
    const wasDown = this.#downWhy;
    const wasEnded = this.#ended;
    this.#ended = true;
    const report = (deleteStatus: number | null, deleteWhy: string | null): CloseReport => ({
      deleteStatus,
      deleteWhy,
      process: null,
    });
    if (!how.terminate || wasEnded || this.#wire.sessionId === null) {
      this.#stopAll();
      if (!how.terminate) return report(null, 'It was not asked for.');
      return report(null, wasDown ?? 'The server gave no session to end.');
    }
    const signal = AbortSignal.timeout(Math.max(how.graceMs, 1));
    const outcome = await this.#wire.send({ method: 'DELETE', signal });
    this.#stopAll();
    if (!outcome.ok) {
      return report(null, signal.aborted ? `No answer to DELETE within ${how.graceMs} ms.` : outcome.message);
    }
    const { status } = outcome.response;
    if (outcome.response.ok) await discard(outcome.response);
    if (outcome.response.ok) return report(status, null);
    const { outcome: refused } = await refusedOutcome(outcome.response, true);
    return report(status, status === 405 ? 'The server does not let clients end sessions.' : refused.message);
  }

  async #post(message: JsonObject): Promise<SendOutcome> {
    const controller = new AbortController();
    this.#sending.add(controller);
    const timer = setTimeout(() => controller.abort(), this.#parts.timing.takeMs);
    timer.unref();
    try {
      const outcome = await this.#wire.send({ method: 'POST', message, signal: controller.signal });
      if (!outcome.ok) return { ...outcome, status: null };
      const { response } = outcome;
      if (!response.ok) return (await refusedOutcome(response, this.#wire.sessionId !== null)).outcome;
      await discard(response);
      return { ok: true, status: response.status };
    } finally {
      clearTimeout(timer);
      this.#sending.delete(controller);
    }
  }

  #opened(message: JsonObject, response: Response): void {
    if (message['method'] !== 'initialize') return;
    const sessionId = response.headers.get('mcp-session-id');
    if (sessionId === null) return;
    if (sessionIdForm.test(sessionId)) this.#wire.sessionId = sessionId;
    else this.#parts.log.warn({}, 'The server gave a session id that is not visible ASCII; it is not used');
  }

  async #isSessionKnown(): Promise<boolean> {
    const outcome = await this.#post({ jsonrpc: '2.0', id: `probe-${randomUUID()}`, method: 'ping' });
    return outcome.ok || outcome.code !== 'gone';
  }

  #down(why: Down): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#downWhy = why.message;
    this.#stopAll();
    this.#parts.listener.down(why);
  }

  #stopAll(): void {
    this.#standalone.stop();
    for (const exchange of this.#exchanges.values()) exchange.stop();
    for (const controller of this.#sending) controller.abort();
  }

  #deadOutcome(): SendOutcome {
    return { ok: false, code: 'gone', status: null, message: this.#downWhy ?? 'The connection is closed.' };
  }
}
