import { createHash } from 'node:crypto';
import { openCalls } from '@/lib/domain/book';
import type { AgentId, CallId } from '@/lib/domain/ids';
import { canonicalJson, isJsonObject } from '@/lib/domain/json';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import { bookOf, type EngineParts, type LiveSession } from './parts';
import type { CallOrder } from './ports/agents';
import type { AgentCall } from './ports/store';

/**
 * Tells a call from one that is the same, so that an agent that asks again does not have it run twice (I4):
 * by its idempotency key, for ever and from any session; without one by what it asks, within its session, and
 * only while the other waits for a person or has lost its agent. Two that run side by side are two.
 */
export class SameCalls {
  private readonly lines = new Map<string, Promise<unknown>>();

  constructor(private readonly parts: EngineParts) {}

  /** SHA-256, hex, of server, tool and arguments. */
  digestOf(order: Pick<CallOrder, 'server' | 'tool' | 'arguments'>): string {
    const { server, tool } = order;
    return createHash('sha256')
      .update(canonicalJson({ server, tool, arguments: order.arguments }))
      .digest('hex');
  }

  /** Two calls with one key are received one after the other, so that the second finds the first. */
  async oneAtATime<T>(live: LiveSession, order: CallOrder, run: () => Promise<T>): Promise<T> {
    if (order.idempotencyKey === null) return run();
    const name = lineName(live.agent.id, order.idempotencyKey);
    const before = this.lines.get(name);
    const turn = (before ?? Promise.resolve()).then(run, run);
    this.lines.set(name, turn);
    try {
      return await turn;
    } finally {
      if (this.lines.get(name) === turn) this.lines.delete(name);
    }
  }

  /** The call of this agent that carries this key already; null when there is none. */
  async known(live: LiveSession, order: CallOrder, digest: string): Promise<Result<CallId | null>> {
    let known: AgentCall | null = null;
    try {
      if (order.idempotencyKey !== null)
        known = await this.parts.store.agentCallByKey(live.agent.id, order.idempotencyKey);
      else if (live.digests === null) await this.load(live);
    } catch (error) {
      this.parts.log.warn({ err: error }, 'whether a call is the same as another could not be looked up');
      return refuse('cannot_save');
    }
    if (known === null) return done(null);
    if (known.digest === digest) return done(known.callId);
    return refuse(
      'bad_input',
      'This idempotency key was used for a call with another tool or other arguments. Use a new key for a new call.',
    );
  }

  /** The open call that this one repeats; asked at the very moment of recording. */
  twinOf(live: LiveSession, order: CallOrder, digest: string): CallId | null {
    if (order.idempotencyKey !== null || order.task !== null || live.digests === null) return null;
    for (const call of openCalls(bookOf(live))) {
      if (live.digests.get(call.callId) !== digest) continue;
      if (call.state !== 'working' || call.agentLeft !== null) return call.callId;
    }
    return null;
  }

  /** Calls with a key of their own are told apart by it alone. */
  note(live: LiveSession, order: CallOrder, call: { readonly callId: CallId; readonly digest: string }): void {
    if (order.idempotencyKey === null && order.task === null) live.digests?.set(call.callId, call.digest);
  }

  forget(live: LiveSession, callId: CallId): void {
    live.digests?.delete(callId);
  }

  /** After a restart: what the open calls of the session ask is read back once. */
  private async load(live: LiveSession): Promise<void> {
    const digests = new Map<CallId, string>();
    for (const { callId, server, tool } of openCalls(bookOf(live))) {
      const [given, bound] = await Promise.all([
        this.parts.store.payload(callId, 'arguments'),
        this.parts.store.agentCall(callId),
      ]);
      if (bound === null && isJsonObject(given)) digests.set(callId, this.digestOf({ server, tool, arguments: given }));
    }
    live.digests ??= digests;
  }
}

function lineName(agentId: AgentId, key: string): string {
  return `${agentId} ${key}`;
}
