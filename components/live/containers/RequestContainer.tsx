'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useMemo } from 'react';
import { requestHref, viewHref } from '@/components/queue/queue-href';
import { draftFromText, draftToText, isUntouched, type RequestDraft } from '@/components/request/draft';
import type { PresentPerson, Reach, Sending } from '@/components/request/request-props';
import { RequestFailed, RequestLoading, RequestNotFound } from '@/components/request/RequestStates';
import { useRoom } from '@/components/timeline/use-room';
import { useNow } from '@/components/ui/use-now';
import type { RequestId } from '@/lib/domain/ids';
import type { Person } from '@/lib/domain/permission';
import { arrange, idsOf, inView, nextOpen, type QueueView } from '@/lib/domain/queue';
import type { RequestDetail } from '@/lib/domain/request-detail';
import { useClockOffset, useDrafted, useLive, useLivePart, useQueue, useRequest } from '../hooks';
import type { Draft } from '../state/drafts';
import { goWithin } from './go-within';
import { presentPeople } from './present-people';

/** The forms and what reads them come with the first request that is opened. */
const RequestScreen = dynamic(() => import('@/components/request/RequestScreen').then((file) => file.RequestScreen), {
  ssr: false,
  loading: RequestLoading,
});

export interface RequestContainerProps {
  readonly requestId: RequestId;
  readonly view: QueueView;
  readonly person: Person;
}

/** One request on live data. */
export function RequestContainer(props: RequestContainerProps): ReactNode {
  const { requestId, view } = props;
  const live = useLivePart();
  const { detail, draft } = useRequest(requestId);
  if (detail === null || detail.status === 'reading') return <RequestLoading />;
  if (detail.status === 'ready') return <Shown {...props} detail={detail.detail} draft={draft} />;
  if (detail.failure.code === 'not_found') return <RequestNotFound backHref={viewHref(view)} />;
  return <RequestFailed words={detail.failure.words} onRetry={() => live.reading.read(requestId)} />;
}

function Shown({
  requestId,
  view,
  person,
  detail,
  draft,
}: RequestContainerProps & { readonly detail: RequestDetail; readonly draft: Draft | null }): ReactNode {
  const live = useLivePart();
  const room = useRoom();
  const text = draft?.text ?? null;
  const typed = useMemo(() => draftFromText(text), [text]);
  const sending = useMemo(() => sendingOf(draft), [draft]);
  const presence = useOthers(requestId, person);
  const next = useNext({ requestId, view, person });
  const onDraft = (changed: RequestDraft): void => {
    live.answering.typed(requestId, isUntouched(changed) && changed.link === 'unopened' ? null : draftToText(changed));
    live.attending.typed(requestId);
  };
  return (
    <RequestScreen
      detail={detail}
      me={person}
      clockOffsetMs={useClockOffset()}
      presence={presence}
      reach={useReach()}
      draft={typed}
      sending={sending}
      layout={room === 'phone' ? 'page' : 'pane'}
      backHref={viewHref(view)}
      onDraft={onDraft}
      onAnswer={(intent) => {
        live.answering.answer({ requestId, revision: detail.request.revision, ...intent });
        live.attending.stopTyping();
      }}
      onUnqueue={() => live.answering.unqueue(requestId)}
      onClaim={() => live.attending.claim(requestId)}
      onRelease={() => live.attending.release(requestId)}
      onNext={next === null ? null : () => goWithin(requestHref(next, view))}
    />
  );
}

/** The next open request below this one in the list that is shown. */
function useNext({ requestId, view, person }: RequestContainerProps): RequestId | null {
  const { items } = useQueue();
  const drafted = useDrafted();
  const now = useNow(useClockOffset());
  return useMemo(() => {
    const look = { me: person.id, now, drafted };
    const shown = items.filter((item) => inView(item, view === 'answered' ? 'open' : view, look));
    return nextOpen(shown, idsOf(arrange(shown, now)), requestId);
  }, [items, drafted, now, person.id, view, requestId]);
}

const nobody: readonly PresentPerson[] = [];

function useOthers(requestId: RequestId, person: Person): readonly PresentPerson[] {
  const people = useLive((state) => state.presence.get(requestId) ?? null);
  return useMemo(
    () => (people === null ? nobody : presentPeople(people.filter(({ id }) => id !== person.id))),
    [people, person.id],
  );
}

function useReach(): Reach {
  const isOnline = useLive((state) => state.line.state === 'online');
  const storageOk = useLive((state) => state.storageOk);
  if (!isOnline) return 'offline';
  return storageOk ? 'online' : 'storage_away';
}

function sendingOf(draft: Draft | null): Sending {
  if (draft === null) return { state: 'idle' };
  const { attempt, refusal } = draft;
  if (attempt !== null) return { state: attempt.state, action: attempt.order.action };
  return refusal === null ? { state: 'idle' } : { state: 'refused', refusal };
}
