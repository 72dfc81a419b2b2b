import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  noQueue,
  overMost,
  type QueueState,
  queueAdvanced,
  queueAsked,
  queueSnapshot,
  queueTold,
} from '@/components/live/state/queue';
import type { HoldRequest } from '@/lib/domain/request';
import type { QueueItem } from '@/lib/domain/request-detail';
import type { QueueWatchReply } from '@/lib/protocol/command/queue-watch';
import type { RequestChangedPush } from '@/lib/protocol/push/request-changed';
import { commitsOf, requestId, sessionLog } from './samples';

const pushes: readonly RequestChangedPush[] = [1, 2].flatMap((session) =>
  commitsOf(sessionLog(3, session)).flatMap(({ seq, item }) =>
    item === null ? [] : [{ type: 'request.changed' as const, seq, item }],
  ),
);

/** What the server would say is there after the first `count` changes. */
function truth(count: number): readonly QueueItem[] {
  const items = new Map(pushes.slice(0, count).map(({ item }) => [item.request.requestId, item]));
  return [...items.values()];
}

function snapshot(count: number): QueueWatchReply {
  const items = truth(count);
  return {
    open: items.filter(({ request }) => request.state === 'open'),
    recent: items.filter(({ request }) => request.state !== 'open'),
    presence: [],
  };
}

function sorted(items: readonly QueueItem[]): readonly QueueItem[] {
  return [...items].sort((a, b) => (a.request.requestId < b.request.requestId ? -1 : 1));
}

/** The pushes as any number of frames, in any order, some twice. */
function arrivals(from: number, to: number): fc.Arbitrary<readonly (readonly RequestChangedPush[])[]> {
  const indexes = Array.from({ length: to - from }, (_, index) => from + index);
  const order = fc.tuple(
    fc.shuffledSubarray(indexes, { minLength: indexes.length }),
    fc.array(fc.nat(1_000), { maxLength: 30 }),
    fc.array(fc.nat(1_000)),
  );
  return order.map(([shuffled, repeated, cuts]) => {
    const all = [...shuffled];
    for (const at of repeated)
      if (indexes.length > 0) all.splice(at % (all.length + 1), 0, indexes[at % indexes.length] ?? from);
    const ends = [...new Set(cuts.map((cut) => cut % (all.length + 1)))].sort((a, b) => a - b);
    return [...ends, all.length].map((end, index) =>
      all.slice(index === 0 ? 0 : ends[index - 1], end).flatMap((at) => pushes[at] ?? []),
    );
  });
}

function told(state: QueueState, frames: readonly (readonly RequestChangedPush[])[]): QueueState {
  return frames.reduce(queueTold, state);
}

describe('I12 the queue', () => {
  test('ends in the same state however pushes are ordered, repeated and cut into frames', () => {
    fc.assert(
      fc.property(arrivals(0, pushes.length), (frames) => {
        expect(sorted(told(noQueue, frames).items)).toEqual(sorted(truth(pushes.length)));
      }),
    );
  });

  test('ends in the same state after any loss, once it has read the queue again', () => {
    const split = fc
      .tuple(fc.nat(pushes.length), fc.nat(pushes.length), fc.nat(pushes.length))
      .map((cuts) => cuts.sort((a, b) => a - b));
    const history = split.chain(([lostAt, joinedAt, readAt]) =>
      fc.record({
        // Of what was told before the line was lost, any part arrived.
        before: fc.shuffledSubarray(pushes.slice(0, lostAt)),
        // Everything after the page joined again arrives, around a snapshot read somewhere on the way.
        after: arrivals(joinedAt, pushes.length),
        replyAt: fc.nat(1_000),
        readAt: fc.constant(readAt),
      }),
    );
    fc.assert(
      fc.property(history, ({ before, after, replyAt, readAt }) => {
        const at = replyAt % (after.length + 1);
        const asked = queueAsked(told(noQueue, [before]));
        const replied = queueSnapshot(told(asked, after.slice(0, at)), snapshot(readAt));
        const ended = told(replied, after.slice(at));
        expect(sorted(ended.items)).toEqual(sorted(truth(pushes.length)));
        expect(ended.status).toBe('ready');
      }),
      { numRuns: 500 },
    );
  });

  test('drops what a snapshot no longer has', () => {
    const state = queueSnapshot(queueAsked(told(noQueue, [pushes])), { open: [], recent: [], presence: [] });
    expect(state.items).toEqual([]);
  });

  test('keeps what was told while an older snapshot was on its way', () => {
    const opened = pushes.slice(0, 1);
    const state = queueSnapshot(told(queueAsked(noQueue), [opened]), { open: [], recent: [], presence: [] });
    expect(state.items).toEqual(truth(1));
  });

  test('an item that did not change stays the same object', () => {
    const [first, second] = [pushes[0], pushes.find(({ item }) => item.request.requestId === requestId(1_002))];
    if (first === undefined || second === undefined) throw new Error('The samples have two requests.');
    const before = queueTold(noQueue, [first]);
    const after = queueTold(before, [second]);
    expect(after.items[0]).toBe(before.items[0]);
    expect(queueTold(after, [first, second])).toBe(after);
  });

  test('a reply counts only where it is further on than what was pushed', () => {
    const stages = pushes
      .filter(({ item }) => item.request.requestId === requestId(1_001))
      .map(({ item }) => item.request);
    const byState = (state: HoldRequest['state']): HoldRequest => {
      const found = stages.find((request) => request.state === state);
      if (found === undefined) throw new Error(`No ${state} stage.`);
      return found;
    };
    const open = queueTold(noQueue, pushes.slice(0, 1));
    expect(queueAdvanced(open, byState('answered')).items[0]?.request.state).toBe('answered');
    const delivered = told(noQueue, [pushes]);
    expect(queueAdvanced(delivered, byState('answered'))).toBe(delivered);
    expect(queueAdvanced(noQueue, byState('answered'))).toBe(noQueue);
  });

  test('keeps no more than the latest that are over', () => {
    const long = commitsOf(sessionLog(overMost + 20));
    const all = long.flatMap(({ seq, item }) =>
      item === null ? [] : [{ type: 'request.changed' as const, seq, item }],
    );
    const state = queueTold(noQueue, all);
    expect(state.items).toHaveLength(overMost);
    expect(state.entries.has(requestId(1_000 + overMost + 20))).toBe(true);
    expect(state.entries.has(requestId(1_001))).toBe(false);
  });
});
