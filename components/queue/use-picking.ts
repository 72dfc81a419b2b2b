'use client';

import { useCallback, useEffect, useRef } from 'react';
import type { RequestId } from '@/lib/domain/ids';
import type { HoldRequest } from '@/lib/domain/request';
import type { QueueScreenProps } from './queue-props';

/** Answered together are so many at most. */
export const pickedMost = 50;

export interface Picking {
  readonly pick: (id: RequestId, reach: 'one' | 'to') => void;
  readonly toggle: (id: RequestId) => void;
  /** All that ask for the same, as far as the list was read. */
  readonly alike: (id: RequestId) => void;
  readonly none: () => void;
}

/** Selecting rows: one by one, or all between the last one and this. */
export function usePicking(
  ids: readonly RequestId[],
  { picked, onPicked, content }: Pick<QueueScreenProps, 'picked' | 'onPicked' | 'content'>,
): Picking {
  const last = useRef<RequestId | null>(null);
  const now = useRef({ ids, picked, content });
  useEffect(() => {
    now.current = { ids, picked, content };
  });
  const pick = useCallback(
    (id: RequestId, reach: 'one' | 'to'): void => {
      const { ids: all, picked: before, content: shown } = now.current;
      const isOpen = (each: RequestId): boolean =>
        shown.state === 'ready' && shown.itemOf(each)?.request.state === 'open';
      const next = new Set(before);
      const from = last.current === null ? -1 : all.indexOf(last.current);
      const to = all.indexOf(id);
      if (reach === 'one' || from === -1 || to === -1) {
        if (!next.delete(id) && isOpen(id)) next.add(id);
      } else {
        for (const each of all.slice(Math.min(from, to), Math.max(from, to) + 1)) if (isOpen(each)) next.add(each);
      }
      last.current = id;
      onPicked(new Set([...next].slice(0, pickedMost)));
    },
    [onPicked],
  );
  const toggle = useCallback((id: RequestId) => pick(id, 'one'), [pick]);
  const alike = useCallback(
    (id: RequestId): void => {
      const { ids: all, picked: before, content: shown } = now.current;
      const requestOf = (each: RequestId): HoldRequest | undefined =>
        shown.state === 'ready' ? shown.itemOf(each)?.request : undefined;
      const like = requestOf(id);
      const isLike = (each: RequestId): boolean => {
        const request = requestOf(each);
        return request?.state === 'open' && like !== undefined && sameTask(request, like);
      };
      last.current = id;
      onPicked(new Set([...before, ...all.filter(isLike)].slice(0, pickedMost)));
    },
    [onPicked],
  );
  const none = useCallback(() => onPicked(new Set()), [onPicked]);
  return { pick, toggle, alike, none };
}

function sameTask(a: HoldRequest, b: HoldRequest): boolean {
  return a.kind === b.kind && a.server === b.server && a.tool === b.tool;
}
