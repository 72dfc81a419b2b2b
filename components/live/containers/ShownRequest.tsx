'use client';

import { type ReactNode, useMemo } from 'react';
import { goWithin } from '@/components/queue/address';
import { lookHref, requestHref } from '@/components/queue/queue-href';
import { draftFromText, draftToText, isUntouched, type RequestDraft } from '@/components/request/draft';
import type {
  PendingAnswer,
  PresentPerson,
  Reach,
  RequestScreenProps,
  Sending,
} from '@/components/request/request-props';
import { RequestScreen } from '@/components/request/RequestScreen';
import { undoPreference } from '@/components/request/undo-preference';
import { titleWords } from '@/components/request/words';
import { useRoom } from '@/components/timeline/use-room';
import { usePreference } from '@/components/ui/preference';
import { RevealContext } from '@/components/ui/reveal-context';
import { type Standstill, standstillOf } from '@/lib/domain/away';
import type { RequestId } from '@/lib/domain/ids';
import type { Person } from '@/lib/domain/permission';
import { arrange, endingCount, idsOf, nextOpen } from '@/lib/domain/queue';
import { queueItem } from '@/lib/domain/queue-item';
import type { RequestDetail } from '@/lib/domain/request-detail';
import { useClockOffset, useLive, useLivePart } from '../hooks';
import { type DetailState, stageKey } from '../state/details';
import type { Draft } from '../state/drafts';
import { presentPeople } from './present-people';
import { requestDesk } from './request-desk';
import type { RequestContainerProps } from './RequestContainer';
import { useRevealed } from './use-revealed';
import { usePauses } from './use-pauses';

export interface ShownRequestProps extends RequestContainerProps {
  readonly known: Extract<DetailState, { readonly status: 'ready' }>;
  readonly draft: Draft | null;
}

/** A request that was read, with what this person typed. */
export function ShownRequest({ requestId, look, person, known, draft }: ShownRequestProps): ReactNode {
  const live = useLivePart();
  const room = useRoom();
  const undo = usePreference(undoPreference);
  const { detail, revealing } = useRevealed(known.detail);
  const text = draft?.text ?? null;
  const typed = useMemo(() => draftFromText(text), [text]);
  const sending = useMemo(() => sendingOf(draft), [draft]);
  const desk = useMemo(() => requestDesk(live, requestId), [live, requestId]);
  const onDraft = (changed: RequestDraft): void => {
    live.answering.typed(requestId, isUntouched(changed) && changed.link === 'unopened' ? null : draftToText(changed));
    // A note is for the others, and what is put away is not typed: neither is answering.
    const isAnswering = changed.comment === typed.comment && (changed.edit !== null || typed.edit === null);
    if (isAnswering) live.attending.typed(requestId);
  };
  return (
    <RevealContext value={revealing}>
      <RequestScreen
        detail={detail}
        read={known.readFor === stageKey(detail.request) ? 'fresh' : 'behind'}
        me={person}
        clockOffsetMs={useClockOffset()}
        presence={useOthers(requestId, person)}
        reach={useReach()}
        standstill={useStandstill(detail)}
        draft={typed}
        sending={sending}
        {...useUnsent(requestId)}
        desk={desk}
        layout={room === 'phone' ? 'page' : 'pane'}
        backHref={lookHref(look)}
        onDraft={onDraft}
        onAnswer={(intent) => {
          const tookMs = live.reading.openForMs(requestId);
          live.answering.answer(
            { requestId, revision: detail.request.revision, tookMs, ...intent },
            undo === 'off' ? 'at_once' : 'undoable',
          );
          live.attending.stopTyping();
        }}
        onUnqueue={(other) => live.answering.unqueue(other ?? requestId)}
        onClaim={() => live.attending.claim(requestId)}
        onRelease={() => live.attending.release(requestId)}
        onNext={useNext({ requestId, look })}
      />
    </RevealContext>
  );
}

/** Goes to the next open request below this one; null when the list holds no other. */
function useNext({ requestId, look }: Pick<RequestContainerProps, 'requestId' | 'look'>): (() => void) | null {
  const live = useLivePart();
  const has = useLive(
    ({ queue }) => look.view !== 'answered' && queue.rows.slice(0, 2).some((row) => row.requestId !== requestId),
  );
  return useMemo(() => {
    if (!has) return null;
    // Which one it is, is looked up when it is asked for: the list may change many times a second.
    return () => {
      const { queue, drafts, clockOffsetMs, person } = live.store.state;
      const now = Date.now() + clockOffsetMs;
      const ids = idsOf(arrange(queue.rows, look, endingCount(queue.rows, now)));
      const waits = (id: RequestId): boolean => {
        const request = queue.entries.get(id)?.item.request;
        if (request?.state !== 'open' || (drafts.get(id)?.attempt ?? null) !== null) return false;
        return !request.votes.some(({ by }) => by.id === person?.id);
      };
      const next = nextOpen(ids, requestId, waits);
      if (next !== null) goWithin(requestHref(next, look));
    };
  }, [has, live, look, requestId]);
}

type Unsent = Pick<RequestScreenProps, 'pending' | 'lastUnsent'>;

/** Answers that can still be undone, or wait for the line, in the order they were given. */
function useUnsent(requestId: RequestId): Unsent {
  const live = useLivePart();
  const drafts = useLive((state) => state.drafts);
  return useMemo(() => {
    const unsent = [...drafts].flatMap(([id, { attempt, touchedAt }]) =>
      attempt === null || attempt.state === 'sending' ? [] : [{ id, attempt, touchedAt }],
    );
    unsent.sort((a, b) => a.touchedAt - b.touchedAt);
    const pending = unsent.flatMap(({ id, attempt }): readonly PendingAnswer[] => {
      if (id === requestId) return [];
      const known = live.store.state.details.get(id);
      const title = known?.status === 'ready' ? titleWords(known.detail.request) : 'a request';
      const untilAt = attempt.state === 'held' ? attempt.untilAt : null;
      return [{ requestId: id, title, action: attempt.order.action, untilAt }];
    });
    return { pending, lastUnsent: unsent.at(-1)?.id ?? null };
  }, [drafts, live, requestId]);
}

/** By whichever was told later: the list's row, or what was read of it. */
function useStandstill({ request, call, summary }: RequestDetail): Standstill | null {
  const told = useLive(({ queue }) => queue.entries.get(request.requestId)?.item ?? null);
  const { pauses, now } = usePauses();
  const read = queueItem({ request, call }, summary);
  const newest = told !== null && told.seq >= read.seq ? { ...read, away: told.away } : read;
  return standstillOf(newest, pauses, now);
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
  if (attempt?.state === 'held') return { state: 'held', action: attempt.order.action, untilAt: attempt.untilAt };
  if (attempt !== null) return { state: attempt.state, action: attempt.order.action };
  return refusal === null ? { state: 'idle' } : { state: 'refused', refusal };
}
