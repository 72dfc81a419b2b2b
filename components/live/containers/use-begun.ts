'use client';

import { useMemo } from 'react';
import type { RequestId } from '@/lib/domain/ids';
import { queueItem } from '@/lib/domain/queue-item';
import type { QueueItem } from '@/lib/domain/request-detail';
import { useDrafted, useLive } from '../hooks';

/** Open requests that hold text of this person, as far as this page has read them. */
export function useBegun(): readonly QueueItem[] {
  const drafted = useDrafted();
  const details = useLive((state) => (drafted.size === 0 ? null : state.details));
  return useMemo(
    () =>
      [...drafted].flatMap((id): readonly QueueItem[] => {
        const known = details?.get(id as RequestId);
        if (known?.status !== 'ready' || known.detail.request.state !== 'open') return [];
        return [queueItem(known.detail, known.detail.summary)];
      }),
    [drafted, details],
  );
}
