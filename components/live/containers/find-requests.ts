import { outcomeWords, titleWords } from '@/components/request/words';
import type { FoundRequest } from '@/components/shell/shell-props';
import type { Live } from '../live';

/** Of what is open, and of what is over. */
const foundMost = 20;

/** Requests by words or id, what is over as well; null when they could not be asked for. */
export async function findRequests(live: Live, text: string): Promise<readonly FoundRequest[] | null> {
  const items = await live.queueing.find(text);
  if (items === null) return null;
  const open = items.filter(({ request }) => request.state === 'open').slice(0, foundMost);
  const over = items.filter(({ request }) => request.state !== 'open').slice(0, foundMost);
  return [...open, ...over].map(({ request, agent }) => ({
    id: request.requestId,
    title: titleWords(request),
    from: [outcomeWords(request), request.server, request.tool, agent].filter((part) => part !== null).join(' · '),
  }));
}
