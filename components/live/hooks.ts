'use client';

import { createContext, startTransition, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { RequestId, SessionId } from '@/lib/domain/ids';
import type { CommandOf } from '@/lib/protocol/commands';
import type { ReplyOf } from '@/lib/protocol/replies';
import type { Live } from './live';
import type { DetailState } from './state/details';
import type { Draft } from './state/drafts';
import { type Failure, failureOf } from './state/failure';
import type { LiveState } from './state/live-state';
import type { QueueState } from './state/queue';
import type { RawView } from './state/raw';
import type { SessionsLook, SessionsState } from './state/sessions';
import type { WatchedSession } from './state/watched';
import type { Send } from './wire';

/** The page's live part; the desk's container gives it. */
export const LiveContext = createContext<Live | null>(null);

export function useLivePart(): Live {
  const live = useContext(LiveContext);
  if (live === null) throw new Error('There is no live part around this component.');
  return live;
}

/** A part of the state; `select` must give the same object for the same content. */
export function useLive<T>(select: (state: LiveState) => T): T {
  return useStore(useLivePart().store.api, select);
}

/**
 * As `useLive`, for what comes in bursts and is much to draw: it is drawn in pieces, and what a person does goes
 * first. Another status is drawn at once. `select` is to stay the same function.
 */
function useLiveLater<T extends { readonly status: string }>(select: (state: LiveState) => T | null): T | null {
  const { api } = useLivePart().store;
  const [shown, setShown] = useState(() => ({ value: select(api.getState()) }));
  useEffect(() => {
    let known: { readonly value: T | null } | null = null;
    const look = (state: LiveState): void => {
      const value = select(state);
      const before = known;
      if (before !== null && before.value === value) return;
      known = { value };
      const show = (): void => setShown((old) => (old.value === value ? old : { value }));
      if (before === null || before.value?.status !== value?.status) show();
      else startTransition(show);
    };
    look(api.getState());
    return api.subscribe(look);
  }, [api, select]);
  return shown.value;
}

/** Says one command and gives its reply; `offline` when none came. */
export function useCommand(): Send {
  return useLivePart().send;
}

/** The server's clock minus this browser's. */
export function useClockOffset(): number {
  return useLive((state) => state.clockOffsetMs);
}

export function useQueue(): QueueState {
  return useLive((state) => state.queue);
}

/** The requests that hold text of this person. The same set until one is added or goes. */
export function useDrafted(): ReadonlySet<string> {
  const drafts = useLive((state) => state.drafts);
  const ids = [...drafts]
    .filter(([, draft]) => draft.text !== null)
    .map(([id]) => id)
    .sort()
    .join(' ');
  return useMemo(() => new Set(ids === '' ? [] : ids.split(' ')), [ids]);
}

export interface ShownRequest {
  readonly detail: DetailState | null;
  readonly draft: Draft | null;
}

/** Shows one request: reads it, keeps it fresh and tells the others who looks. */
export function useRequest(requestId: RequestId): ShownRequest {
  const live = useLivePart();
  useEffect(() => {
    const close = live.reading.open(requestId);
    const leave = live.attending.open(requestId);
    return () => {
      close();
      leave();
    };
  }, [live, requestId]);
  const detail = useLive((state) => state.details.get(requestId) ?? null);
  const draft = useLive((state) => state.drafts.get(requestId) ?? null);
  return { detail, draft };
}

/** Watches one session; null until the first look. */
export function useSession(sessionId: SessionId): WatchedSession | null {
  const live = useLivePart();
  useEffect(() => live.watching.open(sessionId), [live, sessionId]);
  const select = useCallback((state: LiveState) => state.watched.get(sessionId) ?? null, [sessionId]);
  return useLiveLater(select);
}

/** The raw messages of a session, once its view was opened. */
export function useRaw(sessionId: SessionId, view: 'open' | 'closed'): RawView | null {
  const live = useLivePart();
  useEffect(() => (view === 'open' ? live.watching.openRaw(sessionId) : undefined), [live, sessionId, view]);
  const select = useCallback((state: LiveState) => state.raw.get(sessionId) ?? null, [sessionId]);
  return useLiveLater(select);
}

/** The list of sessions as `look` wants it; asked anew when its bounds are another object. */
export function useSessions(look: SessionsLook): SessionsState {
  const live = useLivePart();
  const { live: isLive, search, bounds = null } = look;
  useEffect(() => live.listing.open({ live: isLive, search, bounds }), [live, isLive, search, bounds]);
  return useLive((state) => state.sessions);
}

/** What a page of plain rows reads when it opens, and again when the line comes back. */
export type Listed<T> =
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly failure: Failure }
  | { readonly status: 'ready'; readonly value: T };

export type ListType = 'servers.list' | 'agents.list' | 'people.list';

export function useListed<T extends ListType>(
  type: T,
): { readonly listed: Listed<ReplyOf[T]>; readonly again: () => void } {
  const live = useLivePart();
  const isOnline = useLive((state) => state.line.state === 'online');
  const [round, setRound] = useState(0);
  const [listed, setListed] = useState<Listed<ReplyOf[T]>>({ status: 'loading' });
  useEffect(() => {
    if (!isOnline) return;
    let state: 'wanted' | 'left' = 'wanted';
    const command: { readonly type: ListType } = { type };
    void live.read(command as CommandOf<T>).then((reply) => {
      if (state === 'left' || reply === null) return;
      setListed(
        reply.ok
          ? { status: 'ready', value: reply.value as ReplyOf[T] }
          : { status: 'failed', failure: failureOf(reply) },
      );
    });
    return () => {
      state = 'left';
    };
  }, [live, type, isOnline, round]);
  const again = useCallback(() => setRound((before) => before + 1), []);
  return { listed, again };
}
