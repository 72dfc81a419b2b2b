'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react';
import type { SessionPicking, SessionsFilter, SessionsPage, SessionsShow } from '@/components/session/SessionsScreen';
import { useNow } from '@/components/ui/use-now';
import type { EndSelection } from '@/lib/domain/end-many';
import type { SessionId } from '@/lib/domain/ids';
import { may } from '@/lib/domain/permission';
import { notNarrowed } from '@/lib/domain/session-query';
import { useClockOffset, useLive, useLivePart, useSessions } from '../hooks';
import { noSessions, type SessionsState } from '../state/sessions';
import { screenLine } from './line-words';

const SessionsScreen = dynamic(
  () => import('@/components/session/SessionsScreen').then((file) => file.SessionsScreen),
  { ssr: false },
);

const EndManyContainer = dynamic(() => import('./EndManyContainer').then((file) => file.EndManyContainer), {
  ssr: false,
});

const isLive: { readonly [S in SessionsShow]: boolean | null } = { all: null, live: true, ended: false };
const searchAfterMs = 250;

export function SessionsContainer(): ReactNode {
  const live = useLivePart();
  const [filter, setFilter] = useState<SessionsFilter>({ show: 'all', mood: 'all', search: '' });
  const search = useSettled(filter.search);
  const sessions = useSessions({ live: isLive[filter.show], search });
  const clockOffsetMs = useClockOffset();
  const line = useLive((state) => state.line);
  const page = useDeferredValue(useMemo(() => pageOf(sessions), [sessions]));
  const person = useLive((state) => state.person);
  const [picked, setPicked] = useState<ReadonlySet<SessionId>>(noneYet);
  const [ending, setEnding] = useState<EndSelection | null>(null);
  const onPick = useCallback((ids: readonly SessionId[], to: 'picked' | 'left'): void => {
    setPicked((before) => {
      const next = new Set(before);
      for (const id of ids)
        if (to === 'picked') next.add(id);
        else next.delete(id);
      return next;
    });
  }, []);
  const mayEnd = person !== null && may(person.role, 'session.end');
  const picking: SessionPicking | null = mayEnd
    ? {
        picked,
        onPick,
        onEnd: () => setEnding({ sessionIds: [...picked], search: null, narrow: null }),
        onEndFiltered: () => setEnding(selectionOf(filter)),
      }
    : null;
  // The navigation counts what lives: leaves the list as it needs it.
  useEffect(() => () => live.listing.open(noSessions.look), [live]);
  return (
    <>
      <SessionsScreen
        page={page}
        filter={filter}
        now={useNow(clockOffsetMs)}
        line={screenLine(line, clockOffsetMs)}
        picking={picking}
        onFilter={setFilter}
        onMore={() => live.listing.more()}
        onRetry={() => live.listing.resync()}
      />
      {ending === null ? null : (
        <EndManyContainer selection={ending} onOrdered={() => setPicked(noneYet)} onClose={() => setEnding(null)} />
      )}
    </>
  );
}

const noneYet: ReadonlySet<SessionId> = new Set();

/** What the filters say, for all that live: also of those that were not loaded. */
function selectionOf({ mood, search }: SessionsFilter): EndSelection {
  const narrow = mood === 'all' ? null : { ...notNarrowed, moods: [mood] };
  return { sessionIds: null, search: search === '' ? null : search, narrow };
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
