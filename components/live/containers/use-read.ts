'use client';

import { useCallback, useEffect, useState } from 'react';
import type { AdminData } from '@/components/admin/AdminPage';
import { type Result, refuse } from '@/lib/domain/refusal';
import type { Command, CommandOf } from '@/lib/protocol/commands';
import type { ReplyOf } from '@/lib/protocol/replies';
import { useLive, useLivePart } from '../hooks';
import { answered } from './admin-data';
import { useFollowing } from './use-following';

export type ReadType =
  | 'people.list'
  | 'teams.list'
  | 'agents.list'
  | 'servers.list'
  | 'me.read'
  | 'notices.read'
  | 'notices.endpoints'
  | 'keeping.read';

/** `followed` looks again while the page is seen, for others change it too; `asked` waits until it is wanted. */
export type ReadManner = 'followed' | 'once' | 'asked';

export interface ReadOf<V> {
  readonly data: AdminData<V>;
  readonly again: () => void;
  /** What a command just answered is so: shown before it is read. */
  readonly put: (change: (value: V) => V) => void;
}

const lookAgainMs = 15_000;

/** Reads when the page opens and when the line is back. The same object until its content changes. */
export function useRead<T extends ReadType>(type: T, manner: ReadManner): ReadOf<ReplyOf[T]> {
  const live = useLivePart();
  const isOnline = useLive((state) => state.line.state === 'online');
  const [round, setRound] = useState(0);
  const [data, setData] = useState<AdminData<ReplyOf[T]>>({ is: 'loading' });
  const again = useCallback(() => setRound((before) => before + 1), []);
  useEffect(() => {
    if (!isOnline || manner === 'asked') return;
    let state: 'wanted' | 'left' = 'wanted';
    const command: { readonly type: ReadType } = { type };
    void live.read(command as CommandOf<T>).then((reply) => {
      if (state === 'left' || reply === null) return;
      const is = !reply.ok && reply.code === 'forbidden' ? 'forbidden' : 'failed';
      const next: AdminData<ReplyOf[T]> = reply.ok
        ? { is: 'ready', value: reply.value as ReplyOf[T] }
        : { is, message: reply.message };
      setData((before) => (JSON.stringify(before) === JSON.stringify(next) ? before : next));
    });
    return () => {
      state = 'left';
    };
  }, [live, type, manner, isOnline, round]);
  useFollowing(again, manner === 'followed' ? lookAgainMs : null);
  const put = useCallback((change: (value: ReplyOf[T]) => ReplyOf[T]) => {
    setData((before) => (before.is === 'ready' ? { is: 'ready', value: change(before.value) } : before));
  }, []);
  return { data, again, put };
}

/** Both, once both are there; the first that failed otherwise. */
export function bothOf<A, B>(a: AdminData<A>, b: AdminData<B>): AdminData<readonly [A, B]> {
  if (a.is === 'ready' && b.is === 'ready') return { is: 'ready', value: [a.value, b.value] };
  if (a.is === 'failed' || a.is === 'forbidden') return a;
  if (b.is === 'failed' || b.is === 'forbidden') return b;
  return { is: 'loading' };
}

export type Act = <C extends Command>(command: C, onDone: () => void) => Promise<Result<ReplyOf[C['type']]>>;

const away = 'Holdpoint cannot be reached right now. Nothing was changed; try again once it is back.';

/** Changes something. While the line is known to be away nothing is sent, and that is said. */
export function useAct(): Act {
  const live = useLivePart();
  return useCallback(
    (command, onDone) => {
      if (live.store.state.line.state !== 'online') return Promise.resolve(refuse('cannot_save', away));
      return answered(live.send(command), onDone);
    },
    [live],
  );
}
