'use client';

import { type ReactNode, useEffect, useState } from 'react';
import { BulkBar } from '@/components/queue/bulk/BulkBar';
import type { BulkDecision, BulkRead, BulkResult } from '@/components/queue/bulk/bulk-props';
import { KeysHeld } from '@/components/ui/KeysHeld';
import { lazily } from '@/components/ui/lazily';
import { pickedMost } from '@/components/queue/use-picking';
import type { RequestId } from '@/lib/domain/ids';
import type { RequestDetail } from '@/lib/domain/request-detail';
import { answerPicked, readPicked } from './bulk-answering';
import { useLivePart } from '../hooks';

const BulkDialog = lazily(
  () => import('@/components/queue/bulk/BulkDialog').then((file) => file.BulkDialog),
  <KeysHeld />,
);

export interface BulkContainerProps {
  readonly picked: ReadonlySet<RequestId>;
  readonly onPicked: (picked: ReadonlySet<RequestId>) => void;
}

/** What was picked, and answering it together. */
export function BulkContainer({ picked, onPicked }: BulkContainerProps): ReactNode {
  // The dialog keeps what it was opened with, whatever is picked meanwhile.
  const [ids, setIds] = useState<readonly RequestId[] | null>(null);
  return (
    <>
      <BulkBar
        count={picked.size}
        most={pickedMost}
        onAnswer={() => setIds([...picked])}
        onNone={() => onPicked(new Set())}
      />
      {ids === null ? null : <Together ids={ids} onPicked={onPicked} onClose={() => setIds(null)} />}
    </>
  );
}

interface TogetherProps extends Pick<BulkContainerProps, 'onPicked'> {
  readonly ids: readonly RequestId[];
  readonly onClose: () => void;
}

function Together({ ids, onPicked, onClose }: TogetherProps): ReactNode {
  const live = useLivePart();
  const [read, setRead] = useState<{ readonly reads: readonly BulkRead[]; readonly at: number } | null>(null);
  const [results, setResults] = useState<ReadonlyMap<RequestId, BulkResult> | null>(null);
  useEffect(() => {
    let state: 'wanted' | 'left' = 'wanted';
    void readPicked(live, ids).then((reads) => {
      if (state === 'wanted') setRead({ reads, at: Date.now() });
    });
    return () => {
      state = 'left';
    };
  }, [live, ids]);
  const send = (details: readonly RequestDetail[], decision: BulkDecision): void => {
    setResults(new Map(details.map(({ request }) => [request.requestId, { is: 'waiting' }])));
    const order = { ...decision, details, shownAt: read?.at ?? Date.now() };
    void answerPicked(live, order, (id, result) => setResults((before) => new Map(before ?? []).set(id, result)));
  };
  const close = (): void => {
    // What was not saved stays selected; so does what was not among them.
    if (results !== null) onPicked(new Set(ids.filter((id) => results.get(id)?.is !== 'saved')));
    onClose();
  };
  return <BulkDialog reads={read?.reads ?? null} results={results} onSend={send} onClose={close} />;
}
