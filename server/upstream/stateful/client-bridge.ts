import { randomBytes } from 'node:crypto';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  isJSONRPCErrorResponse,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
} from '@modelcontextprotocol/sdk/types.js';
import type { Json, JsonObject } from '@/lib/domain/json';
import type { SendOutcome } from '@/server/engine/ports/upstream';
import type { Leg } from './leg';
import { errorResponse, nonsenseAnswer, rpcCodes, type RpcId } from './message';

/** The SDK's client could not send. */
export class NotSent extends Error {
  readonly outcome: Extract<SendOutcome, { ok: false }>;

  constructor(outcome: Extract<SendOutcome, { ok: false }>) {
    super(outcome.message);
    this.outcome = outcome;
  }
}

/**
 * Stands between the SDK's clients, one at a time, and our leg. Their ids restart at 0 with each client: here they become ids
 * that no other request of this session has, and only answers to them ever reach the client.
 */
export class ClientBridge implements Transport {
  onclose: (() => void) | undefined = undefined;
  onerror: ((error: Error) => void) | undefined = undefined;
  onmessage: ((message: JSONRPCMessage) => void) | undefined = undefined;
  readonly #leg: Leg;
  readonly #prefix = `hp-${randomBytes(6).toString('hex')}-`;
  readonly #pending = new Map<string, RpcId>();
  #lastId = 0;
  #isOpen = false;
  #initializeId: RpcId | null = null;
  #initializeResult: Json = null;

  constructor(leg: Leg) {
    this.#leg = leg;
  }

  /** A client that finds one takes the handshake for done. */
  get sessionId(): string | undefined {
    return this.#isOpen ? 'open' : undefined;
  }

  /** The handshake is through, now or in an earlier life; the client that made it is let go. */
  opened(): void {
    this.#isOpen = true;
    this.#initializeResult = null;
    this.release();
  }

  /** Another client may take its place. */
  release(): void {
    this.onclose = undefined;
    this.onerror = undefined;
    this.onmessage = undefined;
  }

  /** The handshake's result as it came, unknown members included. */
  get initializeResult(): Json {
    return this.#initializeResult;
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  setProtocolVersion(version: string): void {
    this.#leg.agreed(version);
  }

  close(): Promise<void> {
    this.#pending.clear();
    this.onclose?.();
    return Promise.resolve();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const outgoing = message as unknown as JsonObject;
    const { id, method, params } = outgoing;
    if (typeof id === 'number' && typeof method === 'string') return this.#request(outgoing, id);
    if (method === 'notifications/cancelled') return this.#cancel(outgoing, params as JsonObject);
    const outcome = await this.#leg.sendOnly(outgoing);
    if (!outcome.ok) throw new NotSent(outcome);
  }

  /** True when it answers a request of the client. */
  deliver(rpcId: RpcId, message: JsonObject): boolean {
    const id = typeof rpcId === 'string' ? this.#pending.get(rpcId) : undefined;
    if (id === undefined || typeof rpcId !== 'string') return false;
    this.#pending.delete(rpcId);
    this.#leg.settled(rpcId);
    if (id === this.#initializeId) this.#initializeResult = message['result'] ?? null;
    const answer: unknown = { ...message, id };
    // What the client's schema refuses it would drop, and wait on until its timeout.
    const isAnswer = isJSONRPCResultResponse(answer) || isJSONRPCErrorResponse(answer);
    const { code, message: words } = nonsenseAnswer('neither a result nor an error stands in its answer');
    this.onmessage?.(isAnswer ? answer : (errorResponse(id, code, words) as unknown as JSONRPCMessage));
    return true;
  }

  /** Its answer will not come. */
  fail(rpcId: string, why: string): void {
    this.deliver(rpcId, errorResponse(rpcId, rpcCodes.internal, why));
  }

  async #request(message: JsonObject, id: number): Promise<void> {
    this.#lastId += 1;
    const rpcId = `${this.#prefix}${this.#lastId}`;
    this.#pending.set(rpcId, id);
    if (message['method'] === 'initialize') this.#initializeId = id;
    const outcome = await this.#leg.sendRequest({ ...message, id: rpcId }, { rpcId, kind: 'control' });
    if (outcome.ok || !this.#pending.delete(rpcId)) return;
    throw new NotSent(outcome);
  }

  /** The client gives a request up, by its timeout. */
  async #cancel(message: JsonObject, params: JsonObject): Promise<void> {
    const { requestId } = params;
    const rpcId = [...this.#pending].find(([, id]) => id === requestId)?.[0];
    if (rpcId === undefined) return;
    this.#pending.delete(rpcId);
    this.#leg.abandon(rpcId);
    const outcome = await this.#leg.sendOnly({ ...message, params: { ...params, requestId: rpcId } });
    if (!outcome.ok) throw new NotSent(outcome);
  }
}
