'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import { memo, type ReactNode, Suspense, useEffect, useMemo, useState } from 'react';
import type { Connection } from '@/components/shell/shell-props';
import { Shell } from '@/components/shell/Shell';
import type { Person } from '@/lib/domain/permission';
import { useLive, useLivePart } from '../hooks';
import type { SavedView } from '@/lib/protocol/command/me';
import type { Line } from '../state/line';
import { noSessions, sameLook, type SessionsState } from '../state/sessions';
import { DeskOpening } from './DeskOpening';
import { LiveProvider } from './LiveProvider';
import { signOut } from './sign-out';
import { useNotices } from './use-notices';
import { lazily } from '@/components/ui/lazily';

const StopEverything = lazily(() => import('./StopEverything').then((file) => file.StopEverything));
const AuditBanner = lazily(() => import('./AuditBanner').then((file) => file.AuditBanner));
const PauseBanner = lazily(() => import('./PauseBanner').then((file) => file.PauseBanner));

/** The frame of every page of the desk, on live data. The HTML holds none of it. */
export function DeskContainer({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <LiveProvider>
      <Suspense fallback={<DeskOpening connection={{ state: 'connecting' }} onRetry={null} />}>
        <Desk>{children}</Desk>
      </Suspense>
    </LiveProvider>
  );
}

function Desk({ children }: { readonly children: ReactNode }): ReactNode {
  const live = useLivePart();
  const person = useLive((state) => state.person);
  const line = useLive((state) => state.line);
  const path = usePath();
  useDoor(line, path);
  const connection = useMemo(() => connectionOf(line), [line]);
  if (person === null) return <DeskOpening connection={connection} onRetry={() => live.retry()} />;
  return (
    <PersonsDesk person={person} connection={connection} path={framePath(path)}>
      {children}
    </PersonsDesk>
  );
}

interface PersonsDeskProps {
  readonly person: Person;
  readonly connection: Connection;
  readonly path: string;
  readonly children: ReactNode;
}

/** Drawn anew for what the frame shows, not for each request that is opened. */
const PersonsDesk = memo(function PersonsDesk({ person, connection, path, children }: PersonsDeskProps): ReactNode {
  const live = useLivePart();
  const storageOk = useLive((state) => state.storageOk);
  const counts = useLive((state) => state.queue.counts);
  const views = useLive((state) => state.views);
  useEffect(() => live.views.want(), [live]);
  useNotices(live);
  const liveSessions = useLiveSessions();
  const [stopping, setStopping] = useState<'open' | 'closed'>('closed');
  const isBroken = useLive((state) => state.auditBroken !== null);
  const isPaused = useLive((state) => state.pauses.pauses.length > 0);
  return (
    <Shell
      person={person}
      counts={{ ...counts, liveSessions }}
      connection={connection}
      storage={storageOk ? 'ok' : 'away'}
      path={path}
      views={views ?? noViews}
      onSaveViews={async (all) => {
        const reply = await live.views.save(all);
        return reply.ok ? null : reply.message;
      }}
      onFind={(text) =>
        import('./find-requests').then(({ findRequests }) => findRequests(live, text)).catch(() => null)
      }
      onStopEverything={person.role === 'admin' ? () => setStopping('open') : null}
      notice={
        <>
          {isBroken ? <AuditBanner /> : null}
          {isPaused ? <PauseBanner /> : null}
        </>
      }
      onSignOut={() => void signOut(live)}
      onRetry={() => live.retry()}
    >
      {children}
      {stopping === 'closed' ? null : (
        <StopEverything liveSessions={liveSessions} onClose={() => setStopping('closed')} />
      )}
    </Shell>
  );
});

/** The frame is the same for every request of the queue. */
function framePath(path: string): string {
  return path.replace(/^\/queue\/[^?]+/, '/queue/-');
}

const noViews: readonly SavedView[] = [];

/** How many sessions live, as far as the list was read. */
function useLiveSessions(): number {
  const live = useLivePart();
  useEffect(() => live.listing.openIfNone(noSessions.look), [live]);
  // The number, not the list: that changes with every event of any session.
  return useLive(({ sessions }) => liveIn(sessions));
}

function liveIn({ look, list, summaries }: SessionsState): number {
  if (sameLook(look, noSessions.look)) return list.length;
  let count = 0;
  for (const { session } of summaries.values()) if (session.state !== 'ended') count += 1;
  return count;
}

function usePath(): string {
  const path = usePathname();
  const query = useSearchParams().toString();
  return query === '' ? path : `${path}?${query}`;
}

/** Whoever is not signed in goes to the door, and comes back to this page. */
function useDoor(line: Line, path: string): void {
  const code = line.state === 'refused' ? line.code : null;
  useEffect(() => {
    if (code === 'not_signed_in') window.location.replace(`/sign-in?next=${encodeURIComponent(path)}`);
    // What is on screen belongs to someone else.
    if (code === 'other_person') window.location.reload();
  }, [code, path]);
}

function connectionOf(line: Line): Connection {
  switch (line.state) {
    case 'connecting':
    case 'online':
      return { state: line.state };
    case 'offline':
      return { state: 'offline', sinceAt: line.sinceAt };
    case 'refused':
      return line.code === 'not_signed_in' ? { state: 'connecting' } : { state: 'offline', sinceAt: line.sinceAt };
    case 'old':
      return { state: 'old_page' };
  }
}
