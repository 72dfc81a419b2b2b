import type { HoldRequest } from '@/lib/domain/request';
import type { QueueItem } from '@/lib/domain/request-detail';

/** An item with the `seq` of its session it was told at; 0 when nobody said. */
export interface Told {
  readonly item: QueueItem;
  readonly seq: number;
}

const ranks: { readonly [S in HoldRequest['state']]: number } = {
  open: 0,
  answered: 1,
  delivered: 2,
  undelivered: 2,
  expired: 2,
  withdrawn: 2,
};

/** Negative when `a` is an earlier stage of the same request than `b`. A request never goes back (I12). */
export function compareStage(a: HoldRequest, b: HoldRequest): number {
  return a.revision - b.revision || ranks[a.state] - ranks[b.state] || receiptStages(a) - receiptStages(b);
}

function receiptStages(request: HoldRequest): number {
  if (!('receipt' in request)) return 0;
  const { sentAt, acceptedAt, movedOnAt } = request.receipt;
  return [sentAt, acceptedAt, movedOnAt].filter((at) => at !== null).length;
}

/** Of two for one request the higher seq is newer; where one has none, the later stage. */
export function isNewer(fresh: Told, known: Told): boolean {
  if (fresh.seq > 0 && known.seq > 0) return fresh.seq > known.seq;
  return compareStage(fresh.item.request, known.item.request) >= 0;
}
