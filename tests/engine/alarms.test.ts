import { describe, expect, it } from 'vitest';
import type { Alarm } from '@/lib/domain/alarm';
import { type Book, emptyBook, foldEvent } from '@/lib/domain/book';
import type { EventBody } from '@/lib/domain/event';
import type { CallId, SessionId } from '@/lib/domain/ids';
import type { Pace } from '@/lib/domain/pace';
import { summaryOf } from '@/lib/domain/summary';
import { Alarms } from '@/server/engine/alarms';
import type { LiveSession } from '@/server/engine/parts';
import { bodies, callId, connectionId, eventOf } from '@/tests/domain/support/happenings';
import { MovableClock } from './workplace';

const otherCallId = 'call_000000000002' as CallId;
const pace: Pace = { usual: null, slowAfterMs: 20_000, stalledAfterMs: 60_000 };
const sent = { ...bodies['call.sent'], pace };

/** One session whose events are folded as they happen; the clock is the test's. */
class Watched {
  readonly clock = new MovableClock();
  readonly book: Book = emptyBook();
  readonly heard: Alarm[] = [];
  private alarms = this.begun();
  private seq = 0;

  happen(...happened: readonly EventBody[]): void {
    for (const body of happened) {
      this.seq += 1;
      const folded = foldEvent(this.book, eventOf(body, { seq: this.seq, at: this.clock.now() }));
      if (!folded.ok) throw new Error(folded.message);
    }
    if (this.book.session !== null)
      this.alarms.hear({ change: 'session', summary: summaryOf(this.book, this.book.session) });
  }

  /** Another life takes the session up as it is. */
  again(): void {
    this.alarms.stop();
    this.alarms = this.begun();
  }

  stop(): void {
    this.alarms.stop();
  }

  get kinds(): readonly string[] {
    return this.heard.map(({ kind, callId: id }) => `${kind} ${id === callId ? 'first' : 'second'}`);
  }

  private begun(): Alarms {
    const { clock, book, heard } = this;
    const live = { log: { book } } as unknown as LiveSession;
    const sessions = new Map([['ses_000000000001' as SessionId, live]]);
    const alarms = new Alarms({ clock, live: { get: () => live, keys: () => sessions.keys() } as never }, ({ alarm }) =>
      heard.push(alarm),
    );
    alarms.run();
    return alarms;
  }
}

const begun = [bodies['session.started'], bodies['call.received'], bodies['call.allowed']] as const;

describe('alarms of a session', () => {
  it('a stall is said when it begins, once, and again only after the server was heard from', () => {
    const watched = new Watched();
    watched.happen(...begun, sent);
    watched.clock.move(59_999);
    expect(watched.heard).toEqual([]);
    watched.clock.move(1);
    expect(watched.kinds).toEqual(['stalled first']);
    watched.clock.move(3_600_000);
    watched.happen({ ...bodies['call.received'], callId: otherCallId });
    expect(watched.kinds).toEqual(['stalled first']);
    watched.happen(bodies['call.progress']);
    watched.clock.move(60_000);
    expect(watched.kinds).toEqual(['stalled first', 'stalled first']);
    const [first, second] = watched.heard;
    expect(first).not.toEqual(second);
  });

  it('each of several calls that stall is said', () => {
    const watched = new Watched();
    watched.happen(...begun, sent);
    watched.clock.move(30_000);
    for (const body of [bodies['call.received'], bodies['call.allowed'], sent])
      watched.happen({ ...body, callId: otherCallId });
    watched.clock.move(90_000);
    expect(watched.kinds).toEqual(['stalled first', 'stalled second']);
  });

  it('none while people are asked, nor of what is held, over or not sent', () => {
    const watched = new Watched();
    watched.happen(...begun);
    watched.clock.move(3_600_000);
    watched.happen(sent, bodies['request.opened']);
    watched.clock.move(3_600_000);
    watched.happen(bodies['request.answered']);
    watched.clock.move(59_000);
    watched.happen(bodies['call.completed']);
    watched.clock.move(3_600_000);
    expect(watched.heard).toEqual([]);
  });

  it('another life says the same alarm, and what was not heard while nobody listened is no silence', () => {
    const watched = new Watched();
    watched.happen(...begun, sent);
    watched.clock.move(60_000);
    watched.clock.move(10_000);
    watched.again();
    expect(watched.heard).toHaveLength(1);
    watched.clock.move(60_000);
    expect(watched.heard[1]).toEqual(watched.heard[0]);
  });

  it('little time left is said at the last tenth, for the earliest limit (I8)', () => {
    const watched = new Watched();
    const now = watched.clock.now();
    const limits = [
      { at: now + 50_000, cause: 'server_request', reason: 'files keeps a request 50 s' },
      { at: now + 90_000, cause: 'server_lifetime', reason: 'files keeps a session 90 s' },
    ] as const;
    watched.happen(...begun, { ...sent, limits });
    watched.clock.move(44_999);
    expect(watched.heard).toEqual([]);
    watched.clock.move(1);
    expect(watched.heard).toEqual([
      { kind: 'session_expiring', sessionId: 'ses_000000000001', callId, connectionId, limit: limits[0] },
    ]);
  });

  it('is left to the notice of a question that ends by then, and is not said when it is past', () => {
    const watched = new Watched();
    const limits = [{ at: watched.clock.now() + 50_000, cause: 'server_request', reason: '' }] as const;
    const deadline = { ...bodies['request.opened'].deadline, at: watched.clock.now() + 50_000 };
    watched.happen(...begun, { ...sent, limits }, { ...bodies['request.opened'], deadline });
    watched.clock.move(49_000);
    expect(watched.heard).toEqual([]);
    watched.clock.move(10_000);
    watched.happen(bodies['request.expired']);
    watched.clock.move(1);
    expect(watched.kinds).toEqual([]);
  });

  it('none after it stopped', () => {
    const watched = new Watched();
    watched.happen(...begun, sent);
    watched.stop();
    watched.clock.move(3_600_000);
    expect(watched.heard).toEqual([]);
  });
});
