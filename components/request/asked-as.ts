import type { RequestKind } from '@/lib/domain/event';
import { isPageFirst } from '@/lib/domain/permit';
import type { HoldRequest } from '@/lib/domain/request';

/** A kind as far as words tell it apart: a page that comes before its call is no answer to a server that waits. */
export type AskedAs = RequestKind | 'page_first';

export function askedAs(request: Pick<HoldRequest, 'kind' | 'upstream'>): AskedAs {
  return isPageFirst(request) ? 'page_first' : request.kind;
}
