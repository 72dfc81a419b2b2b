'use client';

import { type ReactNode, useMemo, useState } from 'react';
import { EndingNotices } from '@/components/ending/EndingNotices';
import type { EndOperation } from '@/lib/domain/end-operation';
import type { EndingId } from '@/lib/domain/ids';
import { useLivePart } from '../hooks';
import { FollowEnding } from './EndManyContainer';
import { useEndings } from './use-endings';

const nothing: readonly EndOperation[] = [];

export interface EndingNoticesContainerProps {
  /** Those whose end was seen already. */
  readonly seen: ReadonlySet<EndingId>;
  readonly onSeen: (id: EndingId) => void;
}

/** Orders that run, and those that came to their end while this page was open; for who may end sessions. */
export function EndingNoticesContainer({ seen, onSeen }: EndingNoticesContainerProps): ReactNode {
  const { data } = useEndings('may');
  const endings = data.is === 'ready' ? data.value.endings : nothing;
  const { state } = useLivePart().store;
  const [openedAt] = useState(() => Date.now() + state.clockOffsetMs);
  const [shown, setShown] = useState<EndOperation | null>(null);
  const told = useMemo(
    () => endings.filter(({ endingId, endedAt }) => endedAt === null || (endedAt >= openedAt && !seen.has(endingId))),
    [endings, openedAt, seen],
  );
  return (
    <>
      <EndingNotices endings={told} onShow={setShown} onForget={onSeen} />
      {shown === null ? null : (
        <FollowEnding
          key={shown.endingId}
          operation={shown}
          onClose={(last) => {
            setShown(null);
            if (last.endedAt !== null) onSeen(last.endingId);
          }}
        />
      )}
    </>
  );
}
