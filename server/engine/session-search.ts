import { setImmediate as turn } from 'node:timers/promises';
import type { SessionEvent } from '@/lib/domain/event';
import type { SessionId } from '@/lib/domain/ids';
import type { SessionFound } from '@/lib/domain/session-page';
import { type EventLook, isLookedFor } from '@/lib/domain/timeline/find';
import type { EventRow } from '@/lib/domain/timeline/row';
import { RunningNames } from '@/lib/domain/timeline/running-names';
import type { Store } from './ports/store';

const readPage = 500;
const foundMost = 300;
/** Of one call: how it began, and the newest after that. A server may ask without end while a call lasts. */
const openersMost = 100;

/**
 * Goes through a session's events, the oldest first, and lets others have their turn between pages. Names and the
 * places of what began each call are all it keeps of a session of any length. Stops when `gone`.
 */
export async function searchSession(
  store: Pick<Store, 'events' | 'eventsAt'>,
  { id, look }: { readonly id: SessionId; readonly look: EventLook },
  gone: AbortSignal,
): Promise<SessionFound> {
  const names = new RunningNames();
  const openers = new Openers();
  let total = 0;
  let found: Found[] = [];
  for (let afterSeq = 0; !gone.aborted; ) {
    const events = await store.events(id, { afterSeq, limit: readPage });
    for (const event of events) {
      const row = names.row(event);
      openers.take(row);
      if (!isLookedFor(row, look)) continue;
      total += 1;
      found.push({ event, laneId: laneOf(row) });
    }
    found = found.slice(-foundMost);
    afterSeq = events.at(-1)?.seq ?? afterSeq;
    if (events.length < readPage) break;
    await turn();
  }
  const origins = gone.aborted ? [] : await store.eventsAt(id, openers.before(found));
  return { events: found.map(({ event }) => event), origins, total };
}

interface Found {
  readonly event: SessionEvent;
  /** The call, or the question outside any call, that it is drawn with. */
  readonly laneId: string | null;
}

function laneOf({ callId, requestId }: EventRow): string | null {
  return callId ?? requestId;
}

/** Where the events stand that say how calls and questions began. */
class Openers {
  private readonly ofLane = new Map<string, number[]>();

  take(row: EventRow): void {
    const { type, seq } = row.event;
    const laneId = laneOf(row);
    if (laneId === null) return;
    if (type !== 'call.received' && type !== 'call.sent' && type !== 'request.opened') return;
    const known = this.ofLane.get(laneId) ?? [];
    if (known.length >= openersMost) known.splice(1, 1);
    known.push(seq);
    this.ofLane.set(laneId, known);
  }

  /** Of the lanes of these, up to each; in order. */
  before(found: readonly Found[]): readonly number[] {
    const wanted = new Set<number>();
    for (const { event, laneId } of found)
      for (const seq of (laneId === null ? undefined : this.ofLane.get(laneId)) ?? [])
        if (seq <= event.seq) wanted.add(seq);
    return [...wanted].sort((a, b) => a - b);
  }
}
