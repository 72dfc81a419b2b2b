import { holdpoint } from '@/lib/domain/actor';
import { type Book, emptyBook, openCalls, openRequests } from '@/lib/domain/book';
import { sentOf } from '@/lib/domain/call';
import { isLiveConnection } from '@/lib/domain/connection';
import type { SavedSession } from './ports/store';
import type { Draft } from './session-log';

/** The book of a session as it was saved: what is open in full, what is over by count. */
export function bookFrom(saved: SavedSession): Book {
  const book = emptyBook();
  const { summary } = saved;
  book.session = summary.session;
  book.seq = summary.seq;
  book.lastEventAt = summary.lastEventAt;
  for (const connection of saved.connections) book.connections.set(connection.connectionId, connection);
  for (const call of saved.calls) book.calls.set(call.callId, call);
  for (const request of saved.requests) book.requests.set(request.requestId, request);
  book.carried = { calls: summary.totalCalls - saved.calls.length, servers: summary.servers };
  return book;
}

/**
 * Settles what a process that ended left behind: nothing is sent again (I3), every call gets an
 * outcome that is known or declared unknown, every saved answer is declared undelivered.
 */
export function settleLeftBehind(book: Book): readonly Draft[] {
  const session = book.session;
  if (session === null || session.state === 'ended') return [];
  const why = 'Holdpoint was restarted.';
  const events: Draft[] = [];
  const add = (body: Draft['body']): void => {
    events.push({ actor: holdpoint, body });
  };
  if (session.state === 'active') add({ type: 'session.ending', end: 'lost', reason: 'Holdpoint was restarted' });
  for (const request of openRequests(book)) add({ type: 'request.withdrawn', requestId: request.requestId, why });
  for (const request of book.requests.values()) {
    if (request.state === 'answered') add({ type: 'answer.undelivered', requestId: request.requestId, why });
  }
  for (const call of openCalls(book)) {
    if (sentOf(call) === null)
      add({ type: 'call.cancelled', callId: call.callId, by: 'ending', reason: `${why} It was never sent.` });
    else add({ type: 'call.indeterminate', callId: call.callId, why });
  }
  for (const connection of book.connections.values()) {
    if (isLiveConnection(connection)) add({ type: 'connection.lost', connectionId: connection.connectionId, why });
  }
  const { end, reason } =
    session.state === 'ending' ? session : { end: 'lost' as const, reason: 'Holdpoint was restarted' };
  add({ type: 'session.ended', end, reason });
  return events;
}
