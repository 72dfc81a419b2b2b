import type { RequestOpening } from './event';

/**
 * Whether an answer lets its call go, or not, rather than answering a server that waits for it. Of a page to visit: its
 * server did not run the call and said so, so nothing waits there.
 */
export function isPermit(request: Pick<RequestOpening, 'kind' | 'upstream'>): boolean {
  return request.kind === 'approval' || request.kind === 'recovery' || isPageFirst(request);
}

/** A page that is to be visited before its call is sent again. */
export function isPageFirst({ kind, upstream }: Pick<RequestOpening, 'kind' | 'upstream'>): boolean {
  return kind === 'url' && upstream === null;
}
