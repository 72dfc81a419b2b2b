'use client';

import { type MouseEvent, type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import { addressNow, goWithin, useAddress } from '@/components/queue/address';
import { lookHref, lookQuery, readLook } from '@/components/queue/queue-href';
import type { QueueContent } from '@/components/queue/queue-props';
import { QueueScreen } from '@/components/queue/QueueScreen';
import type { PresentPerson } from '@/components/request/request-props';
import { NothingChosen, RequestLoading } from '@/components/request/RequestStates';
import { readId, type RequestId } from '@/lib/domain/ids';
import type { Person } from '@/lib/domain/permission';
import { isNarrowed, sameLook } from '@/lib/domain/queue';
import type { QueueLook } from '@/lib/domain/queue-query';
import type { TeamRef } from '@/lib/domain/team';
import { useClockOffset, useLive, useLivePart, useQueue } from '../hooks';
import type { Line } from '../state/line';
import type { PresenceState } from '../state/presence';
import type { QueueState } from '../state/queue';

import { presentPeople } from './present-people';
import type { RequestContainer as RequestContainerType } from './RequestContainer';
import { useBegun } from './use-begun';
import { useNotifyBar } from './use-notify-bar';
import { useTypedSearch } from './use-typed-search';
import { lazily } from '@/components/ui/lazily';

/** Once the list stands and nothing else is wanted. */
const screenAfterMs = 3_000;

/** What shows and answers a request comes beside the list rather than ahead of it. */
const loadRequest = (): Promise<typeof RequestContainerType> =>
  import('./RequestContainer').then((file) => file.RequestContainer);
const RequestContainer = lazily(loadRequest, <RequestLoading />);
const BulkContainer = lazily(() => import('./BulkContainer').then((file) => file.BulkContainer));
const RequestNotFound = lazily(() => import('@/components/request/RequestAbsent').then((file) => file.RequestNotFound));
const KeptWords = lazily(() => import('./KeptWords').then((file) => file.KeptWords));
const SaveViewDialog = lazily(() => import('@/components/queue/SaveViewDialog').then((file) => file.SaveViewDialog));
const NotifyBar = lazily(() => import('@/components/queue/NotifyBar').then((file) => file.NotifyBar));

/** The queue and the request beside it; which one is read from the address. */
export function QueueContainer(): ReactNode {
  const person = useLive((state) => state.person);
  return person === null ? null : <Queue person={person} />;
}

function Queue({ person }: { readonly person: Person }): ReactNode {
  const live = useLivePart();
  const [path = '', query = ''] = useAddress().split('?');
  const look = useLook(query);
  const chosen = path.split('/')[2] ?? null;
  const selected = chosen === null ? null : readId('request', chosen);
  const queue = useQueue();
  const line = useLive((state) => state.line);
  const seen = useLive((state) => state.seen);
  const presence = useLive((state) => state.presence);
  const [picked, setPicked] = useState<ReadonlySet<RequestId>>(nobodyPicked);
  const [kept, setKept] = useState(nothingKept);
  const [saving, setSaving] = useState<QueueLook | null>(null);
  const search = useTypedSearch(look);
  const { teams, wantTeams } = useTeams(person, look);
  const people = useMemo(() => peopleById(presence), [presence]);
  const content = useMemo(() => contentOf(queue, line, look), [queue, line, look]);
  const notify = useNotifyBar(queue.last !== null);
  useScreensAhead(queue.status === 'ready');
  const onMore = useCallback(() => live.queueing.more(), [live]);
  const onNear = useCallback((id: RequestId) => live.reading.ahead(id), [live]);
  const onSaveView = useCallback(() => setSaving(look), [look]);
  const savedAs = useLive((state) => state.views?.find((view) => sameLook(view.look, look))?.name ?? null);
  return (
    <div style={asIfAbsent} onClickCapture={stayInQueue}>
      <QueueScreen
        content={content}
        look={look}
        counts={queue.counts}
        me={person}
        clockOffsetMs={useClockOffset()}
        selected={selected}
        open={chosen === null ? 'list' : 'request'}
        seen={seen}
        begun={useBegun()}
        kept={kept}
        last={queue.last}
        pauses={useLive((state) => state.pauses.pauses)}
        presence={people}
        typed={search.typed}
        teams={teams}
        picked={picked}
        onType={search.type}
        onLook={goToLook}
        onTeams={wantTeams}
        onPicked={setPicked}
        onMore={onMore}
        onNear={onNear}
        onRetry={() => live.queueing.resync()}
        onSaveView={savedAs === null && (isNarrowed(look) || look.order !== 'deadline') ? onSaveView : null}
        savedAs={savedAs}
        bulk={picked.size === 0 ? null : <BulkContainer picked={picked} onPicked={setPicked} />}
        aside={notify === null ? null : <NotifyBar onDone={notify} />}
        detail={<Detail chosen={chosen} look={look} person={person} />}
      />
      <KeptWords onKept={setKept} />
      {saving === null ? null : <SaveView look={saving} onClose={() => setSaving(null)} />}
    </div>
  );
}

const nothingKept: ReadonlyMap<string, string> = new Map();
const nobodyPicked: ReadonlySet<RequestId> = new Set();

/** The first request that is opened finds its screen there, and the first that are picked find their key. */
function useScreensAhead(isReady: boolean): void {
  useEffect(() => {
    if (!isReady) return;
    // Who opens one without a line is told then.
    loadRequest().catch(() => undefined);
    const timer = setTimeout(() => {
      for (const loading of [import('./ShownRequest'), import('./BulkContainer')]) loading.catch(() => undefined);
    }, screenAfterMs);
    return () => clearTimeout(timer);
  }, [isReady]);
}

/** The look of the address; the live part follows it. */
function useLook(query: string): QueueLook {
  const live = useLivePart();
  const look = useMemo(() => readLook(new URLSearchParams(query)), [query]);
  useEffect(() => live.queueing.look(look), [live, look]);
  return look;
}

/** Another look beside the same request. */
function goToLook(look: QueueLook): void {
  goWithin(`${addressNow().split('?')[0]}${lookQuery(look)}`);
}

/** Teams to filter by: their own at once by short name, all by name once the filter is wanted. */
function useTeams(
  person: Person,
  look: QueueLook,
): { readonly teams: readonly TeamRef[]; readonly wantTeams: () => void } {
  const live = useLivePart();
  const [teams, setTeams] = useState<readonly TeamRef[] | null>(null);
  const [wanted, setWanted] = useState<'no' | 'yes'>(look.teams.length === 0 ? 'no' : 'yes');
  const isOnline = useLive((state) => state.line.state === 'online');
  useEffect(() => {
    if (wanted === 'no' || !isOnline) return;
    void live.read({ type: 'teams.list' }).then((reply) => {
      if (reply?.ok === true) setTeams(reply.value.teams.map(({ id, name }) => ({ id, name })));
    });
  }, [live, wanted, isOnline]);
  const wantTeams = useCallback(() => setWanted('yes'), []);
  const own = useMemo(() => person.teams.map((id): TeamRef => ({ id, name: id })), [person.teams]);
  return { teams: teams ?? own, wantTeams };
}

function SaveView({ look, onClose }: { readonly look: QueueLook; readonly onClose: () => void }): ReactNode {
  const live = useLivePart();
  const views = useLive((state) => state.views);
  return (
    <SaveViewDialog
      taken={views ?? []}
      onClose={onClose}
      onSave={async (name) => {
        const reply = await live.views.save([...(live.store.state.views ?? []), { name, look }]);
        return reply.ok ? null : reply.message;
      }}
    />
  );
}

interface DetailProps {
  readonly chosen: string | null;
  readonly look: QueueLook;
  readonly person: Person;
}

function Detail({ chosen, look, person }: DetailProps): ReactNode {
  const open = useLive((state) => state.queue.counts.open);
  const isKnown = useLive(({ queue }) => queue.status === 'ready' || queue.counts.open > 0);
  // That nothing waits is said only once it was read.
  if (chosen === null) return isKnown ? <NothingChosen open={open} /> : null;
  const requestId = readId('request', chosen);
  if (requestId === null) return <RequestNotFound backHref={lookHref(look)} />;
  return <RequestContainer key={requestId} requestId={requestId} look={look} person={person} />;
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
  // Where rows are picked a click on one does not open it.
  if (event.target.closest('[data-tap="picks"]') !== null) return;
  event.preventDefault();
  goWithin(href);
}

function contentOf(queue: QueueState, line: Line, look: QueueLook): QueueContent {
  const away = line.state === 'offline' || line.state === 'refused';
  // For the moment between the address and the live part that follows it.
  if (!sameLook(queue.look, look)) return { state: 'loading' };
  if (queue.status === 'failed') {
    const { code = 'cannot_save', words = '' } = queue.failure ?? {};
    return { state: code === 'forbidden' ? 'forbidden' : 'failed', words };
  }
  if (queue.status === 'loading' && queue.rows.length === 0) return { state: away ? 'unreached' : 'loading' };
  const { rows, entries, floor, page } = queue;
  return {
    state: 'ready',
    rows,
    itemOf: (id) => entries.get(id)?.item,
    floor,
    phase: queue.status === 'ready' ? 'read' : 'part',
    page,
  };
}

function peopleById(presence: PresenceState): ReadonlyMap<string, readonly PresentPerson[]> {
  return new Map([...presence].map(([requestId, people]) => [requestId, presentPeople(people)]));
}
