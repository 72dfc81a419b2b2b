import type { Call, HeldCall } from '@/lib/domain/call';
import { plainLine } from '@/lib/domain/form/plain-text';
import { isPageFirst } from '@/lib/domain/permit';
import type { RequestDetail } from '@/lib/domain/request-detail';
import { turnBacksMost } from '@/lib/domain/turn-back';

export interface NotRunWords {
  readonly title: string;
  readonly words: string;
}

/** That the call was not run, and what becomes of it when the page is done; null where it is no such page, or over. */
export function notRunWords({ request, call, summary }: RequestDetail): NotRunWords | null {
  if (!isPageFirst(request) || request.state !== 'open' || !waitsForPages(call)) return null;
  const { server } = request;
  const tool = plainLine(call.tool);
  const others = call.requestIds.length - 1;
  const agent = plainLine(summary.session.agent.name);
  const wants = others < 1 ? 'this page' : `this page and ${others} more`;
  const done = others < 1 ? 'it is' : 'all of them are';
  const again = `${server} says so, and wants ${wants} visited first. When ${done} done, the call is sent once more.`;
  const ends = call.turnedBack < turnBacksMost ? '' : ` Turned back once more, ${agent} gets ${server}’s error.`;
  const times = call.turnedBack < 2 ? '' : ` It is asked for the ${ordinals[call.turnedBack] ?? 'next'} time.${ends}`;
  return call.interrupted === null
    ? { title: `${tool} was not run`, words: `${again}${times}` }
    : { title: `${tool} was not run this time`, words: `${again}${times} ${call.interrupted.why}` };
}

const ordinals: { readonly [times: number]: string } = { 2: 'second', 3: 'third' };

/** How many pages are still to be visited beside this one, or after it. */
export function pagesLeft({ request, call }: Pick<RequestDetail, 'request' | 'call'>): number {
  return waitsForPages(call) ? call.requestIds.filter((id) => id !== request.requestId).length : 0;
}

export function pagesWords(count: number): string {
  return count === 1 ? '1 more page' : `${count} more pages`;
}

function waitsForPages(call: Call | null): call is HeldCall {
  return call?.state === 'held' && call.reasons.includes('urls');
}
