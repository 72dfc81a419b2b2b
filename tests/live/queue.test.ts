import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  asideMost,
  noQueue,
  type PageAsked,
  type QueueState,
  queueAdvanced,
  queueAsked,
  queueFailed,
  queueLooked,
  queuePaged,
  queueTold,
} from '@/components/live/state/queue';
import { comparePlaces, fitsLook, type QueueEyes, rowOf } from '@/lib/domain/queue';
import { openLook, type QueueLook } from '@/lib/domain/queue-query';
import type { HoldRequest } from '@/lib/domain/request';
import type { QueueItem } from '@/lib/domain/request-detail';
import type { QueuePageReply } from '@/lib/protocol/command/queue-watch';
import type { RequestChangedPush } from '@/lib/protocol/push/request-changed';
import { ana, commitsOf, requestId, sessionLog, startedAt } from './samples';

const eyes: QueueEyes = { person: ana, now: startedAt };
const pageSize = 2;

/** Calls of several sessions, one event of each in turn: many are open at once. */
const pushes: readonly RequestChangedPush[] = [1, 2, 3]
  .flatMap((session) =>
    commitsOf(sessionLog(2, session)).flatMap(({ item }, index) =>
      item === null ? [] : [{ index, push: { type: 'request.changed' as const, seq: item.request.seq, item } }],
    ),
  )
  .sort((a, b) => a.index - b.index)
  .map(({ push }) => push);

const looks: readonly QueueLook[] = [
  openLook,
  { ...openLook, order: 'opened' },
  { ...openLook, view: 'answered' },
  { ...openLook, text: 'cost ACCOUNTS' },
];

/** What the server holds after the first `count` changes, in the look's order. */
function truth(count: number, look: QueueLook): readonly QueueItem[] {
  const items = new Map(pushes.slice(0, count).map(({ item }) => [item.request.requestId, item]));
  return [...items.values()]
    .filter((item) => fitsLook(item, look, eyes))
    .sort((a, b) => comparePlaces(rowOf(a, look), rowOf(b, look), look));
}

function pageOf(count: number, look: QueueLook, after: PageAsked['after']): QueuePageReply {
  const rest = truth(count, look).filter((item) => after === null || comparePlaces(rowOf(item, look), after, look) > 0);
  return { items: rest.slice(0, pageSize), more: rest.length > pageSize };
}

function listed(state: QueueState): readonly (QueueItem | undefined)[] {
  return state.rows.map((row) => state.entries.get(row.requestId)?.item);
}

/** Reads page after page until nothing is left. */
function readAll(from: QueueState, count: number): QueueState {
  let state = from;
  for (let pages = 0; pages < 20; pages += 1) {
    const after = pages === 0 ? null : state.floor;
    if (pages > 0 && after === null) return state;
    const asked = { look: state.look, after, until: null, known: state.entries, eyes };
    state = queuePaged(queueAsked(state), asked, pageOf(count, state.look, after));
  }
  throw new Error('It never ends.');
}

/** After how many changes there are more open requests than a page holds. */
function manyOpen(): number {
  const count = pushes.findIndex((_, at) => truth(at, openLook).length > pageSize);
  if (count === -1) throw new Error('The sample never has so many open.');
  return count;
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
  return frames.reduce<QueueState>((before, frame) => queueTold(before, frame, eyes), state);
}

const anyLook = fc.constantFrom(...looks);
const lookedAt = (look: QueueLook): QueueState => queueLooked(noQueue, look, eyes);
const wholeRead = (look: QueueLook, count: number): QueueState => readAll(lookedAt(look), count);

describe('I12 the queue', () => {
  test('ends in the same list however pushes are ordered, repeated and cut into frames', () => {
    fc.assert(
      fc.property(arrivals(0, pushes.length), anyLook, (frames, look) => {
        expect(listed(told(wholeRead(look, 0), frames))).toEqual(truth(pushes.length, look));
      }),
    );
  });

  test('ends in the same list after any loss, once it has read the queue again', () => {
    const split = fc
      .tuple(fc.nat(pushes.length), fc.nat(pushes.length), fc.nat(pushes.length))
      .map((cuts) => cuts.sort((a, b) => a - b));
    const history = split.chain(([lostAt, joinedAt, readAt]) =>
      fc.record({
        before: fc.shuffledSubarray(pushes.slice(0, lostAt)),
        after: arrivals(joinedAt, pushes.length),
        replyAt: fc.nat(1_000),
        readAt: fc.constant(readAt),
      }),
    );
    fc.assert(
      fc.property(history, anyLook, ({ before, after, replyAt, readAt }, look) => {
        const at = replyAt % (after.length + 1);
        let state = told(lookedAt(look), [before]);
        const asked = { look, after: null, until: null, known: state.entries, eyes };
        state = told(queueAsked(state), after.slice(0, at));
        state = queuePaged(state, asked, pageOf(readAt, look, null));
        // The pages behind are read while the rest is told.
        const rest = after.slice(at);
        for (const frame of rest) {
          const next = { look, after: state.floor, until: null, known: state.entries, eyes };
          const page = state.floor === null ? null : pageOf(pushes.length, look, state.floor);
          state = queueTold(page === null ? state : queueAsked(state), frame, eyes);
          if (page !== null) state = queuePaged(state, next, page);
        }
        for (let pages = 0; state.floor !== null && pages < 20; pages += 1) {
          const next = { look, after: state.floor, until: null, known: state.entries, eyes };
          state = queuePaged(queueAsked(state), next, pageOf(pushes.length, look, state.floor));
        }
        expect(listed(state)).toEqual(truth(pushes.length, look));
        expect(state.status).toBe('ready');
      }),
      { numRuns: 500 },
    );
  });

  test('shows no row behind the part that was read, and keeps what was read while it is read again', () => {
    const count = manyOpen();
    const first = queuePaged(
      noQueue,
      { look: openLook, after: null, until: null, known: noQueue.entries, eyes },
      pageOf(count, openLook, null),
    );
    expect(listed(first)).toEqual(truth(count, openLook).slice(0, pageSize));
    const behind = truth(count, openLook)[pageSize];
    if (behind === undefined) throw new Error('There is something behind.');
    const heard = queueTold(first, [{ type: 'request.changed', seq: behind.request.seq, item: behind }], eyes);
    expect(heard.rows).toBe(first.rows);
    const whole = readAll(noQueue, count);
    const again = { look: openLook, after: null, until: 'end' as const, known: whole.entries, eyes };
    expect(listed(queuePaged(queueAsked(whole), again, pageOf(count, openLook, null)))).toEqual(listed(whole));
  });

  test('drops what a page should hold and does not', () => {
    const whole = readAll(noQueue, 4);
    const asked = { look: openLook, after: null, until: null, known: whole.entries, eyes };
    expect(listed(queuePaged(queueAsked(whole), asked, { items: [], more: false }))).toEqual([]);
  });

  test('keeps what was told while an older page was on its way', () => {
    const asked = { look: openLook, after: null, until: null, known: noQueue.entries, eyes };
    const heard = queueTold(queueAsked(noQueue), pushes.slice(0, 1), eyes);
    expect(listed(queuePaged(heard, asked, { items: [], more: false }))).toEqual(truth(1, openLook));
  });

  test('a page for another look is left aside', () => {
    const state = lookedAt({ ...openLook, view: 'answered' });
    const asked = { look: openLook, after: null, until: null, known: state.entries, eyes };
    expect(queuePaged(state, asked, pageOf(4, openLook, null))).toBe(state);
  });

  test('I11 a request that went elsewhere stays away, whatever older is heard of it, until it is told of anew', () => {
    const one = pushes.filter(({ item }) => item.request.requestId === requestId(1_001));
    const [opened, claimed] = one;
    if (opened === undefined || claimed === undefined) throw new Error('The sample has two changes.');
    const gone = { type: 'request.gone' as const, seq: opened.seq, requestId: requestId(1_001) };
    for (const order of [
      [opened, gone],
      [gone, opened],
      [gone, opened, gone],
    ]) {
      const state = queueTold(noQueue, order, eyes);
      expect(state.rows).toEqual([]);
      expect(state.entries.has(requestId(1_001))).toBe(false);
      expect(listed(queueTold(state, [claimed], eyes))).toEqual([claimed.item]);
    }
    expect(listed(queueTold(queueTold(noQueue, [claimed], eyes), [gone], eyes))).toEqual([claimed.item]);
  });
});

describe('what the queue costs', () => {
  test('a change that moves no row leaves the list and every other item the same objects', () => {
    const before = told(noQueue, [pushes.slice(0, 3)]);
    const change = pushes.slice(3).find(({ item }) => item.request.requestId === pushes[0]?.item.request.requestId);
    if (change === undefined) throw new Error('The first request changes later.');
    const after = queueTold(before, [change], eyes);
    expect(after.rows).toBe(before.rows);
    for (const { item } of pushes.slice(1, 3))
      expect(after.entries.get(item.request.requestId)).toBe(before.entries.get(item.request.requestId));
    expect(queueTold(after, [change], eyes)).toBe(after);
  });

  test('of what is in no list only the latest is remembered', () => {
    const all = commitsOf(sessionLog(asideMost + 20)).flatMap(({ item }) =>
      item === null ? [] : [{ type: 'request.changed' as const, seq: item.request.seq, item }],
    );
    const state = told(noQueue, [all]);
    expect(state.entries.size).toBe(asideMost);
    expect(state.entries.has(requestId(1_000 + asideMost + 20))).toBe(true);
    expect(state.entries.has(requestId(1_001))).toBe(false);
  });
});

describe('replies and failures', () => {
  test('a reply counts only where it is further on than what was pushed, and its push still does', () => {
    const stages = pushes.filter(({ item }) => item.request.requestId === requestId(1_001));
    const byState = (state: HoldRequest['state']): RequestChangedPush => {
      const found = stages.find(({ item }) => item.request.state === state);
      if (found === undefined) throw new Error(`No ${state} stage.`);
      return found;
    };
    const open = queueTold(noQueue, pushes.slice(0, 1), eyes);
    const answered = byState('answered');
    const advanced = queueAdvanced(open, answered.item.request, eyes);
    expect(advanced.entries.get(requestId(1_001))?.item.request.state).toBe('answered');
    expect(queueTold(advanced, [answered], eyes).entries.get(requestId(1_001))?.item).toBe(answered.item);
    const delivered = told(noQueue, [pushes]);
    expect(queueAdvanced(delivered, answered.item.request, eyes)).toBe(delivered);
    expect(queueAdvanced(noQueue, answered.item.request, eyes)).toBe(noQueue);
  });

  test('the last answer of this person stays, whatever view is looked at', () => {
    const state = told(noQueue, [pushes]);
    const last = state.last;
    expect(last !== null && 'answer' in last.request ? last.request.answer.by : null).toMatchObject({ id: ana.id });
    expect(queueLooked(state, { ...openLook, text: 'nothing' }, eyes).last).toBe(last);
  });

  test('what was read stays when more of it could not be', () => {
    const failure = { code: 'cannot_save' as const, words: 'away' };
    expect(queueFailed(queueAsked(noQueue), failure)).toMatchObject({ status: 'failed', failure });
    const whole = readAll(noQueue, 4);
    expect(queueFailed(queueAsked(whole), failure)).toMatchObject({ status: 'ready', page: 'failed' });
  });
});
