'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useDeferredValue, useEffect, useMemo, useState } from 'react';
import type { SessionsFilter, SessionsPage, SessionsShow } from '@/components/session/SessionsScreen';
import { useNow } from '@/components/ui/use-now';
import { useClockOffset, useLive, useLivePart, useSessions } from '../hooks';
import { noSessions, type SessionsState } from '../state/sessions';
import { screenLine } from './line-words';

const SessionsScreen = dynamic(
  () => import('@/components/session/SessionsScreen').then((file) => file.SessionsScreen),
  { ssr: false },
);

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
  // The navigation counts what lives: leaves the list as it needs it.
  useEffect(() => () => live.listing.open(noSessions.look), [live]);
  return (
    <SessionsScreen
      page={page}
      filter={filter}
      now={useNow(clockOffsetMs)}
      line={screenLine(line, clockOffsetMs)}
      onFilter={setFilter}
      onMore={() => live.listing.more()}
      onRetry={() => live.listing.resync()}
    />
  );
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
