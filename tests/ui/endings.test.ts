import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endingLookHref, readEndingLook } from '@/components/ending/ending-look';
import { endingHrefOf, endingTitle, itemShows, itemWords } from '@/components/ending/ending-words';
import {
  countItems,
  type EndItem,
  type EndItemShow,
  endItemShows,
  endItemsMost,
  type EndOperation,
  furtherEnding,
  isOdd,
  isShown,
} from '@/lib/domain/end-operation';
import type { EndingId, PersonId, SessionId } from '@/lib/domain/ids';

const id = 'end_0123456789AB';
const base = { sessionId: 'ses_a' as SessionId, agent: 'night', print: 'x', changed: null };
const each: readonly EndItem[] = [
  { ...base, state: 'waiting' },
  { ...base, state: 'ending', at: 1 },
  { ...base, state: 'ended', at: 1, unknown: 0 },
  { ...base, state: 'ended', at: 1, unknown: 2 },
  { ...base, state: 'ended', at: 1, unknown: 0, changed: 'Other calls.' },
  { ...base, state: 'left', at: 1, why: '1 call in flight instead of 0.' },
  { ...base, state: 'over', at: 1 },
  { ...base, state: 'failed', at: 1, why: 'Holdpoint failed on it.' },
  { ...base, state: 'stopped', at: 1 },
];

function orderOf(items: readonly EndItem[], over: Partial<EndOperation> = {}): EndOperation {
  return {
    endingId: id as EndingId,
    by: { id: 'per_a' as PersonId, name: 'Mika Laine' },
    at: 0,
    reason: 'leak',
    about: 'server billing',
    whenChanged: 'leave',
    state: 'running',
    stopped: null,
    endedAt: null,
    restarts: 0,
    counts: countItems(items),
    ...over,
  };
}

describe('what is looked at of an order', () => {
  test('is its address: whatever is set is read again', () => {
    for (const show of endItemShows)
      for (const page of [0, 1, 7, 49]) {
        const look = { show, from: page * endItemsMost };
        expect(readEndingLook(new URLSearchParams(endingLookHref(id, look).split('?')[1] ?? ''))).toEqual(look);
      }
    for (const text of ['show=x&page=0', 'page=-1', 'page=99999', 'page=1e3', 'page=', ''])
      expect(readEndingLook(new URLSearchParams(text))).toEqual({ show: 'all', from: 0 });
  });

  test('every state has its own words, and is found by them', () => {
    const found = (show: EndItemShow): number => each.filter((item) => isShown(item, show)).length;
    expect(endItemShows.map((show) => [show, found(show)])).toEqual([
      ['all', 9],
      ['odd', 6],
      ['unknown', 1],
      ['waiting', 1],
      ['ending', 1],
      ['ended', 3],
      ['left', 1],
      ['over', 1],
      ['failed', 1],
      ['stopped', 1],
    ]);
    for (const item of each) expect(itemWords(item) === '').toBe(!isOdd(item));
    expect(itemShows(countItems(each)).map(({ show }) => show)).toEqual([
      'all',
      'waiting',
      'ending',
      'ended',
      'unknown',
      'left',
      'failed',
      'over',
      'stopped',
    ]);
    expect(itemShows(countItems([])).map(({ show }) => show)).toEqual(['all']);
  });

  test('is linked from an audit entry that is about an order, and from no other', () => {
    expect(endingHrefOf(id)).toBe(`/sessions/endings/${id}`);
    for (const other of ['audit', 'database', 'ses_0123456789AB', '../people']) expect(endingHrefOf(other)).toBe(null);
  });
});

describe('I12 how far an order is', () => {
  const states = [
    orderOf([each[0], each[0]] as EndItem[]),
    orderOf([each[1], each[0]] as EndItem[]),
    orderOf([each[2], each[1]] as EndItem[]),
    orderOf([each[2], each[1]] as EndItem[], { state: 'stopped' }),
    orderOf([each[2], each[2]] as EndItem[]),
    orderOf([each[2], each[2]] as EndItem[], { state: 'done', endedAt: 5 }),
  ];

  test('is the furthest of what was heard, in whatever order it came', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(states, { minLength: 1 }), (heard) => {
        const latest = heard.reduce((a, b) => furtherEnding(a, b));
        expect(latest).toBe(states[Math.max(...heard.map((one) => states.indexOf(one)))]);
      }),
    );
  });

  test('is said in words', () => {
    expect(states.map(endingTitle)).toEqual([
      'Ending 2 sessions',
      'Ending 2 sessions',
      'Ending 2 sessions',
      'Stopping',
      'Ending 2 sessions',
      '2 sessions ended',
    ]);
    const failed = orderOf([each[2], { ...each[2], state: 'failed', at: 4, why: 'x' }] as EndItem[], {
      state: 'done',
      endedAt: 5,
    });
    expect(endingTitle(failed)).toBe('1 session ended, 1 failed');
  });
});
