'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { clockTimeFrom } from '@/components/ui/time-words';
import { useNow } from '@/components/ui/use-now';
import { visibleText } from '@/components/ui/visible-text';
import { aboutHref } from '@/components/admin/audit/audit-query';
import { may } from '@/lib/domain/permission';
import { historyLine } from './history-words';
import type { RequestScreenProps } from './request-props';
import { useHistory } from './use-history';

export type HistoryListProps = Pick<RequestScreenProps, 'detail' | 'desk' | 'me' | 'clockOffsetMs'> & {
  readonly sessionHref: string;
};

/** What happened to the request, oldest first, each with the way to that moment in the session. */
export function HistoryList({ detail, desk, me, clockOffsetMs, sessionHref }: HistoryListProps): ReactNode {
  const now = useNow(clockOffsetMs);
  const { request } = detail;
  const { events, failure } = useHistory(desk, `${request.seq} ${request.state}`);
  if (events === null) return <p className="hint">{failure ?? 'Reading what happened…'}</p>;
  return (
    <>
      {failure === null ? null : <p className="hint">{failure} What follows may be old.</p>}
      <ol className="a-history">
        {events.map((event) => {
          const line = historyLine(event, me.id);
          return line === null ? null : (
            <li key={event.seq} className={line.tone}>
              <Link className="num" href={`${sessionHref}?at=${event.at}`} title="In the session’s timeline">
                {clockTimeFrom(event.at, now)}
              </Link>
              <span>
                {visibleText(line.words)}
                {line.more === null ? null : <small>{visibleText(line.more)}</small>}
              </span>
            </li>
          );
        })}
      </ol>
      {may(me.role, 'audit.read') ? (
        <p className="hint">
          <Link className="underlined" href={aboutHref(request.requestId)}>
            What the audit log keeps of it
          </Link>
        </p>
      ) : null}
    </>
  );
}
