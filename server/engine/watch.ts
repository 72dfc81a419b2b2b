import { holdpoint } from '@/lib/domain/actor';
import { openCalls, openRequests } from '@/lib/domain/book';
import type { RequestId } from '@/lib/domain/ids';
import type { Answers } from './answers';
import type { Ending } from './ending';
import { bookOf, type EngineParts, type LiveSession, spanWords } from './parts';

const longestTimerMs = 2_000_000_000;
const idleChecksMs = 5_000;
const storageChecksMs = 1_000;

/** Time passing: deadlines of requests, heartbeats to agents, idle sessions. */
export class Watch {
  private readonly deadlines = new Map<RequestId, () => void>();
  private stopIdle: (() => void) | null = null;
  private stopStorage: (() => void) | null = null;

  constructor(
    private readonly parts: EngineParts,
    private readonly desks: { readonly answers: Answers; readonly ending: Ending },
  ) {}

  run(): void {
    this.watchIdle();
    this.watchStorage();
  }

  private watchIdle(): void {
    const everyMs = Math.min(idleChecksMs, Math.max(10, this.parts.settings.idleSessionMs / 4));
    this.stopIdle = this.parts.clock.after(everyMs, () => {
      for (const live of this.parts.live.values()) this.noted(this.endIfIdle(live));
      this.watchIdle();
    });
  }

  /** While the database is away somebody must notice that it is back: whoever could may be kept from trying. */
  private watchStorage(): void {
    const { clock, committer, store } = this.parts;
    this.stopStorage = clock.after(storageChecksMs, () => {
      const asked = committer.ok ? null : store.sessions({ live: null, search: null, before: null, limit: 1 });
      const again = (): void => {
        if (!this.parts.stopping) this.watchStorage();
      };
      if (asked === null) return again();
      this.noted(
        asked
          .then(
            () => committer.noteBack(),
            () => undefined,
          )
          .finally(again),
      );
    });
  }

  /** Nobody waits for what time brings. */
  private noted(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.parts.log.error({ err: error }, 'what was due could not be done'));
  }

  stop(): void {
    this.stopIdle?.();
    this.stopStorage?.();
    for (const cancel of this.deadlines.values()) cancel();
    this.deadlines.clear();
    for (const live of this.parts.live.values()) for (const waiter of live.waiters.values()) waiter.stopHeartbeat?.();
  }

  /** Follows a request from its opening to its end. */
  requestChanged(live: LiveSession, requestId: RequestId): void {
    const request = bookOf(live).requests.get(requestId);
    if (request?.state !== 'open') {
      this.deadlines.get(requestId)?.();
      this.deadlines.delete(requestId);
      return;
    }
    if (!this.deadlines.has(requestId)) this.arm(live, requestId, request.deadline.at);
    if (request.callId !== null) this.heartbeat(live, requestId);
  }

  private arm(live: LiveSession, requestId: RequestId, at: number): void {
    const leftMs = Math.max(0, at - this.parts.clock.now());
    const cancel = this.parts.clock.after(Math.min(leftMs, longestTimerMs), () => {
      this.deadlines.delete(requestId);
      if (this.parts.clock.now() < at) return this.arm(live, requestId, at);
      this.noted(this.desks.answers.expire(live, requestId));
    });
    this.deadlines.set(requestId, cancel);
  }

  /** Says at once, and again at the heartbeat's pace, that a person is being asked. */
  private heartbeat(live: LiveSession, requestId: RequestId): void {
    const request = bookOf(live).requests.get(requestId);
    if (request?.state !== 'open' || request.callId === null) return;
    const { callId } = request;
    const waiter = live.waiters.get(callId);
    if (waiter === undefined || waiter.stopHeartbeat !== null) return;
    const { clock, settings } = this.parts;
    const beat = (): void => {
      waiter.stopHeartbeat = null;
      const open = openRequests(bookOf(live)).find((candidate) => candidate.callId === callId);
      if (open === undefined || !live.waiters.has(callId)) return;
      const now = clock.now();
      const waited = now - open.openedAt < 1_000 ? '' : ` for ${spanWords(now - open.openedAt)}`;
      waiter.listener.waiting(
        `A person is being asked${waited}: ${open.title} (up to ${spanWords(open.deadline.at - now)} left)`,
      );
      waiter.stopHeartbeat = clock.after(settings.heartbeatMs, beat);
    };
    beat();
  }

  /** Idle: no open call, nobody asked, no contact. Never while a person is being asked. */
  private async endIfIdle(live: LiveSession): Promise<void> {
    const quietMs = this.quietMs(live);
    if (quietMs === null) return;
    const reason = `nothing was heard from the agent for ${spanWords(quietMs)}`;
    const stillDue = (): boolean => this.quietMs(live) !== null;
    await this.desks.ending.begin(live, { actor: holdpoint, end: 'idle', reason, stillDue });
  }

  /** How long an idle session has been quiet; null while it is not idle. */
  private quietMs(live: LiveSession): number | null {
    const book = bookOf(live);
    const { clock, settings } = this.parts;
    const isBusy = openCalls(book).length > 0 || openRequests(book).length > 0 || live.waiters.size > 0;
    if (book.session?.state !== 'active' || isBusy) return null;
    const quietMs = clock.now() - Math.max(live.lastContactAt, book.lastEventAt);
    return quietMs < settings.idleSessionMs ? null : quietMs;
  }
}
