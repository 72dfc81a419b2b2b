import { createHash } from 'node:crypto';
import type { CallId, RequestId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';

/**
 * Where a call stands in a trace. Every id is made from the call's own, so that another life of ours tells the same
 * spans: a call that outlives its process is still one trace, and its server keeps the parent it was given.
 */
export interface CallTrace {
  /** 32 hex digits. */
  readonly traceId: string;
  /** The agent's span; null when it gave none. */
  readonly parentId: string | null;
  /** Whether the agent records; null when it did not say. */
  readonly sampled: boolean | null;
  /** The `tracestate` that came with it. */
  readonly state: string | null;
}

/** `00-<trace>-<parent>-<flags>`, and later versions that begin alike (W3C Trace Context). */
const traceParent = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const longestState = 512;
const printable = /^[\x20-\x7e]*$/;

/** The trace of a call from the `_meta` of its agent; what cannot be read counts as not given. */
export function callTraceOf(callId: CallId, meta: JsonObject): CallTrace {
  const given = meta['traceparent'];
  const found = typeof given === 'string' ? traceParent.exec(given) : null;
  const [, traceId, parentId, flags, more] = found ?? [];
  const isRead = traceId !== undefined && parentId !== undefined && flags !== undefined;
  // Version 00 has no further parts.
  if (!isRead || (more !== undefined && typeof given === 'string' && given.startsWith('00')))
    return { traceId: hex(`trace ${callId}`, 32), parentId: null, sampled: null, state: null };
  const state = meta['tracestate'];
  const isState = typeof state === 'string' && state.length <= longestState && printable.test(state) && state !== '';
  return { traceId, parentId, sampled: (Number.parseInt(flags, 16) & 1) === 1, state: isState ? state : null };
}

/** What a span of a call stands for. */
export type SpanKey =
  | { readonly of: 'call'; readonly id: CallId }
  /** One sending; a call that went again has several. */
  | { readonly of: 'send'; readonly id: string }
  | { readonly of: 'human wait' | 'model'; readonly id: RequestId };

/** 16 hex digits, the same in every life. */
export function spanIdOf({ of, id }: SpanKey): string {
  return hex(`${of} ${id}`, 16);
}

export function traceParentOf(at: { readonly traceId: string; readonly spanId: string }, sampled: boolean): string {
  return `00-${at.traceId}-${at.spanId}-${sampled ? '01' : '00'}`;
}

function hex(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}
