import type { CallId, RequestId } from './ids';
import type { Json } from './json';
import type { Allowed } from './request-detail';

/** What was said with a call, apart from its events. */
export type BodyOf = 'arguments' | 'edited' | 'result' | 'answer';

export interface CallBody {
  readonly of: BodyOf;
  /** Whose answer it is; null for the call's own. */
  readonly requestId: RequestId | null;
  /** "Arguments", or what was asked. */
  readonly title: string;
  readonly kept: /** Masked (I14). */
    | { readonly is: 'kept'; readonly value: Json }
    | { readonly is: 'purged'; readonly at: number; readonly afterMs: number }
    /** There was none, or there is none yet. */
    | { readonly is: 'none' };
}

export interface CallBodies {
  readonly callId: CallId;
  readonly server: string;
  readonly tool: string;
  readonly bodies: readonly CallBody[];
  readonly reveal: Allowed;
}

/** Which value an admin wants to see as it is, and why. */
export interface RevealOrder {
  readonly callId: CallId;
  readonly of: BodyOf;
  readonly requestId: RequestId | null;
  /** JSON Pointer; empty for the whole. */
  readonly path: string;
  readonly reason: string;
}

export const revealReasonMost = 500;
