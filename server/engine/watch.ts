import { holdpoint } from '@/lib/domain/actor';
import { openCalls, openRequests } from '@/lib/domain/book';
import type { CallId, RequestId } from '@/lib/domain/ids';
import type { Ending } from './ending';
import type { Expiring } from './expiring';
import { bookOf, type EngineParts, type LiveSession, spanWords } from './parts';

/** Timers do not see the clock being set, nor a machine that slept: what is due is looked at anew this often. */
const longestTimerMs = 60_000;
const idleChecksMs = 5_000;
const storageChecksMs = 1_000;
const pingChecksMs = 15_000;
/** Two may fail before the server gives the session up. */
const pingsPerIdle = 3;
/** Where no server idles out, it is looked every `pingChecksMs` whether one came. */
const idleOfNone = pingChecksMs * pingsPerIdle * 2;
const pingTimeoutMs = 30_000;

/** Time passing: deadlines of requests, heartbeats to agents, idle sessions. */
export class Watch {
  private readonly deadlines = new Map<RequestId, () => void>();
  private readonly escalations = new Map<RequestId, () => void>();
  private stopIdle: (() => void) | null = null;
  private stopStorage: (() => void) | null = null;
  private stopPings: (() => void) | null = null;

  constructor(
    private readonly parts: EngineParts,
    private readonly desks: { readonly expiring: Expiring; readonly ending: Ending },
  ) {}

  run(): void {
    this.watchIdle();
    this.watchPings();
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
      const asked = committer.ok ? null : store.commit([]);
      const again = (): void => {
        if (!this.parts.stopping) this.watchStorage();
      };
      if (asked === null) return again();
      this.noted(
        asked
          .then((outcome) => {
            if (!outcome.ok) return;
            committer.noteBack();
            // What was called lost and stands on disk is found now, not when its session is next spoken to.
            for (const live of this.parts.live.values()) this.noted(live.log.lookAgain());
          })
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
    for (const timers of [this.deadlines, this.escalations]) {
      for (const cancel of timers.values()) cancel();
      timers.clear();
    }
    this.stopPings?.();
    for (const live of this.parts.live.values())
      for (const work of live.work.values()) {
        work.stopHeartbeat?.();
        work.stopGrace?.();
      }
  }

  /** Follows a request from its opening to its end. */
  requestChanged(live: LiveSession, requestId: RequestId): void {
    const request = bookOf(live).requests.get(requestId);
    if (request?.state !== 'open') {
      for (const timers of [this.deadlines, this.escalations]) {
        timers.get(requestId)?.();
        timers.delete(requestId);
      }
      return;
    }
    const { expiring } = this.desks;
    const due = request.approval?.escalation ?? null;
    if (!this.deadlines.has(requestId))
      this.arm(this.deadlines, requestId, { at: request.deadline.at, run: () => expiring.expire(live, requestId) });
    // An edit may have set another time.
    this.escalations.get(requestId)?.();
    if (due !== null)
      this.arm(this.escalations, requestId, { at: due.at, run: () => expiring.escalate(live, requestId) });
    if (request.callId !== null) this.heartbeat(live, request.callId);
  }

  /** In steps, by the clock. */
  private arm(
    timers: Map<RequestId, () => void>,
    requestId: RequestId,
    due: { readonly at: number; readonly run: () => Promise<void> },
  ): void {
    const { clock } = this.parts;
    const leftMs = Math.max(0, due.at - clock.now());
    const cancel = clock.after(Math.min(leftMs, longestTimerMs), () => {
      timers.delete(requestId);
      if (clock.now() < due.at) return this.arm(timers, requestId, due);
      this.noted(due.run());
    });
    timers.set(requestId, cancel);
  }

  /** Says at once, and again at the heartbeat's pace, that a person is being asked. */
  heartbeat(live: LiveSession, callId: CallId): void {
    const work = live.work.get(callId);
    if (work === undefined || work.attached.size === 0) return;
    work.stopHeartbeat?.();
    const { clock, settings } = this.parts;
    const beat = (): void => {
      work.stopHeartbeat = null;
      const open = openRequests(bookOf(live)).find((candidate) => candidate.callId === callId);
      if (open === undefined || work.attached.size === 0) return;
      const now = clock.now();
      const waited = now - open.openedAt < 1_000 ? '' : ` for ${spanWords(now - open.openedAt)}`;
      const left = spanWords(open.deadline.at - now);
      for (const { listener } of work.attached)
        listener.waiting(`A person is being asked${waited}: ${open.title} (up to ${left} left)`);
      work.stopHeartbeat = clock.after(settings.heartbeatMs, beat);
    };
    beat();
  }

  /** A server's session must not idle out while a person thinks about what it asked (I8). */
  private watchPings(): void {
    const idles = [...this.parts.servers.values()].flatMap(({ limits }) =>
      limits.idleMs === null ? [] : [limits.idleMs],
    );
    // Servers come and go: with none that idles out, it is looked again whether there is one.
    const everyMs = Math.min(pingChecksMs, Math.max(10, Math.min(...idles, idleOfNone) / (pingsPerIdle * 2)));
    this.stopPings = this.parts.clock.after(everyMs, () => {
      for (const live of this.parts.live.values()) this.noted(this.pingAsking(live));
      this.watchPings();
    });
  }

  private async pingAsking(live: LiveSession): Promise<void> {
    const asking = new Set(openRequests(bookOf(live)).flatMap(({ upstream }) => upstream?.connectionId ?? []));
    if (asking.size === 0) return;
    const links = await Promise.all(live.links.values());
    for (const link of links) {
      if (!link.ok || !asking.has(link.value.connectionId)) continue;
      const { server, connection, pingedAt } = link.value;
      const { idleMs } = server.limits;
      const now = this.parts.clock.now();
      if (server.transport.kind === 'stdio' || idleMs === null || now - pingedAt < idleMs / pingsPerIdle) continue;
      link.value.pingedAt = now;
      this.noted(connection.request('ping', {}, Math.min(pingTimeoutMs, idleMs)));
    }
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
    const isBusy = openCalls(book).length > 0 || openRequests(book).length > 0 || isWaitedFor(live);
    if (book.session?.state !== 'active' || isBusy) return null;
    const quietMs = clock.now() - Math.max(live.lastContactAt, book.lastEventAt);
    return quietMs < settings.idleSessionMs ? null : quietMs;
  }
}

function isWaitedFor(live: LiveSession): boolean {
  for (const work of live.work.values()) if (work.attached.size > 0) return true;
  return false;
}
