import { holdpoint } from '@/lib/domain/actor';
import { openCalls, openRequests } from '@/lib/domain/book';
import type { RequestId } from '@/lib/domain/ids';
import type { Answers } from './answers';
import type { Ending } from './ending';
import { bookOf, type EngineParts, type LiveSession, spanWords } from './parts';

const longestTimerMs = 2_000_000_000;
const idleChecksMs = 5_000;

/** Time passing: deadlines of requests, heartbeats to agents, idle sessions. */
export class Watch {
  private readonly deadlines = new Map<RequestId, () => void>();
  private stopIdle: (() => void) | null = null;

  constructor(
    private readonly parts: EngineParts,
    private readonly desks: { readonly answers: Answers; readonly ending: Ending },
  ) {}

  run(): void {
    const everyMs = Math.min(idleChecksMs, Math.max(10, this.parts.settings.idleSessionMs / 4));
    this.stopIdle = this.parts.clock.after(everyMs, () => {
      for (const live of this.parts.live.values()) void this.endIfIdle(live);
      this.run();
    });
  }

  stop(): void {
    this.stopIdle?.();
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
      void this.desks.answers.expire(live, requestId);
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
    const book = bookOf(live);
    const { clock, settings } = this.parts;
    if (
      book.session?.state !== 'active' ||
      openCalls(book).length > 0 ||
      openRequests(book).length > 0 ||
      live.waiters.size > 0
    )
      return;
    const quietMs = clock.now() - Math.max(live.lastContactAt, book.lastEventAt);
    if (quietMs < settings.idleSessionMs) return;
    await this.desks.ending.begin(live, {
      actor: holdpoint,
      end: 'idle',
      reason: `nothing was heard from the agent for ${spanWords(quietMs)}`,
    });
  }
}
