'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { goWithin, moveWithin, useAddress } from '@/components/queue/address';
import {
  filterHref,
  narrowingOf,
  readFilter,
  type SessionsFilter,
  type SessionsShow,
} from '@/components/session/session-filter';
import type { SessionPicking, SessionsPage } from '@/components/session/SessionsScreen';
import { useLatest } from '@/components/ui/use-latest';
import { useNow } from '@/components/ui/use-now';
import type { EndSelection } from '@/lib/domain/end-many';
import type { EndingId, SessionId } from '@/lib/domain/ids';
import { may } from '@/lib/domain/permission';
import { isWithin, type SessionCounts, type SessionNarrowing, type SessionPicks } from '@/lib/domain/session-query';
import type { CommandOf } from '@/lib/protocol/commands';
import type { ReplyOf } from '@/lib/protocol/replies';
import { useClockOffset, useLive, useLivePart, useSessions } from '../hooks';
import type { Live } from '../live';
import { type Bounds, noSessions, type SessionsState } from '../state/sessions';
import { screenLine } from './line-words';

const SessionsScreen = dynamic(
  () => import('@/components/session/SessionsScreen').then((file) => file.SessionsScreen),
  { ssr: false },
);

const EndManyContainer = dynamic(() => import('./EndManyContainer').then((file) => file.EndManyContainer), {
  ssr: false,
});

const EndingNotices = dynamic(() => import('./EndingNoticesContainer').then((file) => file.EndingNoticesContainer), {
  ssr: false,
});

const isLive: { readonly [S in SessionsShow]: boolean | null } = { all: null, live: true, ended: false };
const searchAfterMs = 250;
/** Time alone turns busy into slow, and nobody tells of it. */
const lookAgainMs = 10_000;

export function SessionsContainer(): ReactNode {
  const live = useLivePart();
  const { filter, onFilter } = useFilter();
  const clockOffsetMs = useClockOffset();
  const now = useNow(clockOffsetMs);
  const search = useSettled(filter.search);
  const bounds = useBounds(live, filter);
  const sessions = useSessions({ live: isLive[filter.show], search, bounds });
  const line = useLive((state) => state.line);
  const page = useDeferredValue(useMemo(() => pageOf(sessions), [sessions]));
  const counts = useCounts(bounds.narrow, search);
  const picks = usePicks();
  const { pauses } = useLive((state) => state.pauses);
  const [ending, setEnding] = useState<EndSelection | null>(null);
  const { picking, onNone } = usePicking({ live: isLive[filter.show], search, narrow: bounds.narrow }, setEnding);
  const [seen, setSeen] = useState(noneSeen);
  const onSeen = useCallback((id: EndingId) => setSeen((before) => new Set([...before, id])), []);
  // The navigation counts what lives: leaves the list as it needs it.
  useEffect(() => () => live.listing.open(noSessions.look), [live]);
  useAgain(() => {
    if (filter.moods.length > 0) live.listing.resync();
  });
  return (
    <>
      <SessionsScreen
        page={page}
        filter={filter}
        counts={counts}
        picks={picks}
        now={now}
        line={screenLine(line, clockOffsetMs)}
        picking={picking}
        pauses={pauses}
        notices={picking === null ? null : <EndingNotices seen={seen} onSeen={onSeen} />}
        onFilter={onFilter}
        onMore={() => live.listing.more()}
        onRetry={() => live.listing.resync()}
      />
      {ending === null ? null : (
        <EndManyContainer
          selection={ending}
          onOrdered={onNone}
          onClose={(last) => {
            setEnding(null);
            if (last !== null && last.endedAt !== null) onSeen(last.endingId);
          }}
        />
      )}
    </>
  );
}

const noneYet: ReadonlySet<SessionId> = new Set();
const noneSeen: ReadonlySet<EndingId> = new Set();

/** Choosing sessions to be ended together; of what the filter finds, all that live, loaded or not. */
function usePicking(
  found: { readonly live: boolean | null; readonly search: string; readonly narrow: SessionNarrowing },
  end: (selection: EndSelection) => void,
): { readonly picking: SessionPicking | null; readonly onNone: () => void } {
  const person = useLive((state) => state.person);
  const [picked, setPicked] = useState<ReadonlySet<SessionId>>(noneYet);
  const onPick = useCallback((ids: readonly SessionId[], to: 'picked' | 'left'): void => {
    setPicked((before) => {
      const next = new Set(before);
      for (const id of ids)
        if (to === 'picked') next.add(id);
        else next.delete(id);
      return next;
    });
  }, []);
  const onNone = useCallback(() => setPicked(noneYet), []);
  const mayEnd = person !== null && may(person.role, 'session.end');
  const picking: SessionPicking = {
    picked,
    onPick,
    onEnd: () => end({ sessionIds: [...picked], live: null, search: null, narrow: null }),
    // The very question that the list is the answer of.
    onEndFiltered: () => end({ ...found, sessionIds: null, search: found.search === '' ? null : found.search }),
  };
  return { picking: mayEnd ? picking : null, onNone };
}

/** The filter is the address's; what is being typed is shown before it gets there. */
function useFilter(): { readonly filter: SessionsFilter; readonly onFilter: (filter: SessionsFilter) => void } {
  const query = useAddress().split('?')[1] ?? '';
  const inAddress = useMemo(() => readFilter(new URLSearchParams(query)), [query]);
  const [typed, setTyped] = useState<string | null>(null);
  const filter = useMemo(() => (typed === null ? inAddress : { ...inAddress, search: typed }), [inAddress, typed]);
  const onFilter = useCallback(
    (next: SessionsFilter) => {
      setTyped(next.search);
      const isTyping = filterHref({ ...next, search: '' }) === filterHref({ ...inAddress, search: '' });
      (isTyping ? moveWithin : goWithin)(filterHref(next));
    },
    [inAddress],
  );
  // Back and forward bring the text of their address.
  useEffect(() => {
    const back = (): void => setTyped(null);
    window.addEventListener('popstate', back);
    return () => window.removeEventListener('popstate', back);
  }, []);
  return { filter, onFilter };
}

/** The same object until the bounds are others. */
function useBounds(live: Live, filter: SessionsFilter): Bounds {
  const key = filterHref({ ...filter, show: 'all', search: '' });
  return useMemo(() => boundsOf(live, key), [live, key]);
}

/** The bounds that an address sets, as of now. */
function boundsOf(live: Live, key: string): Bounds {
  const now = (): number => Date.now() + live.store.state.clockOffsetMs;
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const narrow = narrowingOf(readFilter(new URLSearchParams(key.split('?')[1] ?? '')), { timeZone, now: now() });
  return { key, narrow, admits: (summary) => isWithin(summary, narrow, now()) };
}

/** The counts beside the filters, by the server; looked at again while the page is seen. */
function useCounts(narrow: SessionNarrowing, search: string): SessionCounts | null {
  const command = useMemo(
    () => ({ type: 'sessions.counts', search: search === '' ? null : search, narrow }) as const,
    [narrow, search],
  );
  return useReply(command);
}

function usePicks(): SessionPicks | null {
  return useReply(picksCommand);
}

const picksCommand = { type: 'sessions.picks' } as const;

/** The last reply; it stays while another is on its way. */
function useReply<T extends 'sessions.counts' | 'sessions.picks'>(command: CommandOf<T>): ReplyOf[T] | null {
  const live = useLivePart();
  const isOnline = useLive((state) => state.line.state === 'online');
  const [reply, setReply] = useState<ReplyOf[T] | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (!isOnline) return;
    let state: 'wanted' | 'left' = 'wanted';
    void live.read(command).then((found) => {
      if (state === 'wanted' && found?.ok === true) setReply(found.value as ReplyOf[T]);
    });
    return () => {
      state = 'left';
    };
  }, [live, isOnline, command, round]);
  useAgain(() => setRound((before) => before + 1));
  return reply;
}

/** Runs again and again while the page is seen. */
function useAgain(run: () => void): void {
  const latest = useLatest(run);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') latest.current?.();
    }, lookAgainMs);
    return () => clearInterval(timer);
  }, [latest]);
}

/** A text once it is no longer being typed. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), text === '' ? 0 : searchAfterMs);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

function pageOf(sessions: SessionsState): SessionsPage {
  switch (sessions.status) {
    case 'idle':
    case 'loading':
      return { is: 'loading' };
    case 'failed':
      return { is: 'failed', message: sessions.failure?.words ?? '' };
    case 'ready':
      return { is: 'ready', sessions: sessions.list, more: sessions.floor === null ? 'all' : 'part' };
  }
}
