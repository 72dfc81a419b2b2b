import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import type { RpcError } from '@/lib/domain/event';
import { isJsonObject, type Json, type JsonObject } from '@/lib/domain/json';
import type {
  CloseOrder,
  CloseReport,
  ConnectionFacts,
  OutgoingAnswer,
  OutgoingCall,
  RequestOutcome,
  SendOutcome,
  UpstreamConnection,
} from '@/server/engine/ports/upstream';
import type { UpstreamTiming } from '../timing';
import type { ClientLease } from './client';
import { type ClientBridge, NotSent } from './client-bridge';
import type { Gate } from './gate';
import type { Leg } from './leg';
import { nonsenseAnswer, rpcCodes } from './message';
import type { Router } from './router';
import { wordsOf } from './words-of';

export interface ConnectionParts {
  readonly facts: ConnectionFacts;
  readonly leg: Leg;
  readonly gate: Gate;
  readonly router: Router;
  readonly client: ClientLease;
  readonly bridge: ClientBridge;
  readonly timing: UpstreamTiming;
  readonly closed: () => void;
}

/** Hands a result on as it is: nothing is stripped, reordered or filled in. */
const anyResult = z.custom<JsonObject>((value) => isJsonObject(value));

/** One connection in the stateful era. Tool calls go beside the SDK's client, under our ids and without its timers. */
export class StatefulConnection implements UpstreamConnection {
  readonly facts: ConnectionFacts;
  readonly #parts: ConnectionParts;
  #closing: Promise<CloseReport> | null = null;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.facts = parts.facts;
  }

  resume(): void {
    this.#parts.leg.resume();
  }

  async sendCall(call: OutgoingCall): Promise<SendOutcome> {
    const { leg, router } = this.#parts;
    const { rpcId, tool, meta } = call;
    if (!router.expect(rpcId)) {
      return { ok: false, code: 'refused', status: null, message: 'A call with this id is in flight already.' };
    }
    const params = { name: tool, arguments: call.arguments, _meta: { ...meta, progressToken: rpcId } };
    const message = { jsonrpc: '2.0', id: rpcId, method: 'tools/call', params };
    const outcome = await leg.sendRequest(message, { rpcId, kind: 'call' });
    if (!outcome.ok) router.forget(rpcId);
    return outcome;
  }

  async respond(answer: OutgoingAnswer): Promise<SendOutcome> {
    const { leg, router } = this.#parts;
    const { rpcId } = answer;
    const body = 'result' in answer ? { result: answer.result } : { error: wireError(answer.error) };
    const outcome = await leg.sendOnly({ jsonrpc: '2.0', id: rpcId, ...body });
    if (outcome.ok) router.asked.settle(rpcId);
    return outcome;
  }

  cancelCall(rpcId: string, reason: string): Promise<SendOutcome> {
    const { leg, router, timing } = this.#parts;
    const params = { requestId: rpcId, reason };
    // A server need not answer a cancelled call; one that does may still do so for a moment.
    leg.abandon(rpcId);
    setTimeout(() => router.forget(rpcId), timing.lingerMs).unref();
    return leg.sendOnly({ jsonrpc: '2.0', method: 'notifications/cancelled', params });
  }

  async request(method: string, params: JsonObject, timeoutMs: number): Promise<RequestOutcome> {
    const { client, leg } = this.#parts;
    try {
      const options = { timeout: timeoutMs, maxTotalTimeout: timeoutMs };
      const result = await client.use((lent) => lent.request({ method, params }, anyResult, options));
      return { ok: true, result };
    } catch (error) {
      if (method === 'ping' && isUnanswered(error)) leg.doubt('A ping was not answered.');
      return { ok: false, error: requestError(error, leg.downWhy) };
    }
  }

  notify(method: string, params: JsonObject): Promise<SendOutcome> {
    return this.#parts.leg.sendOnly({ jsonrpc: '2.0', method, params });
  }

  close(how: CloseOrder): Promise<CloseReport> {
    this.#closing ??= this.#close(how);
    return this.#closing;
  }

  async #close(how: CloseOrder): Promise<CloseReport> {
    const { gate, bridge, leg, closed } = this.#parts;
    gate.shut();
    // What waits here is told first; the server afterwards.
    await bridge.close();
    try {
      return await leg.close(how);
    } finally {
      closed();
    }
  }
}

/** Nothing came back, as on a path that died without a word. */
function isUnanswered(error: unknown): boolean {
  if (error instanceof NotSent) return error.outcome.status === null;
  return (
    error instanceof McpError && error.code === ErrorCode.RequestTimeout && /request timed out/i.test(error.message)
  );
}

function wireError({ code, message, data }: RpcError): JsonObject {
  return { code, message, ...(data === undefined ? {} : { data }) };
}

function requestError(error: unknown, downWhy: string | null): RpcError {
  if (error instanceof McpError) {
    // The SDK puts this before the server's own words.
    const prefix = `MCP error ${error.code}: `;
    const words = error.message.startsWith(prefix) ? error.message.slice(prefix.length) : error.message;
    const message = words === 'Connection closed' && downWhy !== null ? downWhy : words;
    return { code: error.code, message, ...(error.data === undefined ? {} : { data: error.data as Json }) };
  }
  if (error instanceof NotSent) return { code: rpcCodes.internal, message: error.message };
  if (error instanceof z.ZodError) return nonsenseAnswer('a result that is not an object');
  return { code: rpcCodes.internal, message: downWhy ?? wordsOf(error) };
}
