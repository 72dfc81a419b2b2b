import { holdpoint } from '@/lib/domain/actor';
import { type Book, openCalls, openRequests } from '@/lib/domain/book';
import { type Call, sentOf } from '@/lib/domain/call';
import { isLiveConnection } from '@/lib/domain/connection';
import type { EventBody } from '@/lib/domain/event';
import { Committer } from './commit';
import type { Clock } from './ports/clock';
import type { Log } from './ports/log';
import { noMaskingRules } from './ports/masking';
import type { Store } from './ports/store';
import { bookFrom } from './recover';
import { SessionLog } from './session-log';

/**
 * Ends every session that was live when a backup was made, in the log and without a word to anyone: what happened after
 * the backup is not known, so nothing of it may be sent (again), answered or asked (I3, I4). To how many.
 */
export async function endRestored(
  ports: { readonly store: Store; readonly clock: Clock; readonly log: Log },
  backupAt: number,
): Promise<number> {
  const { store, clock, log } = ports;
  const publisher = { publish: () => {} };
  const committer = new Committer({ store, publisher, log });
  const words = `Restored from a backup of ${new Date(backupAt).toISOString()}`;
  const sessions = await store.loadLive();
  for (const saved of sessions) {
    const { sessionId } = saved.summary.session;
    const session = new SessionLog(sessionId, bookFrom(saved), {
      committer,
      clock,
      masking: noMaskingRules,
      publisher,
      readEvents: (id, afterSeq) => store.events(id, { afterSeq, limit: 1_000 }),
      onEffects: () => {},
      rawSeq: saved.rawSeq,
    });
    const ended = await session.change((book) => ({
      events: endingOf(book, words).map((body) => ({ actor: holdpoint, body })),
      value: null,
    }));
    if (!ended.ok) throw new Error(`Session ${sessionId} of the backup could not be ended: ${ended.message}`);
  }
  return sessions.length;
}

function endingOf(book: Book, words: string): readonly EventBody[] {
  const reason = `${words}; what happened after it is not known`;
  const events: EventBody[] = [];
  if (book.session?.state === 'active') events.push({ type: 'session.ending', end: 'lost', reason });
  for (const { requestId } of openRequests(book))
    events.push({ type: 'request.withdrawn', requestId, why: `${words}.` });
  for (const { requestId, state } of book.requests.values())
    if (state === 'answered')
      events.push({ type: 'answer.undelivered', requestId, why: `${words}: whether it arrived is not known.` });
  for (const call of openCalls(book)) events.push(endOf(call, words));
  for (const connection of book.connections.values())
    if (isLiveConnection(connection))
      events.push({ type: 'connection.lost', connectionId: connection.connectionId, why: `${words}.` });
  events.push({ type: 'session.ended', end: 'lost', reason });
  return events;
}

/** One that had not left by then may have been approved and have left since: of neither is the outcome known. */
function endOf(call: Call, words: string): EventBody {
  const { callId } = call;
  const unsent =
    call.turnedBack > 0
      ? 'By then its server had said that it was not run; whether it was sent again after that is not known.'
      : 'It had not been sent by then; whether it was let go and run after that is not known.';
  const why =
    sentOf(call) === null
      ? `${words}. ${unsent}`
      : `${words}. It had been sent by then; what became of it is not known.`;
  return { type: 'call.indeterminate', callId, why, restored: true };
}
