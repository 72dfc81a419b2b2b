'use client';

import { memo, type MouseEvent, type ReactNode } from 'react';
import type { LucideIcon } from 'lucide-react';
import MessageSquare from 'lucide-react/icons/message-square';
import Pause from 'lucide-react/icons/pause';
import Pencil from 'lucide-react/icons/pencil';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import Unplug from 'lucide-react/icons/unplug';
import type { PresentPerson } from '@/components/request/request-props';
import { kindIcons, kindNames, outcomeWords, titleWords } from '@/components/request/words';
import { Avatar } from '@/components/ui/Avatar';
import { Icon } from '@/components/ui/Icon';
import { TimeLeft } from '@/components/ui/TimeLeft';
import { clockTimeFrom } from '@/components/ui/time-words';
import { useNow } from '@/components/ui/use-now';
import { actorName } from '@/lib/domain/actor';
import type { ServerAway, Standstill } from '@/lib/domain/away';
import type { RequestId } from '@/lib/domain/ids';
import { isParked, overAt } from '@/lib/domain/queue';
import type { HoldRequest } from '@/lib/domain/request';
import type { QueueItem } from '@/lib/domain/request-detail';
import { isRiskSaid, type Risk, type ToolAnnotations } from '@/lib/domain/tool';
import { crowdOf, quorumOf, type RowCrowd } from './row-words';
import { enterRequest } from './use-list-keys';

export interface QueueRowProps {
  readonly item: QueueItem;
  readonly href: string;
  readonly look: 'unread' | 'seen';
  readonly place: 'open' | 'closed';
  readonly picked: 'yes' | 'no';
  /** What a plain click does. */
  readonly tap: 'opens' | 'picks';
  readonly people: readonly PresentPerson[];
  /** Whether an answer would do its work now. */
  readonly standstill: StandstillMark | null;
  /** What this person did with it that is not an answer yet, in a word or two. */
  readonly own: string | null;
  readonly clockOffsetMs: number;
  /** `to`: this row and all between it and the one picked before. */
  readonly onPick: (id: RequestId, reach: 'one' | 'to') => void;
}

/** Why an answer would not do its work now; a server whose connection is lost may well be there. */
type StandstillMark = 'paused' | ServerAway['state'];

export function standstillMark(standstill: Standstill | null): StandstillMark | null {
  if (standstill === null) return null;
  return standstill.is === 'away' ? standstill.away.state : standstill.is;
}

const edges: { readonly [R in Risk]: string } = { read_only: '', writes: 'risk-mid', destructive: 'risk-high' };
const standstillLooks: { readonly [S in StandstillMark]: { readonly icon: LucideIcon; readonly words: string } } = {
  paused: { icon: Pause, words: 'paused' },
  reattaching: { icon: Unplug, words: 'server away' },
  lost: { icon: Unplug, words: 'connection lost' },
};
const avatarsMax = 3;

/** What is asked in one line, from where, by when, and who is on it. */
export const QueueRow = memo(function QueueRow(props: QueueRowProps): ReactNode {
  const { item, href, look, place, picked, tap, people, standstill, own, clockOffsetMs, onPick } = props;
  const { request } = item;
  const over = request.state !== 'open';
  const title = titleWords(request);
  return (
    <>
      {/* The container takes the click: a row needs nothing of the router's. */}
      <a
        className={`q-row ${edges[request.risk]} ${look === 'seen' || over ? 'seen' : ''} ${over ? 'over' : ''} ${picked === 'yes' ? 'picked' : ''}`}
        href={href}
        aria-current={place === 'open' ? 'true' : undefined}
        data-request={request.requestId}
        data-tap={tap}
        onClick={(event: MouseEvent) => {
          if (event.metaKey || event.ctrlKey) return;
          // Enter on the row of what is open already goes into it, as it does everywhere else.
          if (event.detail === 0 && place === 'open' && !event.shiftKey) {
            event.preventDefault();
            return enterRequest();
          }
          if (tap === 'opens' && !event.shiftKey) return;
          event.preventDefault();
          onPick(request.requestId, event.shiftKey ? 'to' : 'one');
        }}
      >
        <span className={`q-kind k-${request.kind}`}>
          <Icon of={kindIcons[request.kind]} />
        </span>
        <span className="q-words">
          <span className="sr">
            {look === 'unread' && !over ? 'New ' : ''}
            {title.startsWith(kindNames[request.kind]) ? '' : `${kindNames[request.kind]}: `}
          </span>
          <span className="ask cut">{title}</span>
          <From item={item} title={title} standstill={standstill} people={people} own={own} />
        </span>
        <span className="side">
          {over ? (
            <Outcome item={item} clockOffsetMs={clockOffsetMs} />
          ) : (
            <Left item={item} clockOffsetMs={clockOffsetMs} />
          )}
          <On request={request} people={people} own={own} />
        </span>
      </a>
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

interface FromProps extends Pick<QueueRowProps, 'item' | 'standstill' | 'people' | 'own'> {
  readonly title: string;
}

/** The tool is named once: where the title does, there is room for the rest. */
function From({ item, title, standstill, people, own }: FromProps): ReactNode {
  const { request } = item;
  const besides = [standstill, people[0], own].filter((mark) => mark != null).length;
  const crowd = crowdOf(request, besides);
  return (
    <span className="from">
      <span className={crowd === 'full' ? 'sr' : 'server cut'}>{request.server}</span>
      {request.tool === null || title.includes(request.tool) ? null : (
        <span className="tool mono cut">{request.tool}</span>
      )}
      <span className="agent cut">{item.agent}</span>
      {request.team === null ? null : <span className="q-team cut">{request.team.name}</span>}
      <RiskMark risk={request.risk} annotations={item.call?.annotations ?? null} crowd={crowd} />
      {standstill === null ? null : <StandstillSign of={standstill} crowd={crowd} />}
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

/** In a crowded row its sign stands for the words. */
function StandstillSign({ of, crowd }: { readonly of: StandstillMark; readonly crowd: RowCrowd }): ReactNode {
  const { icon, words } = standstillLooks[of];
  if (crowd === 'roomy') return <span className="q-mark away">{words}</span>;
  return (
    <span className="q-mark away" title={words}>
      <Icon of={icon} size="xs" />
      <span className="sr">{words}</span>
    </span>
  );
}

/** What this person did with it, how many have approved, and who is on it. */
function On({
  request,
  people,
  own,
}: { readonly request: HoldRequest } & Pick<QueueRowProps, 'people' | 'own'>): ReactNode {
  const quorum = quorumOf(request);
  const assigned = request.state === 'open' ? request.assignedTo : null;
  const others = people.filter(({ id }) => id !== assigned?.id).slice(0, avatarsMax);
  const owner = people.find(({ id }) => id === assigned?.id);
  return (
    <span className="row q-people">
      {own === null ? null : <span className="q-own">{own}</span>}
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

interface RiskMarkProps {
  readonly risk: Risk;
  readonly annotations: ToolAnnotations | null;
  readonly crowd: RowCrowd;
}

function RiskMark({ risk, annotations, crowd }: RiskMarkProps): ReactNode {
  if (risk === 'read_only') return null;
  if (risk === 'destructive') {
    const isSaid = isRiskSaid(risk, annotations);
    return (
      <span className="risk high" title={isSaid ? 'Destructive' : 'Unknown, treated as destructive'}>
        <Icon of={TriangleAlert} size="xs" />
        <span className={crowd === 'roomy' ? '' : 'sr'}>{isSaid ? 'destructive' : 'unknown'}</span>
        {isSaid ? null : <span className="sr">, treated as destructive</span>}
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
