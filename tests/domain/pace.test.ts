import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventBody } from '@/lib/domain/event';
import { unknownPace } from '@/lib/domain/pace';
import { type Heard, Hearings } from '@/lib/domain/pace/hearing';
import {
  emptyHistogram,
  type Histogram,
  merged,
  quantile,
  readHistogram,
  weightOf,
  withSpan,
} from '@/lib/domain/pace/histogram';
import { emptyHistory, learn, type PaceLimits, paceOf, type ToolHistory } from '@/lib/domain/pace/history';
import { bodies, callId, eventOf } from './support/happenings';

const spans = (...ms: readonly number[]): Histogram => ms.reduce(withSpan, emptyHistogram);
const of = <T>(count: number, one: T): readonly T[] => Array.from({ length: count }, () => one);

describe('a histogram of spans', () => {
  it('knows each span to within a fifth, from a millisecond to weeks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 * 86_400_000 }), (ms) => {
        const known = quantile(spans(ms), 0.5) ?? 0;
        expect(Math.abs(known - ms) / ms).toBeLessThan(0.2);
      }),
    );
  });

  it('takes what is no span as none', () => {
    expect(quantile(spans(-5, 0, Number.NaN), 1)).toBeLessThan(2);
    expect(quantile(spans(Number.POSITIVE_INFINITY), 1)).toBeGreaterThan(24 * 86_400_000);
    expect(quantile(emptyHistogram, 0.5)).toBeNull();
  });

  it('forgets the old little by little, and never grows', () => {
    const old = spans(...of(400, 1_000));
    const changed = of(600, 60_000).reduce(withSpan, old);
    expect(quantile(changed, 0.5)).toBeGreaterThan(50_000);
    expect(weightOf(changed)).toBeLessThanOrEqual(400);
  });

  it('added to another counts no more than it may', () => {
    const both = merged(spans(...of(40, 4_000)), spans(...of(10_000, 1)), 16);
    expect(weightOf(both)).toBe(56);
    expect(quantile(both, 0.5)).toBeGreaterThan(3_000);
  });

  it('comes back from its JSON, and from nothing else', () => {
    const one = spans(3, 40, 40, 5_000);
    expect(readHistogram(JSON.parse(JSON.stringify(one.counts)))).toEqual(one);
    for (const bad of [null, [], 'x', { a: 1 }, { 3: -1 }, { 3: 'x' }, { 3: Number.NaN }, { 9999: 1 }, { 1.5: 1 }])
      expect(readHistogram(bad)).toBeNull();
  });
});

const heard = (change: Partial<Heard>): Heard => ({
  ...{ server: 'files', tool: 'write', signs: 0, gaps: emptyHistogram, durationMs: null },
  ...change,
});
const talking = heard({ signs: 20, gaps: spans(...of(20, 4_000)), durationMs: 84_000 });
const silent = heard({ durationMs: 12_000 });
const history = (...calls: readonly Heard[]): ToolHistory => calls.reduce(learn, emptyHistory);
const nothing: PaceLimits = { slowAfterMs: null, stalledAfterMs: null };

describe('what is usual for a tool', () => {
  it('is not known before enough of its calls ended', () => {
    expect(paceOf(emptyHistory, nothing)).toEqual(unknownPace);
    expect(paceOf(history(...of(3, talking)), nothing)).toEqual(unknownPace);
    expect(paceOf(history(...of(4, talking)), nothing)).not.toEqual(unknownPace);
    expect(paceOf(history(...of(3, silent)), nothing)).toEqual(unknownPace);
    expect(paceOf(history(...of(4, silent)), nothing)).not.toEqual(unknownPace);
  });

  it('is its gap between signs of life, for one that is heard from', () => {
    const { usual, slowAfterMs, stalledAfterMs } = paceOf(history(...of(6, talking)), nothing);
    expect(usual).toEqual({ by: 'gap', ms: 4_000 });
    expect(slowAfterMs).toBeGreaterThan(8_000);
    expect(slowAfterMs).toBeLessThan(16_000);
    expect(stalledAfterMs).toBe(60_000);
  });

  it('is its duration, for one that is not', () => {
    const { usual, slowAfterMs, stalledAfterMs } = paceOf(history(...of(6, silent), talking), nothing);
    expect(usual).toMatchObject({ by: 'duration' });
    expect(usual?.ms).toBeGreaterThanOrEqual(10_000);
    expect(slowAfterMs).toBeGreaterThan(24_000);
    expect(stalledAfterMs).toBeGreaterThan(100_000);
  });

  it('is not the word of a failure, nor of a call of which nothing was heard', () => {
    expect(learn(emptyHistory, heard({}))).toBe(emptyHistory);
  });

  it.each<[string, ToolHistory, PaceLimits, { slow: number; stalled: number }]>([
    [
      'a tool that is done at once is not slow for a hiccup',
      history(...of(9, heard({ durationMs: 3 }))),
      nothing,
      { slow: 5_000, stalled: 60_000 },
    ],
    [
      'one that takes hours is stalled after one',
      history(...of(9, heard({ durationMs: 9e6 }))),
      nothing,
      { slow: 3_600_000, stalled: 3_600_000 },
    ],
    [
      'a configured ceiling holds over what is learned',
      history(...of(9, silent)),
      { slowAfterMs: 2_000, stalledAfterMs: 4_000 },
      { slow: 2_000, stalled: 4_000 },
    ],
    [
      'slow is never after stalled',
      history(...of(9, silent)),
      { slowAfterMs: null, stalledAfterMs: 4_000 },
      { slow: 4_000, stalled: 4_000 },
    ],
    [
      'a higher ceiling lets a long tool be',
      history(...of(9, heard({ durationMs: 9e6 }))),
      { slowAfterMs: null, stalledAfterMs: 86_400_000 },
      { slow: 30_000_000, stalled: 86_400_000 },
    ],
    [
      'with nothing learned it is what is configured',
      emptyHistory,
      { slowAfterMs: 7_000, stalledAfterMs: 9_000 },
      { slow: 7_000, stalled: 9_000 },
    ],
    ['or half of it', emptyHistory, { slowAfterMs: null, stalledAfterMs: 30_000 }, { slow: 15_000, stalled: 30_000 }],
    [
      'a long patience before slow is no short one before stalled',
      emptyHistory,
      { slowAfterMs: 3_600_000, stalledAfterMs: null },
      { slow: 3_600_000, stalled: 3_600_000 },
    ],
  ])('%s', (...[, known, limits, { slow, stalled }]) => {
    const pace = paceOf(known, limits);
    expect(Math.abs(pace.slowAfterMs - slow) / slow).toBeLessThan(0.2);
    expect(Math.abs(pace.stalledAfterMs - stalled) / stalled).toBeLessThan(0.2);
    expect(pace.slowAfterMs).toBeLessThanOrEqual(pace.stalledAfterMs);
  });

  it('is not moved by single calls that are far off, nor by one that floods', () => {
    const honest = history(...of(60, talking));
    const before = paceOf(honest, nothing);
    const lying = heard({ signs: 1, gaps: spans(3_000_000), durationMs: 3_000_000 });
    const flooding = heard({ signs: 100_000, gaps: spans(...of(400, 1)), durationMs: 100 });
    expect(paceOf(learn(learn(honest, lying), lying), nothing)).toEqual(before);
    expect(paceOf(learn(honest, flooding), nothing).usual).toEqual(before.usual);
  });

  it('whatever was heard, a server is never allowed more quiet than an hour or than the configuration', () => {
    const call = fc.record({
      signs: fc.nat(50),
      gaps: fc.array(fc.integer({ min: 0, max: 10 ** 10 })).map((all) => spans(...all)),
      durationMs: fc.option(fc.integer({ min: 0, max: 10 ** 10 })),
    });
    fc.assert(
      fc.property(
        fc.array(call, { maxLength: 40 }),
        fc.option(fc.integer({ min: 100, max: 10 ** 9 })),
        (calls, most) => {
          const pace = paceOf(history(...calls.map(heard)), { slowAfterMs: null, stalledAfterMs: most });
          expect(pace.stalledAfterMs).toBeLessThanOrEqual(most ?? 3_600_000);
          expect(pace.slowAfterMs).toBeLessThanOrEqual(pace.stalledAfterMs);
          expect(pace.slowAfterMs).toBeGreaterThan(0);
        },
      ),
    );
  });
});

/** What is heard of the call when each happens at its instant. */
function hear(...steps: readonly (readonly [number, EventBody])[]): Heard | null {
  const hearings = new Hearings();
  let last: Heard | null = null;
  for (const [index, [at, body]] of steps.entries())
    last = hearings.hear(eventOf(body, { seq: index + 1, at })) ?? last;
  return last;
}

const begun = [
  [0, bodies['call.received']],
  [1_000, bodies['call.sent']],
] as const;
const progress = bodies['call.progress'];
const completed = bodies['call.completed'];
const gapsOf = (...ms: readonly number[]): Histogram => spans(...ms);

describe('what is heard of a call', () => {
  it('its signs and the gaps between them, the first and the last too', () => {
    expect(hear(...begun, [3_000, progress], [8_000, bodies['call.log']], [9_000, completed])).toEqual(
      heard({ signs: 2, gaps: gapsOf(2_000, 5_000, 1_000), durationMs: 8_000 }),
    );
  });

  it('of a silent one its duration', () => {
    expect(hear(...begun, [13_000, completed])).toEqual(heard({ durationMs: 12_000 }));
  });

  it('without the time people or a model had, whoever asked', () => {
    const answered = [
      [2_000, bodies['request.opened']],
      [902_000, bodies['request.answered']],
      [905_000, completed],
    ] as const;
    expect(hear(...begun, ...answered)).toEqual(heard({ durationMs: 4_000 }));
    const unattributed = { ...bodies['request.opened'], callId: null, candidates: [callId] };
    expect(hear(...begun, [2_000, unattributed], [902_000, bodies['request.expired']], [905_000, completed])).toEqual(
      heard({ durationMs: 4_000 }),
    );
  });

  it('of two questions at once, until both are settled', () => {
    const other = { ...bodies['request.opened'], requestId: 'req_000000000009' } as EventBody;
    const otherAnswered = { ...bodies['request.answered'], requestId: 'req_000000000009' } as EventBody;
    const two = [
      [2_000, bodies['request.opened']],
      [3_000, other],
      [5_000, bodies['request.answered']],
      [50_000, otherAnswered],
      [51_000, completed],
    ] as const;
    expect(hear(...begun, ...two)).toEqual(heard({ durationMs: 2_000 }));
  });

  it('nothing of the time its stream was broken', () => {
    const broken = [bodies['connection.reattaching'], progress] as const;
    expect(hear(...begun, [2_000, progress], [3_000, broken[0]], [90_000, broken[1]], [91_000, completed])).toEqual(
      heard({ signs: 2, gaps: gapsOf(1_000, 1_000), durationMs: null }),
    );
  });

  it.each(['call.failed', 'call.cancelled', 'call.indeterminate'] as const)('no duration of one that %s', (type) => {
    expect(hear(...begun, [5_000, bodies[type]])).toEqual(heard({}));
  });

  it('no duration of a tool error, which says nothing of its work', () => {
    expect(hear(...begun, [5_000, { ...completed, isError: true }])).toEqual(heard({}));
  });

  it('nothing of what it did not see sent', () => {
    expect(hear([5_000, progress], [6_000, completed])).toBeNull();
    expect(hear([0, bodies['call.received']], [5_000, bodies['call.denied']])).toBeNull();
  });

  it.each([
    ['cut off', { ...bodies['call.interrupted'], next: 'repeat' } as EventBody],
    ['turned back', bodies['call.turned_back']],
  ])('of a run that was %s only what came after it went again', (_name, over) => {
    expect(hear(...begun, [70_000, over], [80_000, bodies['call.sent']], [81_000, completed])).toEqual(
      heard({ durationMs: 1_000 }),
    );
  });
});
