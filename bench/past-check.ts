import { isDeepStrictEqual } from 'node:util';
import { emptyBook, foldEvent } from '@/lib/domain/book';
import type { SessionEvent } from '@/lib/domain/event';
import type { SessionId } from '@/lib/domain/ids';
import { summaryOf } from '@/lib/domain/summary';
import type { OpenedStore } from './saved';

type Reads = Pick<OpenedStore['store'], 'events' | 'session' | 'call' | 'request'>;

const pageOf = 200;

/** Reads sessions back and folds their events: each row must say what they come to. Throws where one does not. */
export async function checkPast(store: Reads, ids: readonly SessionId[]): Promise<void> {
  for (const id of ids) await checkSession(store, id);
}

async function checkSession(store: Reads, id: SessionId): Promise<void> {
  const book = emptyBook();
  for (const event of await allEvents(store, id)) {
    const folded = foldEvent(book, event);
    if (!folded.ok) throw new Error(`${id}: ${event.type} does not follow: ${folded.message}`);
  }
  if (book.session?.state !== 'ended') throw new Error(`${id} has not ended`);
  const same = (name: string, folded: unknown, saved: unknown): void => {
    if (!isDeepStrictEqual(folded, saved)) throw new Error(`${id}: its ${name} is not what its events come to`);
  };
  same('summary', summaryOf(book, book.session), await store.session(id));
  for (const call of book.calls.values()) same('call', { sessionId: id, call }, await store.call(call.callId));
  for (const request of book.requests.values()) same('request', request, await store.request(request.requestId));
}

async function allEvents(store: Reads, id: SessionId): Promise<readonly SessionEvent[]> {
  const all: SessionEvent[] = [];
  for (;;) {
    const page = await store.events(id, { afterSeq: all.at(-1)?.seq ?? 0, limit: pageOf });
    all.push(...page);
    if (page.length < pageOf) return all;
  }
}
