import { createHash } from 'node:crypto';
import { type Book, openCalls, openRequests } from '@/lib/domain/book';
import { sentOf } from '@/lib/domain/call';

/** Stands for what ending this session would do: the same while nothing of that changed, whatever progress came in. */
export function printOf(book: Book): string {
  const calls = openCalls(book).map((call) => `${call.callId} ${sentOf(call) === null ? 'held' : call.risk}`);
  const requests = openRequests(book).map(({ requestId }) => requestId);
  const hash = createHash('sha256')
    .update([...calls, '', ...requests].sort().join('\n'))
    .digest('hex')
    .slice(0, 16);
  const sent = openCalls(book).filter((call) => sentOf(call) !== null).length;
  return [hash, sent, calls.length - sent, requests.length].join('.');
}

/** How a session is another than the print says, in words; null when it is not. */
export function changeWords(before: string, now: string): string | null {
  if (before === now) return null;
  const [, ...was] = before.split('.').map(Number);
  const [, ...is] = now.split('.').map(Number);
  const nouns = ['call in flight', 'held call', 'open request'];
  const changes = nouns.flatMap((noun, at) => {
    const from = was[at] ?? 0;
    const to = is[at] ?? 0;
    return from === to ? [] : [`${to} ${noun}${to === 1 ? '' : 's'} instead of ${from}`];
  });
  return changes.length === 0 ? 'Other calls or requests than the preview showed.' : `${changes.join(', ')}.`;
}
