import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { marksOf } from '@/components/timeline/lane-marks';
import { laneFacts, laneLook } from '@/components/timeline/lane-words';
import { curveOf, ticksOf as ticksOfLane } from '@/components/timeline/progress-marks';
import { atOf, pxOf, ticksOf } from '@/components/timeline/scale';
import { type Extent, panned, scaleOf, showing, zoomed } from '@/components/timeline/view';
import type { Actor } from '@/lib/domain/actor';
import type { PersonId } from '@/lib/domain/ids';
import { emptyTimeline, foldTimeline } from '@/lib/domain/timeline';
import { spanWords, countWords, shortSpan, sizeWords } from '@/lib/domain/timeline/time-words';
import {
  allowed,
  ana,
  answered,
  call1,
  interrupted,
  log,
  opened,
  progress,
  received,
  req1,
  sent,
  started,
  type Step,
} from './events';

beforeAll(() => {
  vi.stubEnv('TZ', 'UTC');
});
afterAll(() => {
  vi.unstubAllEnvs();
});

describe('the scale', () => {
  const scale = { from: 1_000, to: 61_000, width: 600 };

  it('turns time into pixels and back', () => {
    expect(pxOf(scale, 31_000)).toBe(300);
    expect(atOf(scale, 300)).toBe(31_000);
  });

  it('marks round times with room between them', () => {
    const ticks = ticksOf(scale, 70);
    expect(ticks.map((tick) => tick.label)).toEqual([
      '00:00:10',
      '00:00:20',
      '00:00:30',
      '00:00:40',
      '00:00:50',
      '00:01:00',
    ]);
    expect(ticksOf({ from: 0, to: 86_400_000 * 900, width: 600 }, 70).length).toBeLessThanOrEqual(9);
  });
});

describe('the view', () => {
  const extent: Extent = { from: 0, to: 600_000, deadlineAt: 700_000, live: true };

  it('fits the session and a near deadline, but lets no far one squash it', () => {
    const near = scaleOf({ mode: 'fit' }, extent, 1_000);
    expect(near.to).toBeGreaterThan(700_000);
    const far = scaleOf({ mode: 'fit' }, { ...extent, deadlineAt: 600_000 + 86_400_000 }, 1_000);
    expect(pxOf(far, extent.to)).toBeGreaterThan(580);
  });

  it('follows now until it is moved, and shows a chosen event', () => {
    const following = scaleOf({ mode: 'span', spanMs: 60_000, endAt: null }, extent, 1_000);
    expect(pxOf(following, extent.to)).toBeCloseTo(800);
    expect(panned(following, extent, -30_000)).toMatchObject({ mode: 'span', endAt: following.to - 30_000 });
    const shown = showing({ mode: 'span', spanMs: 60_000, endAt: null }, following, 100_000);
    const scale = scaleOf(shown, extent, 1_000);
    expect(scale.from < 100_000 && scale.to > 100_000).toBe(true);
  });

  it('zooms about the pointer and ends in the fit', () => {
    const scale = scaleOf({ mode: 'span', spanMs: 60_000, endAt: 300_000 }, extent, 1_000);
    const closer = zoomed(scale, extent, { factor: 0.5, aboutAt: 270_000, following: false });
    expect(pxOf(scaleOf(closer, extent, 1_000), 270_000)).toBeCloseTo(pxOf(scale, 270_000));
    expect(zoomed(scale, extent, { factor: 100, aboutAt: 270_000, following: false })).toEqual({ mode: 'fit' });
  });
});

describe('the marks of a lane', () => {
  const events = log([
    [0, started],
    [0, received(call1)],
    [0, allowed(call1)],
    [0, sent(call1)],
    [10_000, progress(call1, 1)],
    [10_001, progress(call1, 2)],
    [20_000, opened(req1, call1, 90_000)],
  ]);
  const lane = (count: number): Parameters<typeof marksOf>[0] => {
    const found = foldTimeline(emptyTimeline(), events.slice(0, count)).lanes.get(call1);
    if (found === undefined) throw new Error('no lane');
    return found;
  };
  const scale = { from: 0, to: 100_000, width: 1_000 };

  it('end at now while they last, and reach on to the deadline', () => {
    const marks = marksOf(lane(7), { scale, now: 40_000, endAt: 40_000 });
    expect(marks.blocks.map((block) => [block.kind, block.left, block.width, block.end])).toEqual([
      ['work', 0, 200, 'closed'],
      ['people', 200, 200, 'open'],
    ]);
    expect(marks.rest).toMatchObject({ left: 400, width: 500, text: '00:50 left' });
  });

  it('leave out ticks that would lie on each other, and cut no stage text below what can be read', () => {
    const marks = marksOf(lane(7), { scale, now: 40_000, endAt: 40_000 });
    expect(marks.ticks).toHaveLength(1);
    expect(marks.stages.map((stage) => stage.count)).toEqual(['2/9']);
  });

  it('of thousands of ticks are those a look at each one gives, and the curve ends where it came to', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(400), { minLength: 2, maxLength: 300 }),
        fc.integer({ min: 50, max: 900 }),
        fc.nat(50_000),
        (gaps, width, from) => {
          let at = 0;
          const steps = gaps.map((gap, index): Step => [(at += gap), progress(call1, index)]);
          const events = log([[0, started], [0, received(call1)], [0, sent(call1)], ...steps]);
          const drawn = foldTimeline(emptyTimeline(), events).lanes.get(call1);
          if (drawn === undefined) throw new Error('no lane');
          const to = from + 40_000;
          const view = { from, to, width };
          const seen = drawn.ticks.filter((tick) => tick.at >= from && tick.at <= to);
          const wanted: number[] = [];
          let last = Number.NEGATIVE_INFINITY;
          for (const tick of seen) {
            if (pxOf(view, tick.at) - last < 4 - 1e-6) continue;
            last = pxOf(view, tick.at);
            wanted.push(tick.seq);
          }
          expect(ticksOfLane(drawn.ticks, view).map(({ seq }) => seq)).toEqual(wanted);
          expect(drawn.furthest).toBe(9);
          const curve = curveOf(drawn, { scale: { from: 0, to: at + 1, width }, now: at, endAt: at });
          const end = curve?.points.split(' ').at(-1)?.split(',')[0];
          const wantedEnd = curve === null ? 0 : pxOf({ from: 0, to: at + 1, width }, at) - curve.left;
          expect(Number(end ?? 0)).toBeCloseTo(wantedEnd, 0);
        },
      ),
    );
  });

  it('name who answered where there is room, and only the face where there is none', () => {
    const more = log([
      [0, started],
      [0, received(call1)],
      [0, allowed(call1)],
      [0, sent(call1)],
      [20_000, opened(req1, call1)],
      [60_000, answered(req1), ana],
    ]);
    const done = foldTimeline(emptyTimeline(), more).lanes.get(call1);
    if (done === undefined) throw new Error('no lane');
    const wide = marksOf(done, { scale, now: 70_000, endAt: 70_000 });
    expect(wide.blocks[1]).toMatchObject({ kind: 'people', label: 'Ana 40 s', person: { name: 'Ana Ruiz' } });
    const narrow = marksOf(done, { scale: { ...scale, width: 60 }, now: 70_000, endAt: 70_000 });
    expect(narrow.blocks[1]).toMatchObject({ label: null, person: { name: 'Ana Ruiz' } });
  });

  it('link the two runs of a call that was cut off, and mark where each gap begins and ends', () => {
    const again = log([
      [0, started],
      [0, received(call1)],
      [0, allowed(call1)],
      [0, sent(call1)],
      [20_000, interrupted(call1, 'repeat')],
      [40_000, sent(call1)],
      [60_000, interrupted(call1, 'ask')],
    ]);
    const cut = foldTimeline(emptyTimeline(), again).lanes.get(call1);
    if (cut === undefined) throw new Error('no lane');
    const marks = marksOf(cut, { scale, now: 80_000, endAt: 80_000 });
    expect(marks.gaps).toMatchObject([
      { link: { left: 200, width: 200 }, cut: 200, again: 400 },
      { link: { left: 600, width: 200 }, cut: 600, again: null },
    ]);
    expect(marks.blocks.map((block) => [block.kind, block.left, block.width])).toEqual([
      ['work', 0, 200],
      ['work', 400, 200],
    ]);
    expect(laneLook(cut, 80_000).words).toBe('run again?');
    expect(laneFacts(cut, 80_000).join(', ')).toContain('run 2 cut off 00:01:00');
  });

  it('say of a call that was turned back what it waits for, and that it is sent again once that is done', () => {
    const page = { ...opened(req1, call1), kind: 'url' } as const;
    const back = [
      [20_000, { type: 'call.turned_back', callId: call1, message: 'Sign in first', requestIds: [req1] }],
      [20_000, page],
    ] as const;
    const begun = [[0, started], [0, received(call1)], [0, allowed(call1)], [0, sent(call1)], ...back] as const;
    const waits = foldTimeline(emptyTimeline(), log(begun)).lanes.get(call1);
    if (waits === undefined) throw new Error('no lane');
    expect(laneLook(waits, 30_000).words).toBe('not run, page first');
    expect(laneFacts(waits, 30_000).join(', ')).toContain('run 1 turned back 00:00:20: Sign in first');
    expect(marksOf(waits, { scale, now: 30_000, endAt: 30_000 }).gaps).toMatchObject([{ next: 'urls', cut: 200 }]);
    const done = foldTimeline(
      emptyTimeline(),
      log([...begun, [40_000, answered(req1)], [40_000, { type: 'call.urls_done', callId: call1 }]]),
    ).lanes.get(call1);
    expect(done === undefined ? null : laneLook(done, 41_000).words).toBe('sending again');
  });

  it('cut no name inside a block, however long: what does not fit is left out', () => {
    const long: Actor = { kind: 'person', id: 'per_x' as PersonId, name: 'Wilhelmina-Maximiliana Woo' };
    const more = log([
      [0, started],
      [0, received(call1)],
      [0, allowed(call1)],
      [0, sent(call1)],
      [20_000, opened(req1, call1)],
      [36_000, answered(req1), long],
    ]);
    const done = foldTimeline(emptyTimeline(), more).lanes.get(call1);
    if (done === undefined) throw new Error('no lane');
    const label = (width: number): string | null | undefined =>
      marksOf(done, { scale: { ...scale, width }, now: 70_000, endAt: 70_000 }).blocks[1]?.label;
    expect(label(2_000)).toBe('Wilhelmina-Maximiliana 16 s');
    expect(label(1_000)).toBe('16 s');
  });

  it('say that a server is slow, then stalled', () => {
    const at = (now: number): unknown =>
      marksOf(lane(6), { scale: { ...scale, to: now }, now, endAt: now }).blocks[0]?.quiet?.pace ?? 'busy';
    expect([at(30_000), at(80_000), at(700_000)]).toEqual(['busy', 'slow', 'stalled']);
  });
});

describe('times and sizes', () => {
  it.each([
    [spanWords(38), '38 ms'],
    [spanWords(6_900), '6 s'],
    [spanWords(130_000), '2 min 10 s'],
    [spanWords(4_320_000), '1 h 12 min'],
    [spanWords(-5), '0 s'],
    [countWords(252_000), '04:12'],
    [countWords(3_852_000), '1:04:12'],
    [shortSpan(161_000), '2:41'],
    [sizeWords(999), '999 B'],
    [sizeWords(3_100), '3.1 KB'],
    [sizeWords(1_400_000), '1.4 MB'],
  ])('%s', (got, wanted) => {
    expect(got).toBe(wanted);
  });
});
