import { type Alarm, alarmKey } from '@/lib/domain/alarm';
import { type Book, openCalls } from '@/lib/domain/book';
import { isUnderWay, type OpenCall } from '@/lib/domain/call';
import type { SessionId } from '@/lib/domain/ids';
import { expiringAt } from '@/lib/domain/notice';
import { limitsOf, serverWaits } from '@/lib/domain/verdict';
import { bookOf, type EngineParts } from './parts';
import type { Change } from './ports/publisher';

/** Timers do not see the clock being set, nor a machine that slept. */
const longestSleepMs = 60_000;

interface Due {
  readonly at: number;
  readonly alarm: Alarm;
}

/**
 * Says when a call's server is stalled, and when little time is left for a call: once each in this life. That nobody
 * is told again in the next is for who tells, by the alarm's key.
 */
export class Alarms {
  /** When something of a session is due next. */
  private readonly next = new Map<SessionId, number>();
  private readonly told = new Map<SessionId, Set<string>>();
  private timer: { readonly at: number; readonly cancel: () => void } | null = null;
  private life: 'held' | 'running' | 'stopped' = 'held';
  private bornAt = 0;

  constructor(
    private readonly parts: Pick<EngineParts, 'clock' | 'live'>,
    private readonly publish: (change: Extract<Change, { readonly change: 'alarm' }>) => void,
  ) {}

  /** From here on; what a server did not say while we were not there is not its silence. */
  run(): void {
    if (this.life !== 'held') return;
    this.life = 'running';
    this.bornAt = this.parts.clock.now();
    for (const sessionId of this.parts.live.keys()) this.look(sessionId);
  }

  stop(): void {
    this.life = 'stopped';
    this.timer?.cancel();
    this.timer = null;
  }

  /** To be told of all that was published. */
  hear(change: Change): void {
    if (change.change === 'session') this.look(change.summary.session.sessionId);
  }

  private look(sessionId: SessionId): void {
    if (this.life !== 'running') return;
    const live = this.parts.live.get(sessionId);
    const due = live === undefined ? [] : this.dueOf(sessionId, bookOf(live));
    this.forgetOld(sessionId, due);
    const told = this.told.get(sessionId);
    const at = due
      .filter(({ alarm }) => told?.has(alarmKey(alarm)) !== true)
      .reduce((first, one) => Math.min(first, one.at), Number.POSITIVE_INFINITY);
    if (at === Number.POSITIVE_INFINITY) this.next.delete(sessionId);
    else {
      this.next.set(sessionId, at);
      this.wakeAt(at);
    }
  }

  /** Once a call is heard from again, or is over, its alarm is no more. */
  private forgetOld(sessionId: SessionId, due: readonly Due[]): void {
    const told = this.told.get(sessionId);
    if (told === undefined) return;
    const keys = new Set(due.map(({ alarm }) => alarmKey(alarm)));
    for (const key of told) if (!keys.has(key)) told.delete(key);
    if (told.size === 0) this.told.delete(sessionId);
  }

  private dueOf(sessionId: SessionId, book: Book): readonly Due[] {
    if (book.session?.state !== 'active') return [];
    const stalls = serverWaits(book).flatMap(({ callId, lastSignAt, pace }): readonly Due[] => {
      const call = book.calls.get(callId);
      if (call === undefined || !isUnderWay(call)) return [];
      const at = Math.max(lastSignAt, this.bornAt) + pace.stalledAfterMs;
      return [{ at, alarm: { kind: 'stalled', sessionId, callId, quietSinceAt: lastSignAt } }];
    });
    return [...stalls, ...openCalls(book).flatMap((call) => ending(sessionId, book, call))];
  }

  private wakeAt(at: number): void {
    if (this.timer !== null && this.timer.at <= at) return;
    this.timer?.cancel();
    const { clock } = this.parts;
    const waitMs = Math.max(0, Math.min(at - clock.now(), longestSleepMs));
    this.timer = { at, cancel: clock.after(waitMs, () => this.wake()) };
  }

  private wake(): void {
    this.timer = null;
    if (this.life !== 'running') return;
    const now = this.parts.clock.now();
    for (const [sessionId, at] of [...this.next]) {
      if (at > now) this.wakeAt(at);
      else this.tell(sessionId, now);
    }
  }

  private tell(sessionId: SessionId, now: number): void {
    const live = this.parts.live.get(sessionId);
    const told = this.told.get(sessionId) ?? new Set<string>();
    for (const { at, alarm } of live === undefined ? [] : this.dueOf(sessionId, bookOf(live))) {
      const key = alarmKey(alarm);
      if (at > now || told.has(key)) continue;
      told.add(key);
      this.told.set(sessionId, told);
      // It came while we were not there.
      if (alarm.kind === 'session_expiring' && alarm.limit.at <= now) continue;
      this.publish({ change: 'alarm', alarm });
    }
    this.look(sessionId);
  }
}

/** The earliest that gives the call up; where people are asked until then, their own notice says so. */
function ending(sessionId: SessionId, book: Book, call: OpenCall): readonly Due[] {
  const [first, ...rest] = limitsOf(call);
  if (first === undefined || !isUnderWay(call)) return [];
  const limit = rest.reduce((best, next) => (next.at < best.at ? next : best), first);
  const { callId, connectionId, sentAt } = call;
  for (const request of book.requests.values()) {
    const isTold = request.callId === callId && request.state === 'open' && request.writer === 'person';
    if (isTold && request.deadline.at <= limit.at) return [];
  }
  return [
    {
      at: expiringAt(sentAt, limit.at),
      alarm: { kind: 'session_expiring', sessionId, callId, connectionId, limit },
    },
  ];
}
