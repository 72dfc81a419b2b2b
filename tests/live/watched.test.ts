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
  eventsFound,
  eventsTold,
  missingOf,
  newlyWatched,
  nextHole,
  pageRead,
  summaryTold,
  type WatchedSession,
  watchReplied,
} from '@/components/live/state/watched';
import type { RawMessage } from '@/lib/domain/raw';
import type { SessionSummary } from '@/lib/domain/summary';
import { emptyTimeline, foldTimeline } from '@/lib/domain/timeline';
import type { SessionWatchReply } from '@/lib/protocol/command/session-watch';
import { plainOf } from '@/tests/timeline/plain';
import { commitsOf, sessionId, sessionLog } from './samples';

const log = sessionLog(4);
const commits = commitsOf(log);
const whole = plainOf(foldTimeline(emptyTimeline(), log));
const page = 7;

function summaryAt(readAt: number): SessionSummary {
  const summary = commits[Math.max(0, readAt - 1)]?.summary;
  if (summary === undefined) throw new Error('The log is not empty.');
  return summary;
}

/** What the server says when its log has `readAt` events. */
function reply(afterSeq: number | null, readAt: number): SessionWatchReply {
  const summary = summaryAt(readAt);
  if (afterSeq === null) {
    const fromSeq = Math.max(1, readAt - page + 1);
    return { summary, events: log.slice(fromSeq - 1, readAt), origins: log.slice(0, 1), fromSeq, more: fromSeq > 1 };
  }
  const events = log.slice(afterSeq, Math.min(readAt, afterSeq + page));
  return { summary, events, origins: [], fromSeq: afterSeq + 1, more: events.length === page };
}

/** Asks as the page does: the newest, then hole after hole. */
function caughtUp(watched: WatchedSession, readAt: number): WatchedSession {
  const asked = { afterSeq: watched.read.at(-1)?.to ?? null, heardSeq: watched.heardSeq };
  let state = watchReplied(watched, reply(asked.afterSeq, readAt), asked);
  for (let pages = 0; pages < 100; pages += 1) {
    const hole = nextHole(state);
    if (hole === null) return state;
    const fromSeq = Math.max(1, hole.to - page + 1);
    const events = log.slice(fromSeq - 1, Math.min(hole.to, readAt));
    state = pageRead(state, { events, origins: [], fromSeq, throughSeq: hole.to });
  }
  throw new Error('It asks for ever.');
}

describe('I12 a watched session', () => {
  test('ends in the same state however its events arrive, once it has read what it missed', () => {
    const chunks = fc.array(fc.array(fc.nat(log.length - 1), { maxLength: 12 }), { maxLength: 12 });
    fc.assert(
      fc.property(chunks, fc.nat(log.length), (arrived, readAt) => {
        const frames = arrived.map((chunk) => chunk.flatMap((at) => log[at] ?? []));
        const joined = caughtUp(newlyWatched, readAt);
        // From here on everything comes, in any order, and a hole is read.
        const behind = [...frames, log.slice(readAt)].reduce<WatchedSession>(eventsTold, joined);
        const ended = nextHole(behind) === null ? behind : caughtUp(behind, log.length);
        expect(plainOf(ended.timeline)).toEqual(whole);
        expect(missingOf(ended)).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  test('reads the newest first, and knows what is missing before it', () => {
    const asked = { afterSeq: null, heardSeq: 0 };
    const state = watchReplied(newlyWatched, reply(null, log.length), asked);
    expect(state.timeline.events.last?.seq).toBe(log.length);
    expect(state.timeline.life?.startedAt).toBe(log[0]?.at);
    expect(nextHole(state)).toEqual({ from: 1, to: log.length - page });
    expect(missingOf(state)).toBe(log.length - page);
  });

  test('what was heard of and did not come is missing, and is read', () => {
    const state = eventsTold(newlyWatched, log.slice(0, 3));
    const gap = eventsTold(state, log.slice(5, 8));
    expect(nextHole(state)).toBeNull();
    expect(nextHole(gap)).toEqual({ from: 4, to: 5 });
    expect(nextHole(eventsTold(gap, log.slice(3, 5)))).toBeNull();
  });

  test('an event heard while the log was read is not forgotten', () => {
    const state = eventsTold(newlyWatched, log.slice(0, 3));
    const asked = { afterSeq: 3, heardSeq: state.heardSeq };
    const heard = eventsTold(state, log.slice(5, 6));
    expect(nextHole(watchReplied(heard, reply(3, 3), asked))).toEqual({ from: 4, to: 5 });
  });

  test('a log that grew by more than a page is read from its newest end', () => {
    const state = caughtUp(newlyWatched, 8);
    const asked = { afterSeq: 8, heardSeq: state.heardSeq };
    const next = watchReplied(state, reply(8, log.length), asked);
    expect(nextHole(next)).toEqual({ from: 8 + page + 1, to: log.length });
  });

  test('does not ask for ever for an event that the log does not have', () => {
    const last = log.at(-1);
    if (last === undefined) throw new Error('The log is not empty.');
    const state = eventsTold(caughtUp(newlyWatched, log.length), [{ ...last, seq: last.seq + 5 }]);
    expect(nextHole(state)).not.toBeNull();
    expect(nextHole(caughtUp(state, log.length))).toBeNull();
  });

  test('what was found beside the rest is known at once, and read again with it', () => {
    const state = watchReplied(newlyWatched, reply(null, log.length), { afterSeq: null, heardSeq: 0 });
    const found = eventsFound(state, log.slice(2, 3));
    expect(found.timeline.events.find(3)).toBe(log[2]);
    expect(missingOf(found)).toBe(missingOf(state));
  });

  test('a later summary wins, whichever comes first', () => {
    const [early, late] = [commits[2], commits[9]];
    if (early === undefined || late === undefined) throw new Error('The log is not empty.');
    const state = summaryTold(summaryTold(newlyWatched, late.summary), early.summary);
    expect(state.summary).toBe(late.summary);
    expect(summaryTold(state, late.summary)).toBe(state);
  });

  test('before its first fold a session holds nothing', () => {
    expect(newlyWatched.timeline.events.size).toBe(0);
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
