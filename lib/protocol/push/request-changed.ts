import type { QueueItem } from '@/lib/domain/request-detail';

/** A request opened or changed, or what it needs went away or came back. */
export interface RequestChangedPush {
  readonly type: 'request.changed';
  /** Of two copies of one request the higher is newer (I12): the session's at this change. */
  readonly seq: number;
  readonly item: QueueItem;
}
