'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useState } from 'react';
import { RequestComing } from '@/components/queue/RequestComing';
import { RequestGone } from '@/components/queue/RequestGone';
import { lookHref } from '@/components/queue/queue-href';
import { RequestFailed, RequestNotFound } from '@/components/request/RequestAbsent';
import { RequestLoading } from '@/components/request/RequestStates';
import type { RequestId } from '@/lib/domain/ids';
import type { Person } from '@/lib/domain/permission';
import type { QueueLook } from '@/lib/domain/queue-query';
import { useLive, useLivePart, useRequest } from '../hooks';

/** The screen, the forms and what reads them come with the first request that is opened. */
const ShownRequest = dynamic(() => import('./ShownRequest').then((file) => file.ShownRequest), {
  ssr: false,
  loading: RequestLoading,
});

const lostWords = 'The connection is lost. It is read when it is back.';

export interface RequestContainerProps {
  readonly requestId: RequestId;
  /** The list beside it. */
  readonly look: QueueLook;
  readonly person: Person;
}

/** One request on live data. */
export function RequestContainer(props: RequestContainerProps): ReactNode {
  const { requestId, look } = props;
  const live = useLivePart();
  const backHref = lookHref(look);
  const { detail, draft } = useRequest(requestId);
  const isRead = detail?.status === 'ready';
  const [wasShown, setWasShown] = useState(false);
  if (isRead && !wasShown) setWasShown(true);
  const item = useLive(({ queue }) => (isRead ? null : (queue.entries.get(requestId)?.item ?? null)));
  const isAway = useLive(({ line }) => !isRead && line.state === 'offline');
  if (isAway) return <RequestFailed words={lostWords} backHref={backHref} onRetry={() => live.retry()} />;
  if (detail === null || detail.status === 'reading')
    return item === null ? <RequestLoading /> : <RequestComing item={item} backHref={backHref} />;
  if (detail.status === 'ready') return <ShownRequest {...props} known={detail} draft={draft} />;
  if (detail.failure.code === 'not_found')
    return wasShown ? <RequestGone backHref={backHref} /> : <RequestNotFound backHref={backHref} />;
  return (
    <RequestFailed words={detail.failure.words} backHref={backHref} onRetry={() => live.reading.read(requestId)} />
  );
}
