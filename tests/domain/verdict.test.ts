import { describe, expect, it } from 'vitest';
import { type Book, emptyBook, foldEvent } from '@/lib/domain/book';
import type { EventBody } from '@/lib/domain/event';
import type { CallId } from '@/lib/domain/ids';
import { paceAt, quietSlowMs, quietStalledMs, verdictOf } from '@/lib/domain/verdict';
import { bodies, callId, eventOf, otherRequestId, requestId } from './support/happenings';

const otherCallId = 'call_000000000002' as CallId;

/** A book in which the n-th event happened at n times ten. */
function bookOf(...happened: readonly EventBody[]): Book {
  const book = emptyBook();
  happened.forEach((body, at) => {
    const folded = foldEvent(book, eventOf(body, { seq: at + 1, at: (at + 1) * 10 }));
    if (!folded.ok) throw new Error(folded.message);
  });
  return book;
}

const received = bodies['call.received'];
const sent = [bodies['session.started'], received, bodies['call.allowed'], bodies['call.sent']];

describe('whom a session waits for', () => {
  it('nobody, since the last event, when nothing is open', () => {
    expect(verdictOf(bookOf(bodies['session.started']))).toEqual({ on: 'nobody', sinceAt: 10 });
    expect(verdictOf(bookOf(...sent, bodies['call.completed']))).toEqual({ on: 'nobody', sinceAt: 50 });
  });

  it('a server, since the call was sent, with its last sign of life', () => {
    const server = { on: 'server', sinceAt: 40, callId, server: 'files', tool: 'write' };
    expect(verdictOf(bookOf(...sent))).toEqual({ ...server, lastSignAt: 40 });
    expect(verdictOf(bookOf(...sent, bodies['call.progress']))).toEqual({ ...server, lastSignAt: 50 });
  });

  it('the oldest of several calls', () => {
    const second = { ...received, callId: otherCallId };
    expect(verdictOf(bookOf(...sent, second))).toMatchObject({ on: 'server', callId, sinceAt: 40 });
    expect(verdictOf(bookOf(...sent, second, bodies['call.completed']))).toMatchObject({
      on: 'server',
      callId: otherCallId,
      sinceAt: 50,
    });
  });

  it('a person, before any server, by the oldest question and how many more there are', () => {
    const asked = bookOf(...sent, bodies['request.opened'], { ...bodies['request.opened'], requestId: otherRequestId });
    expect(verdictOf(asked)).toEqual({ on: 'person', sinceAt: 50, requestId, title: 'Which folder?', more: 1 });
  });

  it('a person, when its interrupted call waits for a recovery decision (I4)', () => {
    const recovery: EventBody = { ...bodies['request.opened'], kind: 'recovery', title: 'Run it again?' };
    const asked = bookOf(...sent, bodies['call.interrupted'], recovery);
    expect(verdictOf(asked)).toEqual({ on: 'person', sinceAt: 60, requestId, title: 'Run it again?', more: 0 });
    const goesAgain = bookOf(...sent, { ...bodies['call.interrupted'], next: 'repeat' });
    expect(verdictOf(goesAgain)).toMatchObject({ on: 'server', sinceAt: 50, lastSignAt: 50 });
    const runAgain = bookOf(
      ...sent,
      bodies['call.interrupted'],
      recovery,
      bodies['request.answered'],
      bodies['call.allowed'],
      bodies['call.sent'],
    );
    expect(verdictOf(runAgain)).toMatchObject({ on: 'server', sinceAt: 90, lastSignAt: 90 });
  });

  it('the server again once the person answered', () => {
    expect(verdictOf(bookOf(...sent, bodies['request.opened'], bodies['request.answered']))).toMatchObject({
      on: 'server',
      lastSignAt: 60,
    });
  });
});

describe('the pace of a server', () => {
  it.each([
    [-5, 'busy'],
    [0, 'busy'],
    [quietSlowMs - 1, 'busy'],
    [quietSlowMs, 'slow'],
    [quietStalledMs - 1, 'slow'],
    [quietStalledMs, 'stalled'],
  ] as const)('quiet for %i ms: %s', (quietMs, pace) => {
    expect(paceAt(1_000, 1_000 + quietMs)).toBe(pace);
  });
});
