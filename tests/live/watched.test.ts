import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  newRaw,
  type RawView,
  isRawBehind,
  rawReplied,
  rawBegun,
  rawPreceded,
  rawTold,
} from '@/components/live/state/raw';
import {
  eventsTold,
  isBehind,
  newlyWatched,
  summaryTold,
  type WatchedSession,
  watchReplied,
} from '@/components/live/state/watched';
import { emptyBook, foldEvent } from '@/lib/domain/book';
import type { SessionEvent } from '@/lib/domain/event';
import type { RawMessage } from '@/lib/domain/raw';
import { emptyTimeline, foldTimeline } from '@/lib/domain/timeline';
import type { SessionWatchReply } from '@/lib/protocol/command/session-watch';
import { commitsOf, sessionId, sessionLog } from './samples';

const log = sessionLog(4);
const commits = commitsOf(log);
const whole = foldTimeline(emptyTimeline(), log);
const page = 7;

function reply(afterSeq: number, readAt: number): SessionWatchReply {
  const events = log.slice(afterSeq, Math.min(readAt, afterSeq + page));
  const summary = commits[Math.max(0, readAt - 1)]?.summary;
  if (summary === undefined) throw new Error('The log is not empty.');
  return { summary, events, more: events.length === page };
}

/** Asks as the page does: again while it knows that it is behind. */
function caughtUp(watched: WatchedSession, readAt: number): WatchedSession {
  let state = watched;
  for (let asked = 0; asked < 100; asked += 1) {
    state = watchReplied(state, reply(state.timeline.seq, readAt), state.heardSeq);
    if (!isBehind(state)) return state;
  }
  throw new Error('It asks for ever.');
}

const wholeBook = emptyBook();
for (const event of log)
  if (!foldEvent(wholeBook, event).ok) throw new Error(`The sample log is wrong at ${event.seq}.`);

describe('I12 a watched session', () => {
  test('ends in the same state however its events arrive, once it has read what it missed', () => {
    const chunks = fc.array(fc.array(fc.nat(log.length - 1), { maxLength: 12 }), { maxLength: 12 });
    fc.assert(
      fc.property(chunks, fc.nat(log.length), (arrived, readAt) => {
        const frames = arrived.map((chunk) => chunk.flatMap((at) => log[at] ?? []));
        const joined = caughtUp(newlyWatched, readAt);
        // From here on everything comes, in any order, and a gap is read again.
        const behind = [...frames, log.slice(readAt)].reduce<WatchedSession>(eventsTold, joined);
        const ended = isBehind(behind) ? caughtUp(behind, log.length) : behind;
        expect(ended.timeline).toEqual(whole);
        expect(ended.book).toEqual(wholeBook);
      }),
      { numRuns: 300 },
    );
  });

  test('knows that it missed something, and takes in nothing behind a gap', () => {
    const state = eventsTold(newlyWatched, log.slice(0, 3));
    const gap = eventsTold(state, log.slice(5, 8));
    expect(gap.timeline).toBe(state.timeline);
    expect(isBehind(state)).toBe(false);
    expect(isBehind(gap)).toBe(true);
    expect(isBehind(eventsTold(gap, log.slice(3, 5)))).toBe(true);
  });

  test('an event heard while the log was read is not forgotten', () => {
    const state = eventsTold(newlyWatched, log.slice(0, 3));
    const asked = state.heardSeq;
    const heard = eventsTold(state, log.slice(5, 6));
    expect(isBehind(watchReplied(heard, reply(3, 3), asked))).toBe(true);
  });

  test('does not ask for ever for an event that the log does not have', () => {
    const last = log.at(-1);
    if (last === undefined) throw new Error('The log is not empty.');
    const ahead: SessionEvent = { ...last, seq: last.seq + 5 };
    const state = eventsTold(caughtUp(newlyWatched, log.length), [ahead]);
    expect(isBehind(state)).toBe(true);
    expect(isBehind(caughtUp(state, log.length))).toBe(false);
  });

  test('events that make no book still make a timeline', () => {
    const [first, second] = [log[0], log[6]];
    if (first === undefined || second === undefined) throw new Error('The log is not empty.');
    const state = eventsTold(newlyWatched, [first, { ...second, seq: 2 }]);
    expect(state.book).toBeNull();
    expect(state.timeline.seq).toBe(2);
  });

  test('a later summary wins, whichever comes first', () => {
    const [early, late] = [commits[2], commits[9]];
    if (early === undefined || late === undefined) throw new Error('The log is not empty.');
    const state = summaryTold(summaryTold(newlyWatched, late.summary), early.summary);
    expect(state.summary).toBe(late.summary);
    expect(summaryTold(state, late.summary)).toBe(state);
  });

  test('before its first fold a session holds nothing', () => {
    expect(newlyWatched.timeline.rows).toEqual([]);
    expect(eventsTold(newlyWatched, [])).toBe(newlyWatched);
  });
});

function rawMessage(seq: number): RawMessage {
  return {
    sessionId: sessionId(1),
    seq,
    at: seq,
    side: 'agent',
    direction: 'in',
    server: null,
    connectionId: null,
    stream: 'post',
    message: { seq },
  };
}

describe('I12 raw messages', () => {
  // Message 4 is not kept any more.
  const kept = [1, 2, 3, 5, 6, 7, 8, 9, 10].map(rawMessage);
  const purge = null;

  function read(view: RawView): RawView {
    let state = view;
    for (let asked = 0; asked < 50; asked += 1) {
      const { throughSeq } = state;
      if (throughSeq === null) {
        state = rawBegun(state, { messages: kept.slice(2, 5), more: true, purge });
        continue;
      }
      const messages = kept.filter(({ seq }) => seq > throughSeq).slice(0, 4);
      state = rawReplied(state, { messages, more: messages.length === 4, purge }, state.heardSeq);
      if (!isRawBehind(state)) return state;
    }
    throw new Error('It asks for ever.');
  }

  /** The first page is from the end; what is before it is read when it is asked for. */
  function readBack(view: RawView): RawView {
    let state = view;
    while (state.older === 'some') {
      const first = state.messages[0]?.seq ?? 0;
      const before = kept.filter(({ seq }) => seq < first);
      state = rawPreceded(state, { messages: before.slice(-1), more: before.length > 1, purge });
    }
    return state;
  }

  test('are complete and in order however they arrive', () => {
    fc.assert(
      fc.property(fc.array(fc.shuffledSubarray(kept)), (frames) => {
        const state = frames.reduce<RawView>(rawTold, read(newRaw));
        expect(readBack(isRawBehind(state) ? read(state) : state).messages).toEqual(kept);
        const fresh = readBack(read(frames.reduce<RawView>(rawTold, newRaw)));
        expect(fresh.messages).toEqual(kept);
        expect(rawPreceded(fresh, { messages: kept, more: false, purge }).messages).toEqual(kept);
      }),
    );
  });
});
