import type { CallId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';

/** What the engine hands to traces. What they tell of a call is read from its committed events. */
export interface Tracing {
  /** A call came in, with what its agent gave beside the arguments. */
  received(callId: CallId, meta: JsonObject): void;
  /**
   * A call's `_meta` as its server gets it: with the trace context of this very sending, where traces are recorded.
   * Otherwise what the agent gave goes on as it is.
   */
  upstreamMeta(sending: { readonly callId: CallId; readonly rpcId: string }, meta: JsonObject): JsonObject;
}

export const noTracing: Tracing = { received: () => {}, upstreamMeta: (_sending, meta) => meta };
