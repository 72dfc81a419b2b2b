import { randomBytes } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { mintId, type RequestId, type SessionId } from '@/lib/domain/ids';
import type { Result } from '@/lib/domain/refusal';
import type { QueueItem } from '@/lib/domain/request-detail';
import type { SessionEvent } from '@/lib/domain/event';
import type { SessionSummary } from '@/lib/domain/summary';
import type { Command, ReplyOf } from '@/lib/protocol/commands';
import { type Push, readPush } from '@/lib/protocol/pushes';
import { protocolVersion } from '@/lib/protocol/version';
import type { Holdpoint } from './holdpoint';

/** One socket may say 50 commands a second, so the answers of one person are spread over her windows. */
const windows = 12;
const ackTimeoutMs = 30_000;
const beyondAnySeq = 1_000_000_000;

/** Someone signed in, over real WebSockets, who answers each request as soon as the queue shows it. */
export interface Person {
  /** When the queue showed each request, epoch milliseconds. */
  readonly seenAt: ReadonlyMap<RequestId, number>;
  /** The request shown last. */
  readonly lastShown: () => QueueItem | null;
  readonly sessions: () => Promise<readonly SessionSummary[]>;
  readonly events: (id: SessionId) => Promise<readonly SessionEvent[]>;
  /** Watches a session until the returned function is called, which says what was pushed, in order. */
  readonly watch: (id: SessionId) => Promise<() => Promise<readonly Push[]>>;
  close(): void;
}

/** `onTrouble` hears of an answer that was refused: the round trip it belongs to would wait for ever. */
export async function seatPerson(holdpoint: Holdpoint, onTrouble: (error: Error) => void): Promise<Person> {
  const [queue, reader, ...answering] = await Promise.all(
    Array.from({ length: windows + 2 }, () => openWindow(holdpoint)),
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
    const socket = answering[turn % answering.length] ?? queue;
    answer(socket, item).catch((error: unknown) =>
      onTrouble(error instanceof Error ? error : new Error(String(error))),
    );
  };
  onPush(queue, (push) => {
    if (push.type === 'request.changed') show(push.item);
  });
  for (const item of (await say(queue, { type: 'queue.watch' })).open) show(item);
  return {
    seenAt,
    lastShown: () => last,
    sessions: async () =>
      (await say(reader, { type: 'sessions.watch', live: true, search: null, before: null })).sessions,
    events: (id) => readEvents(reader, id),
    watch: (id) => watchSession(reader, id),
    close: () => {
      for (const socket of [queue, reader, ...answering]) socket.disconnect();
    },
  };
}

async function openWindow({ origin, cookie }: Holdpoint): Promise<Socket> {
  const socket = io(origin, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: { cookie },
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  await say(socket, { type: 'hello', version: protocolVersion });
  return socket;
}

async function say<C extends Command>(socket: Socket, command: C): Promise<ReplyOf[C['type']]> {
  const reply = (await socket.timeout(ackTimeoutMs).emitWithAck('command', command)) as Result<ReplyOf[C['type']]>;
  if (!reply.ok) throw new Error(`${command.type} was refused: ${reply.message}`);
  return reply.value;
}

function onPush(socket: Socket, hear: (push: Push) => void): () => void {
  const listener = (message: unknown): void => {
    const push = readPush(message);
    if (push !== null) hear(push);
  };
  socket.on('push', listener);
  return () => void socket.off('push', listener);
}

/** The question itself is the answer, so that the agent can tell whose it got. */
async function answer(socket: Socket, { request }: QueueItem): Promise<void> {
  await say(socket, {
    type: 'request.answer',
    requestId: request.requestId,
    operationId: mintId('operation', randomBytes),
    revision: request.revision,
    action: 'accept',
    reason: null,
    content: { word: request.title },
  });
}

async function readEvents(socket: Socket, sessionId: SessionId): Promise<readonly SessionEvent[]> {
  const events: SessionEvent[] = [];
  for (let more = true; more; ) {
    const page = await say(socket, { type: 'session.watch', sessionId, afterSeq: events.at(-1)?.seq ?? 0 });
    events.push(...page.events);
    more = page.more;
  }
  await say(socket, { type: 'session.unwatch', sessionId });
  return events;
}

/** Joins without reading what was before. */
async function watchSession(socket: Socket, sessionId: SessionId): Promise<() => Promise<readonly Push[]>> {
  const seen: Push[] = [];
  const stopHearing = onPush(socket, (push) => {
    if ('sessionId' in push && push.sessionId === sessionId) seen.push(push);
  });
  await say(socket, { type: 'session.watch', sessionId, afterSeq: beyondAnySeq });
  await say(socket, { type: 'session.raw', sessionId, afterSeq: beyondAnySeq });
  return async () => {
    await say(socket, { type: 'session.unwatch', sessionId });
    stopHearing();
    return seen;
  };
}
