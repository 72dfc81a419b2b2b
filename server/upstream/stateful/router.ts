import type { LogLevel, RpcError } from '@/lib/domain/event';
import { isJsonObject, type Json, type JsonObject } from '@/lib/domain/json';
import type { Log } from '@/server/engine/ports/log';
import type { Arrival } from '@/server/engine/ports/upstream';
import { Asked, questionOf } from './asked';
import type { Gate } from './gate';
import { shortened } from './limits';
import { errorResponse, type Incoming, nonsenseAnswer, rpcCodes, type RpcId, sortMessage } from './message';

export interface RouterParts {
  readonly gate: Gate;
  readonly log: Log;
  /** Sends an answer that no person is asked for. */
  readonly reply: (message: JsonObject) => void;
  /** Gives a response to the SDK's client; false when it is not one of its requests. */
  readonly toClient: (rpcId: RpcId, message: JsonObject) => boolean;
  /** A call's outcome was taken by the inbox. */
  readonly settled: (rpcId: string) => void;
}

const levels: ReadonlySet<string> = new Set<LogLevel>([
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
]);

/** Takes each message of the server to where it belongs. Promises are false when the inbox did not take it. */
export class Router {
  readonly #parts: RouterParts;
  readonly #calls = new Set<string>();
  readonly asked = new Asked();

  constructor(parts: RouterParts) {
    this.#parts = parts;
  }

  /** From now on answers to this id are a call's outcome. False when the id is in use. */
  expect(rpcId: string): boolean {
    if (this.#calls.has(rpcId)) return false;
    this.#calls.add(rpcId);
    return true;
  }

  isExpected(rpcId: string): boolean {
    return this.#calls.has(rpcId);
  }

  forget(rpcId: string): void {
    this.#calls.delete(rpcId);
  }

  receive(value: Json, arrival: Arrival): Promise<boolean> {
    const incoming = sortMessage(value);
    switch (incoming.kind) {
      case 'request':
        return this.#request(incoming, arrival);
      case 'notification':
        return this.#notification(incoming, arrival);
      case 'result':
      case 'error':
        return this.#response(incoming, value as JsonObject, arrival);
      case 'nonsense':
        return this.#ignored(incoming.why);
      default:
        return incoming satisfies never;
    }
  }

  async #response(
    incoming: Extract<Incoming, { kind: 'result' | 'error' }>,
    message: JsonObject,
    arrival: Arrival,
  ): Promise<boolean> {
    // An error without an id on a call's own stream is that call's: the server could not read what we sent.
    const rpcId = incoming.rpcId ?? arrival.callRpcId;
    if (rpcId === null) return this.#ignored('an error without an id');
    if (typeof rpcId !== 'string' || !this.#calls.has(rpcId)) {
      return this.#parts.toClient(rpcId, message) || this.#ignored('an answer to an unknown id');
    }
    // Held back while the inbox takes it, so that a second result is nobody's; given back if it does not.
    this.#calls.delete(rpcId);
    const taken = await this.#outcome(rpcId, incoming, arrival);
    if (taken) this.#parts.settled(rpcId);
    else this.#calls.add(rpcId);
    return taken;
  }

  #outcome(
    rpcId: string,
    incoming: Extract<Incoming, { kind: 'result' | 'error' }>,
    arrival: Arrival,
  ): Promise<boolean> {
    const { gate } = this.#parts;
    const fail = (error: RpcError): Promise<boolean> =>
      gate.hand('call error', (inbox) => inbox.callError({ rpcId, error }, arrival));
    if (incoming.kind === 'error') return fail(incoming.error);
    const { result } = incoming;
    if (!isJsonObject(result)) return fail(nonsenseAnswer('a result that is not an object'));
    return gate.hand('call result', (inbox) => inbox.callResult({ rpcId, result }, arrival));
  }

  async #request(incoming: Extract<Incoming, { kind: 'request' }>, arrival: Arrival): Promise<boolean> {
    const { rpcId, method } = incoming;
    const { reply } = this.#parts;
    switch (method) {
      case 'ping':
        reply({ jsonrpc: '2.0', id: rpcId, result: {} });
        return true;
      case 'roots/list':
        reply({ jsonrpc: '2.0', id: rpcId, result: { roots: [] } });
        return true;
      case 'elicitation/create':
      case 'sampling/createMessage':
        return this.#question(incoming, arrival);
      default:
        reply(errorResponse(rpcId, rpcCodes.methodNotFound, `Method not found: ${shortened(method)}`));
        return true;
    }
  }

  async #question(incoming: Extract<Incoming, { kind: 'request' }>, arrival: Arrival): Promise<boolean> {
    const { rpcId, method, params } = incoming;
    const { gate, reply } = this.#parts;
    if (!isJsonObject(params)) {
      reply(errorResponse(rpcId, rpcCodes.invalidParams, 'params must be an object'));
      return true;
    }
    const question = questionOf(method, params, arrival.place?.eventId ?? null);
    const asking = this.asked.judge(rpcId, question);
    switch (asking) {
      case 'new': {
        const request = { rpcId, method, params };
        // Before the inbox hears of it: its answer may be sent before this promise settles.
        this.asked.wait(rpcId, question);
        const taken = await gate.hand('server request', (inbox) => inbox.serverRequest(request, arrival));
        if (!taken) this.asked.drop(rpcId);
        return taken;
      }
      case 'replayed':
        return true;
      case 'duplicate':
        reply(
          errorResponse(rpcId, rpcCodes.invalidRequest, 'A request with this id is waiting for its answer already'),
        );
        return true;
      case 'too_many':
        reply(errorResponse(rpcId, rpcCodes.tooMany, 'Too many requests of this connection are waiting for an answer'));
        return true;
      default:
        return asking satisfies never;
    }
  }

  async #notification(incoming: Extract<Incoming, { kind: 'notification' }>, arrival: Arrival): Promise<boolean> {
    const { method, params = {} } = incoming;
    const { gate } = this.#parts;
    if (!isJsonObject(params)) return this.#ignored('a notification whose params are not an object');
    switch (method) {
      case 'notifications/progress':
        return this.#progress(params, arrival);
      case 'notifications/message':
        return gate.hand('log', (inbox) => inbox.log(readLog(params), arrival));
      case 'notifications/cancelled':
        return this.#cancelled(params, arrival);
      case 'notifications/elicitation/complete': {
        const { elicitationId } = params;
        if (typeof elicitationId !== 'string') return this.#ignored('a completion without elicitationId');
        return gate.hand('elicitation complete', (inbox) => inbox.elicitationComplete(elicitationId, arrival));
      }
      case 'notifications/tools/list_changed':
        return gate.hand('list changed', (inbox) => inbox.listChanged('tools', arrival));
      case 'notifications/prompts/list_changed':
        return gate.hand('list changed', (inbox) => inbox.listChanged('prompts', arrival));
      case 'notifications/resources/list_changed':
        return gate.hand('list changed', (inbox) => inbox.listChanged('resources', arrival));
      default:
        return gate.hand('notification', (inbox) => inbox.notification(method, params, arrival));
    }
  }

  async #progress(params: JsonObject, arrival: Arrival): Promise<boolean> {
    const { progressToken, progress, total, message } = params;
    if (typeof progressToken !== 'string' || !this.#calls.has(progressToken)) {
      return this.#ignored('progress of no call in flight');
    }
    // JSON has numbers no double holds: they would be null on disk and in every browser.
    if (typeof progress !== 'number' || !Number.isFinite(progress))
      return this.#ignored('progress that is not a number');
    const entry = {
      rpcId: progressToken,
      progress,
      total: typeof total === 'number' && Number.isFinite(total) ? total : null,
      message: typeof message === 'string' ? message : null,
    };
    return this.#parts.gate.hand('progress', (inbox) => inbox.progress(entry, arrival));
  }

  async #cancelled(params: JsonObject, arrival: Arrival): Promise<boolean> {
    const { requestId, reason } = params;
    // 0 is an id like any other.
    if (typeof requestId !== 'string' && typeof requestId !== 'number')
      return this.#ignored('a cancel without requestId');
    if (!this.asked.isWaiting(requestId)) return this.#ignored('a cancel of no request that waits');
    const cancelled = { rpcId: requestId, reason: typeof reason === 'string' ? reason : null };
    const taken = await this.#parts.gate.hand('server cancel', (inbox) => inbox.serverCancelled(cancelled, arrival));
    if (taken) this.asked.settle(requestId);
    return taken;
  }

  async #ignored(why: string): Promise<boolean> {
    this.#parts.log.debug({ why }, 'A message of the server was ignored');
    return true;
  }
}

function readLog(params: JsonObject): { level: LogLevel; logger: string | null; data: Json } {
  const { level, logger, data } = params;
  return {
    level: isLogLevel(level) ? level : 'info',
    logger: typeof logger === 'string' ? logger : null,
    data: data ?? null,
  };
}

function isLogLevel(level: Json | undefined): level is LogLevel {
  return typeof level === 'string' && levels.has(level);
}
