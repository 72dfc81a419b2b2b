import type { RequestId } from '@/lib/domain/ids';
import type { HoldRequest } from '@/lib/domain/request';
import { queueItem } from '@/lib/domain/queue-item';
import type { RequestDetail } from '@/lib/domain/request-detail';
import type { Failure } from './failure';
import type { Told } from './newer';

/** What is known of one request that was opened. */
export type DetailState =
  | { readonly status: 'reading' }
  /** `readFor`: the stage it was read at; when the request moved on, what may be done is asked again. */
  | { readonly status: 'ready'; readonly detail: RequestDetail; readonly seq: number; readonly readFor: string }
  | { readonly status: 'failed'; readonly failure: Failure };

export type DetailsState = ReadonlyMap<RequestId, DetailState>;

export const noDetails: DetailsState = new Map();
export const detailReading: DetailState = { status: 'reading' };

const goneWords = 'It was handed to others and is not yours to see any more.';

/** What a detail depends on: it is read again when this changes. */
export function stageKey(request: HoldRequest): string {
  return `${request.revision} ${request.state}`;
}

/** A detail that was read, with what is known better laid over it. */
export function detailRead(details: DetailsState, detail: RequestDetail, told: Told | null): DetailsState {
  const { requestId, seq } = detail.request;
  const before = details.get(requestId);
  const own: Told = { item: queueItem(detail, detail.summary), seq };
  const known: Told | null =
    before?.status === 'ready'
      ? { item: queueItem(before.detail, before.detail.summary), seq: before.detail.request.seq }
      : null;
  const newest = [own, told, known].reduce<Told>(
    (best, each) => (each !== null && each.item.request.seq > best.item.request.seq ? each : best),
    own,
  );
  const merged: RequestDetail = { ...detail, request: newest.item.request, call: newest.item.call ?? detail.call };
  const state: DetailState = {
    status: 'ready',
    detail: merged,
    seq: newest.seq,
    readFor: stageKey(detail.request),
  };
  return new Map(details).set(requestId, state);
}

/** Lays the queue's newer items over the details that are open, before they are read again. */
export function detailsTold(details: DetailsState, told: readonly Told[]): DetailsState {
  let next: Map<RequestId, DetailState> | null = null;
  for (const { item, seq } of told) {
    const known = (next ?? details).get(item.request.requestId);
    if (known?.status !== 'ready' || seq <= known.seq) continue;
    next ??= new Map(details);
    next.set(item.request.requestId, {
      ...known,
      seq,
      detail: { ...known.detail, request: item.request, call: item.call ?? known.detail.call },
    });
  }
  return next ?? details;
}

/** Requests that are not this person's to see any more: what was read of them is forgotten (I11). */
export function detailsGone(
  details: DetailsState,
  gone: readonly { readonly requestId: RequestId; readonly seq: number }[],
): DetailsState {
  let next: Map<RequestId, DetailState> | null = null;
  for (const { requestId, seq } of gone) {
    const known = (next ?? details).get(requestId);
    if (known === undefined || known.status === 'failed' || (known.status === 'ready' && known.seq > seq)) continue;
    next ??= new Map(details);
    next.set(requestId, { status: 'failed', failure: { code: 'not_found', words: goneWords } });
  }
  return next ?? details;
}

/** A request that came as the reply to a command: its push may say more of its call. */
export function detailAdvanced(details: DetailsState, request: HoldRequest): DetailsState {
  const known = details.get(request.requestId);
  if (known?.status !== 'ready' || request.seq <= known.seq) return details;
  const seq = request.seq - 0.5;
  return new Map(details).set(request.requestId, { ...known, seq, detail: { ...known.detail, request } });
}

export function withDetail(details: DetailsState, requestId: RequestId, state: DetailState): DetailsState {
  return new Map(details).set(requestId, state);
}
