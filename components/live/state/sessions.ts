import type { SessionId } from '@/lib/domain/ids';
import type { SessionNarrowing } from '@/lib/domain/session-query';
import type { SessionSummary } from '@/lib/domain/summary';
import type { Failure } from './failure';

/** Bounds beyond these two. Judged by who sets them, so that every page does not carry how. */
export interface Bounds {
  /** The same text for the same bounds. */
  readonly key: string;
  readonly narrow: SessionNarrowing;
  readonly admits: (summary: SessionSummary) => boolean;
}

/** What the list of sessions is asked for. */
export interface SessionsLook {
  /** Null: whether they live or not. */
  readonly live: boolean | null;
  readonly search: string;
  readonly bounds?: Bounds | null;
}

export interface Place {
  readonly startedAt: number;
  readonly sessionId: SessionId;
}

export interface SessionsState {
  readonly status: 'idle' | 'loading' | 'ready' | 'failed';
  readonly failure: Failure | null;
  readonly look: SessionsLook;
  readonly summaries: ReadonlyMap<SessionId, SessionSummary>;
  /** What the look lets through, newest first. */
  readonly list: readonly SessionSummary[];
  /** How far back pages were read; null when nothing older is left. */
  readonly floor: Place | null;
}

export const noSessions: SessionsState = {
  status: 'idle',
  failure: null,
  look: { live: true, search: '' },
  summaries: new Map(),
  list: [],
  floor: null,
};

export function sameLook(a: SessionsLook, b: SessionsLook): boolean {
  return a.live === b.live && a.search.trim() === b.search.trim() && a.bounds?.key === b.bounds?.key;
}
