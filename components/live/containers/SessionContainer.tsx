'use client';

import dynamic from 'next/dynamic';
import { usePathname } from 'next/navigation';
import { type ReactNode, useMemo, useState } from 'react';
import { aboutHref } from '@/components/admin/audit/audit-query';
import type { RawPage } from '@/components/session/raw/RawPane';
import type { SessionPage } from '@/components/session/SessionScreen';
import { useNow } from '@/components/ui/use-now';
import { readId, type SessionId } from '@/lib/domain/ids';
import { noPauses, type Pause, pausesOfSession } from '@/lib/domain/pause';
import { may, type Person } from '@/lib/domain/permission';
import { whyNot } from '@/lib/domain/why-not';
import { useClockOffset, useLive, useLivePart, useRaw, useSession } from '../hooks';
import type { RawView } from '../state/raw';
import { missingOf, type WatchedSession } from '../state/watched';
import { CancelCall } from './CancelCall';
import { CallBodiesContainer } from './CallBodiesContainer';
import { EndContainer } from './EndContainer';
import { screenLine } from './line-words';

const SessionScreen = dynamic(() => import('@/components/session/SessionScreen').then((file) => file.SessionScreen), {
  ssr: false,
});

/** One session; which one is read from the address. */
export function SessionContainer(): ReactNode {
  const chosen = usePathname().split('/')[2] ?? '';
  const sessionId = readId('session', chosen);
  const person = useLive((state) => state.person);
  if (person === null) return null;
  if (sessionId === null) return <NoSession person={person} text={chosen} />;
  return <Session key={sessionId} sessionId={sessionId} person={person} />;
}

function Session({ sessionId, person }: { readonly sessionId: SessionId; readonly person: Person }): ReactNode {
  const live = useLivePart();
  const watched = useSession(sessionId);
  const [rawView, setRawView] = useState<'open' | 'closed'>('closed');
  const raw = useRaw(sessionId, rawView);
  const [ending, setEnding] = useState<'open' | 'closed'>('closed');
  const line = useLive((state) => state.line);
  const clockOffsetMs = useClockOffset();
  const now = useNow(clockOffsetMs);
  const page = useMemo(() => pageOf(watched), [watched]);
  const paused = useLive((state) => state.pauses);
  return (
    <>
      <SessionScreen
        sessionId={sessionId}
        page={page}
        now={now}
        line={screenLine(line, clockOffsetMs)}
        endRefusal={whyNot(person.role, 'session.end')}
        auditHref={may(person.role, 'audit.read') ? aboutHref(sessionId) : null}
        raw={rawPageOf(raw, rawView)}
        pauses={pausesAt(page, paused.pauses, now)}
        callActions={(lane) => <CancelCall sessionId={sessionId} lane={lane} />}
        onLoadRaw={() => {
          if (rawView === 'open') void live.watching.when(async (part) => part.readOlderRaw(sessionId));
          setRawView('open');
        }}
        callBodies={(callId) => <CallBodiesContainer callId={callId} />}
        onShow={async (place) => {
          await live.watching.when((part) => part.show(sessionId, place));
          return live.store.state.watched.get(sessionId)?.timeline ?? null;
        }}
        onFind={(look) => live.watching.when((part) => part.find(sessionId, look))}
        onEnd={() => setEnding('open')}
        onRetry={() => live.watching.read(sessionId)}
      />
      {ending === 'closed' || watched === null ? null : (
        <EndContainer sessionId={sessionId} timeline={watched.timeline} now={now} onClose={() => setEnding('closed')} />
      )}
    </>
  );
}

/** An address that is no session's reads as one that is not there. */
function NoSession({ person, text }: { readonly person: Person; readonly text: string }): ReactNode {
  const nothing = (): void => undefined;
  return (
    <SessionScreen
      sessionId={text as SessionId}
      page={{ is: 'not_found' }}
      now={0}
      line={{ is: 'online' }}
      endRefusal={whyNot(person.role, 'session.end')}
      auditHref={null}
      raw={{ is: 'closed' }}
      pauses={noPauses.pauses}
      callActions={() => null}
      onLoadRaw={nothing}
      callBodies={() => null}
      onShow={async () => null}
      onFind={async () => null}
      onEnd={nothing}
      onRetry={nothing}
    />
  );
}

function pausesAt(page: SessionPage, pauses: readonly Pause[], now: number): readonly Pause[] {
  if (page.is !== 'ready' || page.summary.session.state === 'ended') return noPauses.pauses;
  const { session, servers } = page.summary;
  return pausesOfSession(pauses, { agentId: session.agent.id, servers }, now);
}

function pageOf(watched: WatchedSession | null): SessionPage {
  if (watched === null || watched.status === 'reading') return { is: 'loading' };
  if (watched.status === 'failed' || watched.summary === null) {
    if (watched.failure?.code === 'not_found') return { is: 'not_found' };
    if (watched.failure?.code === 'purged') return { is: 'purged', message: watched.failure.words };
    return { is: 'failed', message: watched.failure?.words ?? '' };
  }
  return { is: 'ready', summary: watched.summary, timeline: watched.timeline, missing: missingOf(watched) };
}

function rawPageOf(raw: RawView | null, view: 'open' | 'closed'): RawPage {
  if (view === 'closed') return { is: 'closed' };
  if (raw === null || (raw.status === 'reading' && raw.messages.length === 0)) return { is: 'loading' };
  if (raw.status === 'failed') return { is: 'refused', message: raw.failure?.words ?? '' };
  const loaded = raw.older === 'none' ? 'all' : 'part';
  return { is: 'ready', messages: raw.messages, loaded, purge: raw.purge };
}
