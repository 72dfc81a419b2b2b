import type { RequestId } from '@/lib/domain/ids';

/** A request that was this person's to see is no more: it was routed elsewhere. */
export interface RequestGonePush {
  readonly type: 'request.gone';
  readonly seq: number;
  readonly requestId: RequestId;
}
