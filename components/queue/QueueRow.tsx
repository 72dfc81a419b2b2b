'use client';

import Link from 'next/link';
import { memo, type MouseEvent, type ReactNode } from 'react';
import MessageSquare from 'lucide-react/icons/message-square';
import Pencil from 'lucide-react/icons/pencil';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import type { PresentPerson } from '@/components/request/request-props';
import { kindIcons, kindNames, outcomeWords, titleWords } from '@/components/request/words';
import { Avatar } from '@/components/ui/Avatar';
import { Icon } from '@/components/ui/Icon';
import { TimeLeft } from '@/components/ui/TimeLeft';
import { clockTimeFrom } from '@/components/ui/time-words';
import { useNow } from '@/components/ui/use-now';
import { actorName } from '@/lib/domain/actor';
import type { RequestId } from '@/lib/domain/ids';
import { isParked, overAt } from '@/lib/domain/queue';
import type { HoldRequest } from '@/lib/domain/request';
import type { QueueItem } from '@/lib/domain/request-detail';
import type { Risk } from '@/lib/domain/tool';
import { quorumOf } from './row-words';

export interface QueueRowProps {
  readonly item: QueueItem;
  readonly href: string;
  readonly look: 'unread' | 'seen';
  readonly place: 'open' | 'closed';
  readonly picked: 'yes' | 'no';
  /** What a plain click does. */
  readonly tap: 'opens' | 'picks';
  readonly people: readonly PresentPerson[];
  readonly clockOffsetMs: number;
  /** `to`: this row and all between it and the one picked before. */
  readonly onPick: (id: RequestId, reach: 'one' | 'to') => void;
}

const edges: { readonly [R in Risk]: string } = { read_only: '', writes: 'risk-mid', destructive: 'risk-high' };
const avatarsMax = 3;

/** What is asked in one line, from where, by when, and who is on it. */
export const QueueRow = memo(function QueueRow(props: QueueRowProps): ReactNode {
  const { item, href, look, place, picked, tap, people, clockOffsetMs, onPick } = props;
  const { request } = item;
  const over = request.state !== 'open';
  const title = titleWords(request);
  return (
    <>
      <Link
        className={`q-row ${edges[request.risk]} ${look === 'seen' || over ? 'seen' : ''} ${over ? 'over' : ''} ${picked === 'yes' ? 'picked' : ''}`}
        href={href}
        scroll={false}
        prefetch={false}
        aria-current={place === 'open' ? 'true' : undefined}
        data-request={request.requestId}
        data-tap={tap}
        onClick={(event: MouseEvent) => {
          if (event.metaKey || event.ctrlKey || (tap === 'opens' && !event.shiftKey)) return;
          event.preventDefault();
          onPick(request.requestId, event.shiftKey ? 'to' : 'one');
        }}
      >
        <span className={`q-kind k-${request.kind}`}>
          <Icon of={kindIcons[request.kind]} />
        </span>
        <span className="q-words">
          <span className="sr">
            {look === 'unread' && !over ? `New ${kindNames[request.kind]}: ` : `${kindNames[request.kind]}: `}
          </span>
          <span className="ask cut">{title}</span>
          <From item={item} />
        </span>
        <span className="side">
          {over ? (
            <Outcome item={item} clockOffsetMs={clockOffsetMs} />
          ) : (
            <Left item={item} clockOffsetMs={clockOffsetMs} />
          )}
          <On request={request} people={people} />
        </span>
      </Link>
      {over ? null : (
        <span className="q-pick">
          <input
            type="checkbox"
            className="check"
            checked={picked === 'yes'}
            aria-label={`Select: ${title}`}
            tabIndex={picked === 'yes' ? 0 : -1}
            onChange={() => onPick(request.requestId, 'one')}
          />
        </span>
      )}
    </>
  );
});

function From({ item }: Pick<QueueRowProps, 'item'>): ReactNode {
  const { request } = item;
  return (
    <span className="from">
      <span className="server cut">{request.server}</span>
      {request.tool === null ? null : <span className="tool mono cut">{request.tool}</span>}
      <span className="agent cut">{item.agent}</span>
      {request.team === null ? null : <span className="q-team cut">{request.team.name}</span>}
      <RiskMark risk={request.risk} />
      {request.edited.length === 0 ? null : <span className="q-mark edited">edited</span>}
      {request.notes === 0 ? null : (
        <span className="q-mark" title={`${request.notes} ${request.notes === 1 ? 'note' : 'notes'}`}>
          <Icon of={MessageSquare} size="xs" />
          {request.notes}
          <span className="sr"> {request.notes === 1 ? 'note' : 'notes'}</span>
        </span>
      )}
    </span>
  );
}

/** Who is on it, and how many have approved. */
function On({ request, people }: { readonly request: HoldRequest } & Pick<QueueRowProps, 'people'>): ReactNode {
  const quorum = quorumOf(request);
  const assigned = request.state === 'open' ? request.assignedTo : null;
  const others = people.filter(({ id }) => id !== assigned?.id).slice(0, avatarsMax);
  const owner = people.find(({ id }) => id === assigned?.id);
  return (
    <span className="row q-people">
      {quorum === null ? null : (
        <span className="q-quorum num" title={`${quorum.have} of ${quorum.need} approvals`}>
          {quorum.have} of {quorum.need}
        </span>
      )}
      {others.length === 0 && assigned === null ? null : (
        <span className="avs">
          {assigned === null ? null : (
            <span className="q-owner" title={`Assigned to ${assigned.name}`}>
              <span className="sr">Assigned to </span>
              <Avatar name={assigned.name} doing={owner?.doing ?? 'looking'} />
            </span>
          )}
          {others.map((person) => (
            <Avatar key={person.id} name={person.name} doing={person.doing} />
          ))}
        </span>
      )}
    </span>
  );
}

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
