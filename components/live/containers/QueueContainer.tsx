'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import { type MouseEvent, type ReactNode, useMemo, useState } from 'react';
import { viewHref } from '@/components/queue/queue-href';
import { type QueueContent, QueueScreen } from '@/components/queue/QueueScreen';
import type { PresentPerson } from '@/components/request/request-props';
import { NothingChosen, RequestNotFound } from '@/components/request/RequestStates';
import { readId } from '@/lib/domain/ids';
import type { Person } from '@/lib/domain/permission';
import { noFilter, type QueueView, readView } from '@/lib/domain/queue';
import { useClockOffset, useDrafted, useLive, useLivePart, useQueue } from '../hooks';
import type { Line } from '../state/line';
import type { PresenceState } from '../state/presence';
import type { QueueState } from '../state/queue';
import { goWithin } from './go-within';
import { presentPeople } from './present-people';
import { RequestContainer } from './RequestContainer';

/** The queue and the request beside it; which one is read from the address. */
export function QueueContainer(): ReactNode {
  const person = useLive((state) => state.person);
  return person === null ? null : <Queue person={person} />;
}

function Queue({ person }: { readonly person: Person }): ReactNode {
  const live = useLivePart();
  const view = readView(useSearchParams().get('view'));
  const chosen = usePathname().split('/')[2] ?? null;
  const selected = chosen === null ? null : readId('request', chosen);
  const queue = useQueue();
  const line = useLive((state) => state.line);
  const seen = useLive((state) => state.seen);
  const presence = useLive((state) => state.presence);
  const [filter, setFilter] = useState(noFilter);
  const people = useMemo(() => peopleById(presence), [presence]);
  const content = useMemo(() => contentOf(queue, line), [queue, line]);
  return (
    <div style={asIfAbsent} onClickCapture={stayInQueue}>
      <QueueScreen
        content={content}
        view={view}
        me={person}
        clockOffsetMs={useClockOffset()}
        selected={selected}
        seen={seen}
        drafted={useDrafted()}
        presence={people}
        filter={filter}
        onFilter={setFilter}
        onRetry={() => live.retryQueue()}
        detail={<Detail chosen={chosen} view={view} person={person} />}
      />
    </div>
  );
}

function Detail({
  chosen,
  view,
  person,
}: {
  readonly chosen: string | null;
  readonly view: QueueView;
  readonly person: Person;
}): ReactNode {
  const { items } = useQueue();
  if (chosen === null) return <NothingChosen open={items.filter(({ request }) => request.state === 'open').length} />;
  const requestId = readId('request', chosen);
  if (requestId === null) return <RequestNotFound backHref={viewHref(view)} />;
  return <RequestContainer key={requestId} requestId={requestId} view={view} person={person} />;
}

/** Listens to clicks and takes no part in the layout. */
const asIfAbsent = { display: 'contents' } as const;

/** A plain click on a link of the queue changes the address without asking the server: it works without a line, too. */
function stayInQueue(event: MouseEvent): void {
  if (
    event.button !== 0 ||
    event.metaKey ||
    event.ctrlKey ||
    event.shiftKey ||
    event.altKey ||
    !(event.target instanceof Element)
  )
    return;
  const href = event.target.closest('a:not([target])')?.getAttribute('href') ?? null;
  if (href === null || !/^\/queue(?:[/?]|$)/.test(href)) return;
  event.preventDefault();
  goWithin(href);
}

function contentOf(queue: QueueState, line: Line): QueueContent {
  switch (queue.status) {
    case 'ready':
      return { state: 'ready', items: queue.items };
    case 'failed': {
      const { code = 'cannot_save', words = '' } = queue.failure ?? {};
      return { state: code === 'forbidden' ? 'forbidden' : 'failed', words };
    }
    case 'loading':
      return line.state === 'offline' || line.state === 'refused' ? { state: 'unreached' } : { state: 'loading' };
  }
}

function peopleById(presence: PresenceState): ReadonlyMap<string, readonly PresentPerson[]> {
  return new Map([...presence].map(([requestId, people]) => [requestId, presentPeople(people)]));
}
