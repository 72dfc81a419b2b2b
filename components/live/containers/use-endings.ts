'use client';

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { AdminData } from '@/components/admin/AdminPage';
import { type EndingsPage, type EndOperation, furtherEnding } from '@/lib/domain/end-operation';
import type { EndingId } from '@/lib/domain/ids';
import { useLive, useLivePart } from '../hooks';

export interface Endings {
  readonly data: AdminData<EndingsPage>;
  readonly older: 'idle' | 'loading' | 'failed';
  readonly onOlder: () => void;
  readonly again: () => void;
}

type Known = ReadonlyMap<EndingId, EndOperation>;
const none: Known = new Map();

/** Orders to end many, followed: of each the furthest state that was heard, whatever came first (I12). */
export function useEndings(who: 'may' | 'may not'): Endings {
  const live = useLivePart();
  const isOnline = useLive((state) => state.line.state === 'online');
  const [known, setKnown] = useState(none);
  const [read, setRead] = useState<AdminData<null>>({ is: 'loading' });
  const [more, setMore] = useState(false);
  const [older, setOlder] = useState<Endings['older']>('idle');
  const [round, setRound] = useState(0);
  const pages = useRef(0);
  const take = useCallback((endings: readonly EndOperation[]) => setKnown((before) => joined(before, endings)), []);
  useEffect(
    () => (who === 'may' ? live.hearing.on('ending.changed', ({ operation }) => take([operation])) : undefined),
    [live, who, take],
  );
  useEffect(() => {
    if (!isOnline || who === 'may not') return;
    let state: 'wanted' | 'left' = 'wanted';
    void live.read({ type: 'sessions.endings', before: null }).then((reply) => {
      if (state === 'left' || reply === null) return;
      if (!reply.ok)
        return setRead({ is: reply.code === 'forbidden' ? 'forbidden' : 'failed', message: reply.message });
      take(reply.value.endings);
      if (pages.current === 0) setMore(reply.value.more);
      pages.current = Math.max(pages.current, 1);
      setRead({ is: 'ready', value: null });
    });
    return () => {
      state = 'left';
    };
  }, [live, isOnline, who, take, round]);
  const endings = useMemo(() => [...known.values()].sort(latestFirst), [known]);
  const last = endings.at(-1);
  const onOlder = useCallback(() => {
    if (last === undefined) return;
    setOlder('loading');
    const before = { at: last.at, endingId: last.endingId };
    void live.read({ type: 'sessions.endings', before }).then((reply) => {
      setOlder(reply?.ok === true ? 'idle' : 'failed');
      if (reply?.ok !== true) return;
      pages.current += 1;
      take(reply.value.endings);
      setMore(reply.value.more);
    });
  }, [live, last, take]);
  const again = useCallback(() => setRound((before) => before + 1), []);
  const data = useMemo(
    (): Endings['data'] => (read.is === 'ready' ? { is: 'ready', value: { endings, more } } : read),
    [read, endings, more],
  );
  return { data, older, onOlder, again };
}

function joined(before: Known, endings: readonly EndOperation[]): Known {
  const next = new Map(before);
  for (const operation of endings) {
    const known = next.get(operation.endingId);
    next.set(operation.endingId, known === undefined ? operation : furtherEnding(known, operation));
  }
  return next;
}

function latestFirst(a: EndOperation, b: EndOperation): number {
  return b.at - a.at || (a.endingId > b.endingId ? -1 : 1);
}
