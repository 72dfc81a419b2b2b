import type { Call } from '@/lib/domain/call';
import type { RequestKind } from '@/lib/domain/event';
import { isPageFirst } from '@/lib/domain/permit';
import type { HoldRequest } from '@/lib/domain/request';

/**
 * A kind as far as words tell it apart: a page that comes before its call is no answer to a server that waits. Where an
 * earlier run of the call may have taken effect (`page_again`), nobody hears that nothing ran.
 */
export type AskedAs = RequestKind | 'page_first' | 'page_again';

export function askedAs(asked: {
  readonly request: Pick<HoldRequest, 'kind' | 'upstream'>;
  readonly call: Call | null;
}): AskedAs {
  const { request, call } = asked;
  if (!isPageFirst(request)) return request.kind;
  return call !== null && mayHaveRun(call) ? 'page_again' : 'page_first';
}

function mayHaveRun(call: Call): boolean {
  return call.state === 'held' ? call.interrupted !== null : call.state === 'indeterminate';
}
