import type { QueueItem } from '@/lib/domain/request-detail';

/** A request opened or changed. */
export interface RequestChangedPush {
  readonly type: 'request.changed';
  /** `item.request.seq`: of two copies of one request the higher is newer (I12). */
  readonly seq: number;
  readonly item: QueueItem;
}
