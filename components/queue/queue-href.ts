import type { RequestId } from '@/lib/domain/ids';
import type { QueueView } from '@/lib/domain/queue';

/** The address of a view. */
export function viewHref(view: QueueView): string {
  return view === 'open' ? '/queue' : `/queue?view=${view}`;
}

/** The address of a request, keeping the view beside it. */
export function requestHref(id: RequestId, view: QueueView): string {
  return view === 'open' ? `/queue/${id}` : `/queue/${id}?view=${view}`;
}
