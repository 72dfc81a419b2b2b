import type { Push } from '@/lib/protocol/pushes';
import { type LiveParts, readPatiently } from './live-parts';
import { failureOf } from './state/failure';
import type { Place, SessionsLook } from './state/sessions';
import {
  comparePlaces,
  placeOf,
  sessionsFailed,
  sessionsLeft,
  sessionsLooked,
  sessionsPage,
  sessionsTold,
} from './state/sessions-list';

const pagesMost = 40;

/** Keeps the list of sessions, page by page. */
export class Listing {
  private state: 'closed' | 'open' = 'closed';
  private asking: symbol | null = null;

  constructor(private readonly parts: LiveParts) {}

  open(look: SessionsLook): void {
    this.state = 'open';
    this.parts.store.change(({ sessions }) => ({ sessions: sessionsLooked(sessions, look) }));
    void this.readThrough(null);
  }

  /** The next older page. */
  more(): void {
    const { floor } = this.parts.store.state.sessions;
    if (floor !== null && this.asking === null) void this.readPage(floor, this.begin());
  }

  /** Reads again as far back as was read before, since any of it may have changed. */
  resync(): void {
    if (this.state === 'closed') return;
    const last = this.parts.store.state.sessions.list.at(-1);
    void this.readThrough(last === undefined ? null : placeOf(last));
  }

  /** Folds the summaries of one frame. */
  take(pushes: readonly Push[]): void {
    const told = pushes.flatMap((push) => (push.type === 'session.changed' ? [push.summary] : []));
    if (told.length > 0) this.parts.store.change(({ sessions }) => ({ sessions: sessionsTold(sessions, told) }));
  }

  private async readThrough(target: Place | null): Promise<void> {
    const mine = this.begin();
    let before: Place | null = null;
    for (let pages = 0; pages < pagesMost; pages += 1) {
      if ((await this.readPage(before, mine)) === 'stopped') return;
      const { floor } = this.parts.store.state.sessions;
      if (floor === null || target === null || comparePlaces(floor, target) >= 0) return;
      before = floor;
      this.asking = mine;
    }
  }

  private async readPage(before: Place | null, mine: symbol): Promise<'read' | 'stopped'> {
    const { store } = this.parts;
    const { look, summaries: known } = store.state.sessions;
    const search = look.search.trim();
    const { live, bounds } = look;
    const asked = { live, search: search === '' ? null : search, before, narrow: bounds?.narrow };
    const command = { type: 'sessions.watch', ...asked } as const;
    const reply = this.parts.isOnline() ? await readPatiently(this.parts, command) : null;
    if (this.asking !== mine) return 'stopped';
    this.asking = null;
    if (reply === null) return 'stopped';
    if (reply.ok) {
      const page = reply.value;
      store.change(({ sessions }) => ({
        sessions: sessionsPage(sessionsLeft(sessions, { look, before, known }, page), look, page),
      }));
    } else store.change(({ sessions }) => ({ sessions: sessionsFailed(sessions, failureOf(reply)) }));
    return reply.ok ? 'read' : 'stopped';
  }

  /** A later reading calls an earlier one off. */
  private begin(): symbol {
    const mine = Symbol('reading');
    this.asking = mine;
    return mine;
  }
}
