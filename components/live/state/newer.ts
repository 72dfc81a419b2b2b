import type { QueueItem } from '@/lib/domain/request-detail';

/** An item with the session's `seq` it was told at: of two copies the higher is newer (I12). */
export interface Told {
  readonly item: QueueItem;
  readonly seq: number;
}

export function isNewer(fresh: Told, known: Told): boolean {
  return fresh.seq > known.seq;
}
