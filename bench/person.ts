import type { RequestId, SessionId } from '@/lib/domain/ids';
import type { QueueItem } from '@/lib/domain/request-detail';
import type { SessionEvent } from '@/lib/domain/event';
import type { SessionSummary } from '@/lib/domain/summary';
import { type Seat, OpenWindow } from './window';
import { watchOpen } from '@/tests/support/looks';

/** One window may say 50 commands a second, so the answers of one person are spread over hers. */
const windows = 12;

/** Someone signed in, over real WebSockets, who answers each request as soon as the queue shows it. */
export interface Person {
  /** When the queue showed each request, epoch milliseconds. */
  readonly seenAt: ReadonlyMap<RequestId, number>;
  /** The request shown last. */
  readonly lastShown: () => QueueItem | null;
  readonly sessions: () => Promise<readonly SessionSummary[]>;
  readonly events: (id: SessionId) => Promise<readonly SessionEvent[]>;
  close(): void;
}

/** `onTrouble` hears of an answer that was refused: the round trip it belongs to would wait for ever. */
export async function seatPerson(seat: Seat, onTrouble: (error: Error) => void): Promise<Person> {
  const [queue, reader, ...answering] = await Promise.all(
    Array.from({ length: windows + 2 }, () => OpenWindow.open(seat)),
  );
  if (queue === undefined || reader === undefined) throw new Error('No window was opened');
  const seenAt = new Map<RequestId, number>();
  let turn = 0;
  let last: QueueItem | null = null;
  const show = (item: QueueItem): void => {
    const { request } = item;
    if (request.state !== 'open' || seenAt.has(request.requestId)) return;
    seenAt.set(request.requestId, Date.now());
    turn += 1;
    last = item;
    const window = answering[turn % answering.length] ?? queue;
    window
      .answer(request)
      .catch((error: unknown) => onTrouble(error instanceof Error ? error : new Error(String(error))));
  };
  queue.onPush((push) => {
    if (push.type === 'request.changed') show(push.item);
  });
  for (const item of (await queue.say(watchOpen)).items) show(item);
  return {
    seenAt,
    lastShown: () => last,
    sessions: async () =>
      (await reader.say({ type: 'sessions.watch', live: true, search: null, before: null })).sessions,
    events: (id) => readEvents(reader, id),
    close: () => {
      for (const window of [queue, reader, ...answering]) window.close();
    },
  };
}

async function readEvents(window: OpenWindow, sessionId: SessionId): Promise<readonly SessionEvent[]> {
  const events: SessionEvent[] = [];
  for (let more = true; more; ) {
    const page = await window.say({ type: 'session.watch', sessionId, afterSeq: events.at(-1)?.seq ?? 0 });
    events.push(...page.events);
    more = page.more;
  }
  await window.say({ type: 'session.unwatch', sessionId });
  return events;
}
