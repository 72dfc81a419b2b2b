'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import Archive from 'lucide-react/icons/archive';
import Lock from 'lucide-react/icons/lock';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { SessionPauses } from '@/components/pause/SessionPauses';
import { OfflineLine } from '@/components/ui/OfflineLine';
import { EmptyState } from '@/components/ui/EmptyState';
import type { CallId, SessionId } from '@/lib/domain/ids';
import type { Pause } from '@/lib/domain/pause';
import type { SessionSummary } from '@/lib/domain/summary';
import type { Timeline } from '@/lib/domain/timeline';
import type { EventLook } from '@/lib/domain/timeline/find';
import type { Lane } from '@/lib/domain/timeline/lane-model';
import { clockTime } from '@/lib/domain/timeline/time-words';
import type { RawPage } from './raw/RawPane';
import { type EndChoice, SessionBar } from './SessionBar';
import { SessionReady } from './SessionReady';
import { SessionSkeleton } from './SessionSkeleton';

export type SessionPage =
  | { readonly is: 'loading' }
  | { readonly is: 'not_found' }
  | { readonly is: 'purged'; readonly message: string }
  | { readonly is: 'failed'; readonly message: string }
  | {
      readonly is: 'ready';
      readonly summary: SessionSummary;
      readonly timeline: Timeline;
      /** How many of its events are still being read. */
      readonly missing: number;
    };

/** What is to be read ahead of what lies between. */
export type ShownPlace = { readonly is: 'around'; readonly seq: number } | { readonly is: 'at'; readonly at: number };

/** The line to the server; `shownAt` is the instant the page shows. */
export type Line = { readonly is: 'online' } | { readonly is: 'offline'; readonly sinceAt: number };

export interface SessionScreenProps {
  readonly sessionId: SessionId;
  readonly page: SessionPage;
  /** The server's clock, to the second. */
  readonly now: number;
  readonly line: Line;
  /** Why this person may not end sessions, in the server's words; null when they may. */
  readonly endRefusal: string | null;
  /** Where the audit log tells of it; null for who may not read that. */
  readonly auditHref: string | null;
  readonly raw: RawPage;
  /** Of its agent and its servers, in force now. */
  readonly pauses: readonly Pause[];
  /** What can be done with the chosen call. */
  readonly callActions: (lane: Lane) => ReactNode;
  /** The raw tab was opened, or more of it is wanted. */
  readonly onLoadRaw: () => void;
  /** The session with the events there, as far as they can be had; null when it is not there any more. */
  readonly onShow: (place: ShownPlace) => Promise<Timeline | null>;
  /** Has the events searched that are not read yet; how many match in all, null when that cannot be said. */
  readonly onFind: (look: EventLook) => Promise<number | null>;
  /** A call's arguments and result, read when they are asked for. */
  readonly callBodies: (callId: CallId) => ReactNode;
  readonly onEnd: () => void;
  readonly onRetry: () => void;
}

export function SessionScreen(props: SessionScreenProps): ReactNode {
  const { sessionId, page, now, line } = props;
  return (
    <div className="main s-page">
      <SessionBar
        sessionId={sessionId}
        end={endChoice(props)}
        report={page.is === 'ready' ? 'some' : 'none'}
        auditHref={page.is === 'not_found' ? null : props.auditHref}
        onEnd={props.onEnd}
      />
      {line.is === 'offline' ? (
        <OfflineLine>Showing {clockTime(line.sinceAt)}. It catches up by itself.</OfflineLine>
      ) : null}
      <SessionPauses pauses={props.pauses} now={now} />
      <Page {...props} page={page} />
    </div>
  );
}

function endChoice({ page, line, endRefusal }: SessionScreenProps): EndChoice {
  if (page.is !== 'ready' || page.summary.session.state === 'ended') return { is: 'over' };
  if (endRefusal !== null) return { is: 'blocked', why: endRefusal };
  if (line.is === 'offline') return { is: 'blocked', why: 'You are offline.' };
  return { is: 'possible' };
}

function Page(props: SessionScreenProps): ReactNode {
  const { page, onRetry } = props;
  switch (page.is) {
    case 'loading':
      return <SessionSkeleton />;
    case 'not_found':
      return (
        <EmptyState
          icon={Lock}
          title="This session is not here"
          actions={
            <Link className="btn" href="/sessions">
              Back to the sessions
            </Link>
          }
        >
          It may have been purged after its retention, or it is not yours to see.
        </EmptyState>
      );
    case 'purged':
      return (
        <EmptyState
          icon={Archive}
          title={page.message}
          actions={
            <Link className="btn" href="/sessions">
              Back to the sessions
            </Link>
          }
        >
          The events of this session were kept as long as the settings say, and are gone. What the audit log has of it
          stays there.
        </EmptyState>
      );
    case 'failed':
      return (
        <EmptyState
          icon={TriangleAlert}
          title="The session could not be loaded"
          actions={
            <button type="button" className="btn" onClick={onRetry}>
              Try again
            </button>
          }
        >
          {page.message}
        </EmptyState>
      );
    case 'ready':
      return (
        <SessionReady
          {...props}
          now={props.line.is === 'offline' ? props.line.sinceAt : props.now}
          summary={page.summary}
          timeline={page.timeline}
          missing={page.missing}
        />
      );
  }
}
