'use client';

import Link from 'next/link';
import { memo, type ReactNode } from 'react';
import Pencil from 'lucide-react/icons/pencil';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { kindIcons, kindNames, outcomeWords, titleWords } from '@/components/request/words';
import type { PresentPerson } from '@/components/request/request-props';
import { Avatar } from '@/components/ui/Avatar';
import { Icon } from '@/components/ui/Icon';
import { TimeLeft } from '@/components/ui/TimeLeft';
import { clockTimeFrom } from '@/components/ui/time-words';
import { useNow } from '@/components/ui/use-now';
import { actorName } from '@/lib/domain/actor';
import { isParked, overAt } from '@/lib/domain/queue';
import type { QueueItem } from '@/lib/domain/request-detail';
import type { Risk } from '@/lib/domain/tool';

export interface QueueRowProps {
  readonly item: QueueItem;
  readonly href: string;
  readonly look: 'unread' | 'seen';
  readonly place: 'open' | 'closed';
  readonly people: readonly PresentPerson[];
  readonly clockOffsetMs: number;
}

const edges: { readonly [R in Risk]: string } = { read_only: '', writes: 'risk-mid', destructive: 'risk-high' };
const avatarsMax = 3;

/** What is asked in one line, from where, by when, and who is on it. */
export const QueueRow = memo(function QueueRow(props: QueueRowProps): ReactNode {
  const { item, href, look, place, people, clockOffsetMs } = props;
  const { request } = item;
  const over = request.state !== 'open';
  return (
    <Link
      className={`q-row ${edges[request.risk]} ${look === 'seen' || over ? 'seen' : ''} ${over ? 'over' : ''}`}
      href={href}
      scroll={false}
      prefetch={false}
      aria-current={place === 'open' ? 'true' : undefined}
      data-request={request.requestId}
    >
      <span className={`q-kind ${request.kind}`}>
        <Icon of={kindIcons[request.kind]} />
      </span>
      <span className="q-words">
        <span className="sr">
          {look === 'unread' && !over ? `New ${kindNames[request.kind]}: ` : `${kindNames[request.kind]}: `}
        </span>
        <span className="ask cut">{titleWords(request)}</span>
        <span className="from">
          <span className="server cut">{request.server}</span>
          {request.tool === null ? null : <span className="tool mono cut">{request.tool}</span>}
          <span className="agent cut">{item.agent}</span>
          <RiskMark risk={request.risk} />
        </span>
      </span>
      <span className="side">
        {over ? (
          <Outcome item={item} clockOffsetMs={clockOffsetMs} />
        ) : (
          <Left item={item} clockOffsetMs={clockOffsetMs} />
        )}
        <span className="row q-people">
          {people.length === 0 ? null : (
            <span className="avs">
              {people.slice(0, avatarsMax).map((person) => (
                <Avatar key={person.id} name={person.name} doing={person.doing} />
              ))}
            </span>
          )}
        </span>
      </span>
    </Link>
  );
});

function Left({ item, clockOffsetMs }: Pick<QueueRowProps, 'item' | 'clockOffsetMs'>): ReactNode {
  const now = useNow(clockOffsetMs);
  const { at, reason } = item.request.deadline;
  return <TimeLeft deadlineAt={at} reason={reason} now={now} pace={isParked(item) ? 'parked' : 'live'} />;
}

function Outcome({ item, clockOffsetMs }: Pick<QueueRowProps, 'item' | 'clockOffsetMs'>): ReactNode {
  const now = useNow(clockOffsetMs);
  const { request } = item;
  const who = 'answer' in request ? `${actorName(request.answer.by)} ` : '';
  return (
    <>
      <span className="meta num">{clockTimeFrom(overAt(request), now)}</span>
      <span className={`meta outcome ${request.state}`} title={`${who}${outcomeWords(request) ?? ''}`}>
        {outcomeWords(request)}
      </span>
    </>
  );
}

function RiskMark({ risk }: { readonly risk: Risk }): ReactNode {
  if (risk === 'read_only') return null;
  if (risk === 'destructive') {
    return (
      <span className="risk high">
        <Icon of={TriangleAlert} size="xs" />
        destructive
      </span>
    );
  }
  return (
    <span className="risk mid" title="Writes">
      <Icon of={Pencil} size="xs" />
      <span className="sr">writes</span>
    </span>
  );
}
