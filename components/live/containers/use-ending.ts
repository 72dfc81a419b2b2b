'use client';

import { useCallback, useEffect, useMemo, useState } from 'react';
import type { EndingData } from '@/components/ending/EndingScreen';
import { type EndItem, type EndItemsLook, type EndOperation, furtherEnding } from '@/lib/domain/end-operation';
import type { EndingId } from '@/lib/domain/ids';
import { useLive, useLivePart } from '../hooks';
import { useFollowing } from './use-following';

const lookAgainMs = 1_000;

type Read = Exclude<EndingData, { readonly is: 'ready' }> | { readonly is: 'ready'; readonly value: ReadItems };

interface ReadItems {
  readonly items: readonly EndItem[];
  readonly total: number;
}

/** One order and a page of its sessions: the order as it is pushed, its sessions read again while it runs. */
export function useEnding(
  endingId: EndingId,
  look: EndItemsLook,
  first: EndOperation | null,
): { readonly data: EndingData; readonly again: () => void } {
  const live = useLivePart();
  const isOnline = useLive((state) => state.line.state === 'online');
  const [operation, setOperation] = useState(first);
  const [read, setRead] = useState<Read>({ is: 'loading' });
  const [round, setRound] = useState(0);
  const take = useCallback(
    (next: EndOperation) => setOperation((before) => (before === null ? next : furtherEnding(before, next))),
    [],
  );
  useEffect(
    () =>
      live.hearing.on('ending.changed', ({ operation: next }) => {
        if (next.endingId === endingId) take(next);
      }),
    [live, endingId, take],
  );
  // The list of orders is what subscribes; what it says of this one is as good as a push.
  useEffect(() => {
    if (!isOnline) return;
    void live.read({ type: 'sessions.endings', before: null }).then((reply) => {
      const found = reply?.ok === true ? reply.value.endings.find((one) => one.endingId === endingId) : undefined;
      if (found !== undefined) take(found);
    });
  }, [live, isOnline, endingId, take]);
  const isOver = operation !== null && operation.endedAt !== null;
  useEffect(() => {
    if (!isOnline) return;
    let state: 'wanted' | 'left' = 'wanted';
    void live.read({ type: 'sessions.ending', endingId, look }).then((reply) => {
      if (state === 'left' || reply === null) return;
      if (!reply.ok) return setRead(failed(reply));
      take(reply.value.operation);
      setRead({ is: 'ready', value: reply.value });
    });
    return () => {
      state = 'left';
    };
  }, [live, isOnline, endingId, look, take, round, isOver]);
  const again = useCallback(() => setRound((before) => before + 1), []);
  useFollowing(again, operation === null || isOver ? null : lookAgainMs);
  const data = useMemo((): EndingData => {
    if (read.is !== 'ready') return read;
    return operation === null ? { is: 'loading' } : { is: 'ready', value: { ...read.value, operation } };
  }, [read, operation]);
  return { data, again };
}

function failed({ code, message }: { readonly code: string; readonly message: string }): Read {
  if (code === 'not_found') return { is: 'not_found' };
  return { is: code === 'forbidden' ? 'forbidden' : 'failed', message };
}
