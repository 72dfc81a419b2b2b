import { setImmediate as turn } from 'node:timers/promises';
import { openCalls, openRequests } from '@/lib/domain/book';
import type { EventType, SessionEvent } from '@/lib/domain/event';
import type { SessionId } from '@/lib/domain/ids';
import type { SessionFound, SessionPage, SessionPlace } from '@/lib/domain/session-page';
import type { EventLook } from '@/lib/domain/timeline/find';
import type { EngineParts } from './parts';
import { searchSession } from './session-search';

/** Small, so that it is there soon; the pages before it are larger. */
const newestPage = 300;
const beforePage = 1_000;
const aroundPage = 300;
const openersPage = 500;
/** A session whose beginning lies further back shows its old calls when they are read. */
const openersMost = 20_000;

const opening: readonly EventType[] = [
  'call.received',
  'call.sent',
  'request.opened',
  'connection.opening',
  'connection.ready',
  'session.ending',
];

/** Reads a session's events from wherever a page wants them. */
export class SessionReading {
  constructor(private readonly parts: Pick<EngineParts, 'store' | 'live'>) {}

  async page(id: SessionId, place: SessionPlace): Promise<SessionPage> {
    const { store } = this.parts;
    switch (place.is) {
      case 'newest':
        return this.withOrigins(id, await this.before(id, Number.MAX_SAFE_INTEGER, newestPage));
      case 'before':
        return this.before(id, place.seq, beforePage);
      case 'around':
        return this.around(id, place.seq);
      case 'at':
        return this.around(id, await store.seqAt(id, place.at));
    }
  }

  find(id: SessionId, look: EventLook, gone: AbortSignal): Promise<SessionFound> {
    return searchSession(this.parts.store, { id, look }, gone);
  }

  private async before(id: SessionId, seq: number, limit: number): Promise<SessionPage> {
    const events = await this.parts.store.eventsBefore(id, { beforeSeq: seq, limit, types: null });
    const first = events.length < limit ? 1 : (events[0]?.seq ?? 1);
    return { events, origins: [], fromSeq: first, throughSeq: events.at(-1)?.seq ?? first - 1 };
  }

  private async around(id: SessionId, seq: number): Promise<SessionPage> {
    return this.withOrigins(id, await this.before(id, seq + Math.floor(aroundPage / 2), aroundPage));
  }

  private async withOrigins(id: SessionId, page: SessionPage): Promise<SessionPage> {
    if (page.fromSeq <= 1) return page;
    const [started] = await this.parts.store.events(id, { afterSeq: 0, limit: 1 });
    const found = started === undefined ? [] : [started];
    const wanted = wantedBy(page.events);
    for (const open of this.openOf(id)) wanted.add(open);
    for (const event of page.events) if (isFirst(event)) wanted.delete(idOf(event));
    let { fromSeq: beforeSeq } = page;
    for (let read = 0; wanted.size > 0 && read < openersMost; read += openersPage) {
      const events = await this.parts.store.eventsBefore(id, { beforeSeq, limit: openersPage, types: opening });
      for (const event of events.toReversed()) if (takeOrigin(event, wanted)) found.push(event);
      if (events.length < openersPage) break;
      beforeSeq = events[0]?.seq ?? 0;
      await turn();
    }
    return { ...page, origins: found.sort((a, b) => a.seq - b.seq) };
  }

  /** What is open now belongs on the first picture, however long ago it began. */
  private openOf(id: SessionId): readonly string[] {
    const book = this.parts.live.get(id)?.log.book;
    if (book === undefined) return [];
    const connections = [...book.connections.values()].filter(({ state }) => state !== 'closed' && state !== 'lost');
    return [
      ...openCalls(book).map(({ callId }) => callId),
      ...openRequests(book).map(({ requestId }) => requestId),
      ...connections.map(({ connectionId }) => connectionId),
    ];
  }
}

function isFirst({ type }: SessionEvent): boolean {
  return type === 'call.received' || type === 'request.opened' || type === 'connection.opening';
}

function idOf(event: SessionEvent): string {
  if (event.type.startsWith('call.') && 'callId' in event) return event.callId ?? '';
  if ('requestId' in event) return event.requestId;
  return 'connectionId' in event ? event.connectionId : '';
}

function wantedBy(events: readonly SessionEvent[]): Set<string> {
  const wanted = new Set<string>();
  for (const event of events) {
    wanted.add(idOf(event));
    if (event.type === 'request.opened' && event.callId !== null) wanted.add(event.callId);
  }
  wanted.delete('');
  return wanted;
}

/** Events are told the newest first: what a call was sent as is known before how it began, and a question before its call. */
function takeOrigin(event: SessionEvent, wanted: Set<string>): boolean {
  if (event.type === 'session.ending') return true;
  const id = idOf(event);
  if (!wanted.has(id)) return false;
  if (isFirst(event)) wanted.delete(id);
  if (event.type === 'request.opened' && event.callId !== null) wanted.add(event.callId);
  return true;
}
