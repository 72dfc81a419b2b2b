import type { RequestId } from '@/lib/domain/ids';
import type { HoldRequest } from '@/lib/domain/request';
import type { RequestDetail } from '@/lib/domain/request-detail';
import type { Failure } from './failure';
import { compareStage, type Told } from './newer';

/** What is known of one request that was opened. */
export type DetailState =
  | { readonly status: 'reading' }
  /** `readFor`: the stage it was read at; when the request moved on, what may be done is asked again. */
  | { readonly status: 'ready'; readonly detail: RequestDetail; readonly seq: number; readonly readFor: string }
  | { readonly status: 'failed'; readonly failure: Failure };

export type DetailsState = ReadonlyMap<RequestId, DetailState>;

export const noDetails: DetailsState = new Map();
export const detailReading: DetailState = { status: 'reading' };

/** What a detail depends on: it is read again when this changes. */
export function stageKey(request: HoldRequest): string {
  return `${request.revision} ${request.state}`;
}

/** A detail that was read, with what the queue knows better laid over it. */
export function detailRead(details: DetailsState, detail: RequestDetail, told: Told | null): DetailsState {
  const own: Told = {
    item: { request: detail.request, call: detail.call, agent: detail.summary.session.agent.name },
    seq: detail.summary.seq,
  };
  const known = details.get(detail.request.requestId);
  const isAhead = told !== null && (told.seq > own.seq || compareStage(told.item.request, own.item.request) > 0);
  const newest = isAhead ? told : own;
  const kept =
    known?.status === 'ready' && compareStage(known.detail.request, newest.item.request) > 0
      ? known.detail
      : newest.item;
  const merged: RequestDetail = { ...detail, request: kept.request, call: kept.call };
  const state: DetailState = {
    status: 'ready',
    detail: merged,
    seq: Math.max(newest.seq, own.seq),
    readFor: stageKey(detail.request),
  };
  return new Map(details).set(detail.request.requestId, state);
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

/** A request that came as the reply to a command. */
export function detailAdvanced(details: DetailsState, request: HoldRequest): DetailsState {
  const known = details.get(request.requestId);
  if (known?.status !== 'ready' || compareStage(request, known.detail.request) <= 0) return details;
  return new Map(details).set(request.requestId, { ...known, detail: { ...known.detail, request } });
}

export function withDetail(details: DetailsState, requestId: RequestId, state: DetailState): DetailsState {
  return new Map(details).set(requestId, state);
}
