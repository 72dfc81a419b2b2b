import { isJsonObject, type Json, type JsonObject } from '@/lib/domain/json';
import type { Log } from '@/server/engine/ports/log';
import type { StreamPlace } from '@/server/engine/ports/upstream';
import type { ClientBridge } from './client-bridge';
import type { Gate } from './gate';
import type { Down, Leg, LegListener, Origin } from './leg';
import { shortened } from './limits';
import { decodeMessage } from './message';
import { Router } from './router';

/** A server replays what a stream missed within this time. */
const replayMs = 5_000;

function isQuestion(message: Json): boolean {
  return isJsonObject(message) && message['method'] !== undefined && message['id'] !== undefined;
}

/** What the leg hears goes through here: kept for the raw view, decoded, and given to the router. */
export class Feed implements LegListener {
  readonly router: Router;
  readonly #gate: Gate;
  readonly #log: Log;
  #ends: { readonly leg: Leg; readonly bridge: ClientBridge } | null = null;
  /** Until then a loss is the outcome of `open`, not the inbox's business. */
  #open = false;

  constructor(gate: Gate, log: Log) {
    this.#gate = gate;
    this.#log = log;
    this.router = new Router({
      gate,
      log,
      reply: (message) => void this.#ends?.leg.sendOnly(message),
      toClient: (rpcId, message) => this.#ends?.bridge.deliver(rpcId, message) ?? false,
      settled: (rpcId) => this.#ends?.leg.settled(rpcId),
    });
  }

  connect(ends: { readonly leg: Leg; readonly bridge: ClientBridge }): void {
    this.#ends = ends;
  }

  opened(): void {
    this.#open = true;
  }

  async message(text: string, origin: Origin): Promise<boolean> {
    const { stream, place, before, isReplay } = origin;
    const decoded = decodeMessage(text);
    if (!decoded.ok) {
      this.#gate.traffic('in', stream, shortened(text));
      this.#log.debug({ why: decoded.why }, 'What the server sent is no message');
      return true;
    }
    this.#gate.traffic('in', stream, decoded.value);
    // Some servers replay on each stream what was said on any: then the stream does not tell which call asks.
    const callRpcIdOf = (message: Json): string | null => (isReplay && isQuestion(message) ? null : origin.callRpcId);
    if (!Array.isArray(decoded.value))
      return this.router.receive(decoded.value, { callRpcId: callRpcIdOf(decoded.value), place });
    // A batch: its place is reached with its last message.
    const batch = decoded.value as readonly Json[];
    let allTaken = true;
    for (const [index, message] of batch.entries()) {
      const at = index === batch.length - 1 && allTaken ? place : before;
      if (!(await this.router.receive(message, { callRpcId: callRpcIdOf(message), place: at }))) allTaken = false;
    }
    return allTaken;
  }

  sent(message: JsonObject, stream: string): void {
    this.#gate.traffic('out', stream, message);
  }

  async placeMoved(place: StreamPlace): Promise<void> {
    await this.#gate.hand('place', (inbox) => inbox.placeMoved(place));
  }

  async streamLost(rpcId: string, why: string): Promise<void> {
    if (!this.router.isExpected(rpcId)) {
      this.#ends?.bridge.fail(rpcId, why);
      return;
    }
    this.router.forget(rpcId);
    await this.#gate.hand('lost stream', (inbox) => inbox.callStreamLost(rpcId, why));
  }

  down(why: Down): void {
    // Whoever waits is told at once, not at a timeout.
    void this.#ends?.bridge.close();
    if (this.#open) void this.#gate.lost(why);
    else this.#gate.shut();
  }

  async reattaching(why: string): Promise<void> {
    await this.#gate.hand('reattaching', (inbox) => inbox.reattaching(why));
  }

  async reattached(): Promise<void> {
    const { asked } = this.router;
    if (asked.hasEarlier) setTimeout(() => asked.replaysAreOver(), replayMs).unref();
    await this.#gate.hand('reattached', (inbox) => inbox.reattached());
  }
}
