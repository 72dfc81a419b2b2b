import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventBody, SessionEvent } from '@/lib/domain/event';
import type { CallId, RequestId } from '@/lib/domain/ids';
import { emptyTimeline, foldTimeline } from '@/lib/domain/timeline';
import { clocksAt, nearestDeadline } from '@/lib/domain/timeline/clocks';
import { personAt, waitingBreak } from '@/lib/domain/timeline/lane';
import type { Lane } from '@/lib/domain/timeline/lane-model';
import { reattachingSince } from '@/lib/domain/timeline/rail';
import {
  allowed,
  ana,
  answered,
  asksWhether,
  call1,
  call2,
  completed,
  con1,
  interrupted,
  log,
  mika,
  opened,
  opening,
  progress,
  ready,
  received,
  req1,
  rule,
  sent,
  started,
  type Step,
} from './events';
import { folded, plainOf, rowsOf } from './plain';

const req2 = 'req_000000000002' as RequestId;

function shape(lane: Lane | undefined): readonly (readonly [string, number, number | null])[] {
  return (lane?.segments ?? []).map((segment) => [segment.kind, segment.from, segment.to]);
}

const inWork: readonly Step[] = [
  [0, started],
  [0, opening],
  [10, ready],
  [100, received(call1)],
  [110, allowed(call1)],
  [120, sent(call1)],
];

describe('a lane', () => {
  it('is held, at work, with people, at work again, and has its outcome', () => {
    const timeline = folded([
      ...inWork,
      [500, opened(req1, call1)],
      [600, { type: 'request.claimed', requestId: req1, untilAt: 9_000 }, ana],
      [2_000, answered(req1), ana],
      [3_000, completed(call1)],
    ]);
    const lane = timeline.lanes.get(call1);
    expect(shape(lane)).toEqual([
      ['held', 100, 120],
      ['work', 120, 500],
      ['people', 500, 2_000],
      ['work', 2_000, 3_000],
    ]);
    expect(lane?.segments[2]?.request).toMatchObject({
      requestId: req1,
      by: { name: 'Ana Ruiz' },
      outcome: 'accept',
      deadlineAt: 60_000,
    });
    expect(lane?.outcome).toEqual({ seq: 10, at: 3_000, state: 'completed', isError: false, cause: null });
  });

  it('waits for an approval before it is sent', () => {
    const timeline = folded([
      [0, started],
      [100, received(call1)],
      [100, { type: 'call.held', callId: call1, rule, requestId: req1 }],
      [100, opened(req1, call1)],
      [900, answered(req1), ana],
      [905, allowed(call1)],
      [910, sent(call1)],
    ]);
    expect(shape(timeline.lanes.get(call1))).toEqual([
      ['people', 100, 900],
      ['held', 900, 910],
      ['work', 910, null],
    ]);
  });

  it('stays with people until the last of two questions is settled', () => {
    const timeline = folded([
      ...inWork,
      [500, opened(req1, call1)],
      [600, opened(req2, call1)],
      [700, answered(req1), ana],
      [900, answered(req2), ana],
    ]);
    expect(shape(timeline.lanes.get(call1)).slice(2)).toEqual([
      ['people', 500, 700],
      ['people', 600, 900],
      ['work', 900, null],
    ]);
  });

  it.each<readonly [EventBody, string, string | null]>([
    [{ type: 'call.failed', callId: call1, error: { code: 1, message: 'gone' } }, 'failed', 'gone'],
    [{ type: 'call.cancelled', callId: call1, by: 'agent', reason: 'enough' }, 'cancelled', 'enough'],
    [{ type: 'call.rejected', callId: call1, reason: 'no' }, 'rejected', 'no'],
    [{ type: 'call.denied', callId: call1, rule }, 'rejected', rule.words],
    [{ type: 'call.expired', callId: call1, requestId: req1 }, 'expired', 'no one answered'],
    [{ type: 'call.indeterminate', callId: call1, why: 'lost' }, 'indeterminate', 'lost'],
  ])('ends on %o', (body, state, cause) => {
    const lane = folded([...inWork, [500, opened(req1, call1)], [700, body]]).lanes.get(call1);
    expect(lane?.outcome).toMatchObject({ at: 700, state, cause });
    expect(lane?.segments.every((segment) => segment.to !== null)).toBe(true);
  });

  it('keeps ticks, log marks, delivery and collection', () => {
    const warning: EventBody = {
      type: 'call.log',
      callId: call1,
      server: 'accounts',
      level: 'warning',
      logger: null,
      text: 'careful',
    };
    const lane = folded([
      ...inWork,
      [300, progress(call1, 1)],
      [310, warning],
      [500, opened(req1, call1)],
      [600, answered(req1), ana],
      [610, { type: 'answer.sent', requestId: req1, to: 'server' }],
      [620, { type: 'answer.accepted', requestId: req1, status: 202 }],
      [630, { type: 'answer.moved_on', requestId: req1 }],
      [900, completed(call1)],
      [950, { type: 'call.delivered', callId: call1 }],
    ]).lanes.get(call1);
    expect(lane?.ticks).toEqual([{ seq: 7, at: 300, progress: 1, total: 9, message: 'attaching the summary' }]);
    expect(lane?.logs).toEqual([{ seq: 8, at: 310, level: 'warning', text: 'careful' }]);
    expect(lane?.segments.find((segment) => segment.kind === 'people')?.request?.delivery).toBe('moved_on');
    expect(lane?.deliveredAt).toBe(950);
  });

  it('says an answer was not delivered', () => {
    const lane = folded([
      ...inWork,
      [500, opened(req1, call1)],
      [600, answered(req1), ana],
      [700, { type: 'answer.undelivered', requestId: req1, why: 'gone' }],
    ]).lanes.get(call1);
    expect(lane?.segments.find((segment) => segment.kind === 'people')?.request?.delivery).toBe('undelivered');
  });

  it('names who is answering only while the claim stands', () => {
    const steps: readonly Step[] = [
      ...inWork,
      [500, opened(req1, call1)],
      [600, { type: 'request.claimed', requestId: req1, untilAt: 1_000 }, ana],
    ];
    const open = folded(steps).lanes.get(call1)?.segments.at(-1);
    expect(open === undefined ? null : personAt(open, 999)?.name).toBe('Ana Ruiz');
    expect(open === undefined ? null : personAt(open, 1_000)).toBeNull();
    const released = folded([...steps, [700, { type: 'request.released', requestId: req1 }, ana]])
      .lanes.get(call1)
      ?.segments.at(-1);
    expect(released === undefined ? null : personAt(released, 800)).toBeNull();
  });

  it('I7: a question nobody answered is not drawn as refused', () => {
    const lane = folded([
      ...inWork,
      [500, opened(req1, call1)],
      [700, { type: 'request.expired', requestId: req1 }],
    ]).lanes.get(call1);
    expect(lane?.segments.find((segment) => segment.kind === 'people')?.request?.outcome).toBe('expired');
    expect(lane?.state).toBe('working');
  });

  it('is model time when no person answered a sampling request', () => {
    const sampling: EventBody = { ...opened(req1, call1), kind: 'sampling' };
    expect(shape(folded([...inWork, [500, sampling], [700, answered(req1)]]).lanes.get(call1))[2]).toEqual([
      'model',
      500,
      700,
    ]);
    expect(shape(folded([...inWork, [500, sampling], [700, answered(req1), ana]]).lanes.get(call1))[2]).toEqual([
      'people',
      500,
      700,
    ]);
  });

  it('stands for a question asked outside any call', () => {
    const timeline = folded([
      ...inWork,
      [500, opened(req1, null)],
      [700, { type: 'request.withdrawn', requestId: req1, why: 'gone' }],
    ]);
    expect(timeline.lanes.get(req1)).toMatchObject({ callId: null, state: 'cancelled', to: 700 });
    expect(shape(timeline.lanes.get(call1)).at(-1)).toEqual(['work', 120, null]);
  });
});

describe('a connection', () => {
  it('draws opening, ready, reattaching, ready, lost', () => {
    const timeline = folded([
      [0, started],
      [0, opening],
      [10, ready],
      [50, { type: 'connection.reattaching', connectionId: con1, why: 'cut' }],
      [70, ready],
      [90, { type: 'connection.lost', connectionId: con1, why: '404' }],
    ]);
    const rail = timeline.rails.get(con1);
    expect(rail?.parts.map((part) => [part.state, part.from, part.to])).toEqual([
      ['opening', 0, 10],
      ['ready', 10, 50],
      ['reattaching', 50, 70],
      ['ready', 70, 90],
    ]);
    expect(rail).toMatchObject({ to: 90, end: 'lost', why: '404' });
  });

  it('keeps the status of DELETE', () => {
    const timeline = folded([
      [0, started],
      [0, opening],
      [90, { type: 'connection.closed', connectionId: con1, deleteStatus: 405 }],
    ]);
    expect(timeline.rails.get(con1)).toMatchObject({ end: 'closed', deleteStatus: 405 });
  });

  it('puts servers in order of first call, those without calls last', () => {
    const timeline = folded([
      [0, started],
      [0, opening],
      [1, received(call1, 'second')],
      [2, received(call2, 'third')],
    ]);
    expect(timeline.groups.map((group) => group.server)).toEqual(['second', 'third', 'accounts']);
  });
});

describe('an ending', () => {
  it('I10: collects who, why and each step with its time, until the end', () => {
    const steps: readonly Step[] = [
      ...inWork,
      [500, { type: 'session.ending', end: 'terminated', reason: 'stuck' }, mika],
      [
        510,
        { type: 'session.step', detail: { step: 'cancel_sent', callId: call1, tool: 'request_account', status: 202 } },
      ],
      [
        520,
        {
          type: 'session.step',
          detail: { step: 'delete_sent', connectionId: con1, server: 'accounts', status: 204, why: null },
        },
      ],
      [530, { type: 'session.ended', end: 'terminated', reason: 'stuck' }],
    ];
    const timeline = folded(steps);
    expect(timeline.life?.ending).toMatchObject({ at: 500, by: mika, reason: 'stuck', endedAt: 530 });
    expect(timeline.life?.ending?.steps.map((step) => [step.at, step.detail.step])).toEqual([
      [510, 'cancel_sent'],
      [520, 'delete_sent'],
    ]);
    expect(timeline.lanes.get(call1)?.to).toBe(530);
  });
});

describe('the three clocks', () => {
  it('count no second twice, and stop when the session ends', () => {
    const open: readonly Step[] = [
      ...inWork,
      [1_000, opened(req1, call1, 10_000)],
      [1_500, received(call2)],
      [1_500, allowed(call2)],
      [1_500, sent(call2)],
    ];
    const limit = { at: 10_000, cause: 'default', reason: '' } as const;
    expect(clocksAt(folded(open), limit, 4_000)).toEqual({ withPeopleMs: 3_000, atWorkMs: 880, leftMs: 6_000 });
    const over = folded([
      ...open,
      [5_000, { type: 'session.ending', end: 'idle', reason: '' }],
      [6_000, { type: 'session.ended', end: 'idle', reason: '' }],
    ]);
    expect(clocksAt(over, null, 99_000)).toEqual({ withPeopleMs: 5_000, atWorkMs: 880, leftMs: null });
  });

  it('I8: take the nearest deadline of what is open', () => {
    const timeline = folded([...inWork, [500, opened(req1, call1, 90_000)], [500, opened(req2, null, 30_000)]]);
    expect(nearestDeadline(timeline)?.deadlineAt).toBe(30_000);
  });
});

const long: readonly SessionEvent[] = log([
  ...inWork,
  [200, progress(call1, 1)],
  [300, received(call2, 'payments')],
  [310, allowed(call2)],
  [320, sent(call2)],
  [500, opened(req1, call1)],
  [510, { type: 'request.claimed', requestId: req1, untilAt: 900 }, ana],
  [520, progress(call2, 3)],
  [600, { type: 'connection.reattaching', connectionId: con1, why: 'cut' }],
  [650, ready],
  [700, answered(req1), ana],
  [710, { type: 'answer.sent', requestId: req1, to: 'server' }],
  [800, opened(req2, null)],
  [850, completed(call2)],
  [900, { type: 'request.expired', requestId: req2 }],
  [950, completed(call1)],
  [990, { type: 'session.ending', end: 'closed', reason: '' }],
  [995, { type: 'session.ended', end: 'closed', reason: '' }],
]);
const whole = foldTimeline(emptyTimeline(), long);

describe('folding', () => {
  it('I12: gives the same timeline however the events are cut, repeated or delayed', () => {
    const ranges = fc.array(fc.tuple(fc.nat(long.length), fc.nat(long.length)), { maxLength: 12 });
    fc.assert(
      fc.property(ranges, (cuts) => {
        let timeline = emptyTimeline();
        for (const [a, b] of cuts) timeline = foldTimeline(timeline, long.slice(Math.min(a, b), Math.max(a, b)));
        timeline = foldTimeline(timeline, long);
        expect(plainOf(timeline)).toEqual(plainOf(whole));
      }),
    );
  });

  it('I12: read from both ends, in pages and single events in any order, it is the whole fold of what is known', () => {
    const pieces = fc.shuffledSubarray([...long], { minLength: 0 }).chain((events) =>
      fc.array(fc.nat(events.length), { maxLength: 6 }).map((ends) => {
        const cuts = [...new Set([0, ...ends, events.length])].sort((a, b) => a - b);
        return cuts.slice(1).map((end, index) => events.slice(cuts[index], end));
      }),
    );
    fc.assert(
      fc.property(pieces, (pages) => {
        const timeline = pages.reduce(foldTimeline, emptyTimeline());
        const known = pages.flat().sort((a, b) => a.seq - b.seq);
        expect(plainOf(timeline)).toEqual(plainOf(foldTimeline(emptyTimeline(), known)));
        expect(plainOf(foldTimeline(timeline, long))).toEqual(plainOf(whole));
      }),
      { numRuns: 500 },
    );
  });

  it('I12: changes nothing on events it has', () => {
    const part = foldTimeline(emptyTimeline(), long.slice(0, 8));
    expect(foldTimeline(part, long.slice(0, 5))).toBe(part);
  });

  it('draws a call as soon as its beginning is known, whatever is missing between', () => {
    const [origin, ...rest] = [...long.slice(3, 4), ...long.slice(20)];
    const tail = foldTimeline(emptyTimeline(), rest);
    expect(tail.lanes.get(call1)).toBeUndefined();
    const drawn = foldTimeline(tail, origin === undefined ? [] : [origin]);
    expect(drawn.lanes.get(call1)).toMatchObject({ tool: 'request_account', outcome: { state: 'completed' } });
    expect(rowsOf(drawn).at(-3)).toMatchObject({ subject: 'request_account' });
  });

  it('keeps the identity of everything an event does not touch, and leaves the old timeline as it was', () => {
    const before = foldTimeline(emptyTimeline(), long.slice(0, 12));
    const copy = structuredClone(plainOf(before));
    const after = foldTimeline(before, long.slice(12, 13));
    expect(after.lanes.get(call1)).toBe(before.lanes.get(call1));
    expect(after.lanes.get(call2)).not.toBe(before.lanes.get(call2));
    expect(after.groups[0]).toBe(before.groups[0]);
    expect(after.groups[1]).not.toBe(before.groups[1]);
    expect(after.rails).toBe(before.rails);
    expect(after.events.at(3)).toBe(before.events.at(3));
    expect(plainOf(before)).toEqual(copy);
  });

  it('has one row per event, with its call, person and subject', () => {
    const rows = rowsOf(whole);
    expect(rows.map((row) => row.seq)).toEqual(long.map((event) => event.seq));
    const answer = rows.find((row) => row.event.type === 'request.answered');
    expect(answer).toMatchObject({
      callId: call1,
      subject: 'request_account',
      person: { name: 'Ana Ruiz' },
      group: 'people',
    });
  });

  it('folds 20,000 events without going over them again and again', () => {
    const many: Step[] = [...inWork];
    for (let index = 0; index < 20_000; index += 1) many.push([1_000 + index, progress(call1, index)]);
    const events = log(many);
    const began = performance.now();
    const timeline = foldTimeline(emptyTimeline(), events);
    expect(timeline.lanes.get(call1)?.ticks).toHaveLength(20_000);
    expect(performance.now() - began).toBeLessThan(30_000);
  });

  it('one event more leaves all of 20,000 others as they are kept, but a few', () => {
    const many: Step[] = [...inWork];
    for (let index = 0; index < 4_000; index += 1) {
      const callId = `call_${String(index + 10).padStart(12, '0')}` as CallId;
      many.push(
        [1_000, received(callId)],
        [1_001, allowed(callId)],
        [1_002, sent(callId)],
        [1_003, progress(callId, 1)],
      );
      many.push([1_004, completed(callId)]);
    }
    const events = log(many);
    const before = foldTimeline(emptyTimeline(), events.slice(0, -1));
    const after = foldTimeline(before, events.slice(-1));
    const others = (now: readonly unknown[], then: readonly unknown[]): number =>
      now.filter((chunk) => !then.includes(chunk)).length;
    expect(after.events.chunks.length).toBeGreaterThan(50);
    expect(others(after.events.chunks, before.events.chunks)).toBeLessThanOrEqual(1);
    const [lanesNow, lanesThen] = [after, before].map(({ groups }) => groups.flatMap(({ lanes }) => lanes.chunks));
    expect(others(lanesNow ?? [], lanesThen ?? [])).toBeLessThanOrEqual(1);
  });
});

describe('I4 a call that was cut off', () => {
  const cut: readonly Step[] = [...inWork, [500, interrupted(call1, 'ask')], [500, asksWhether(req1, call1)]];

  it('waits with people in the gap, and is at work again in its second run', () => {
    const lane = folded([
      ...cut,
      [900, answered(req1), ana],
      [900, allowed(call1)],
      [950, sent(call1)],
      [2_000, completed(call1)],
    ]).lanes.get(call1);
    expect(shape(lane)).toEqual([
      ['held', 100, 120],
      ['work', 120, 500],
      ['people', 500, 900],
      ['held', 900, 950],
      ['work', 950, 2_000],
    ]);
    expect(lane).toMatchObject({ runs: 2, state: 'completed' });
    expect(lane?.breaks).toMatchObject([{ at: 500, next: 'ask', againAt: 950 }]);
  });

  it('is held, not at work and not asking its server, while a person decides', () => {
    const timeline = folded(cut);
    const lane = timeline.lanes.get(call1);
    expect(lane).toMatchObject({ state: 'held', sentAt: null });
    expect(lane === undefined ? null : waitingBreak(lane)).toMatchObject({ next: 'ask' });
    expect(clocksAt(timeline, null, 2_500)).toMatchObject({ withPeopleMs: 2_000, atWorkMs: 380 });
  });

  it('one that could not be sent again by itself is one gap, in which a person is asked', () => {
    const lane = folded([
      ...inWork,
      [500, interrupted(call1, 'repeat')],
      [700, interrupted(call1, 'ask')],
      [700, asksWhether(req1, call1)],
    ]).lanes.get(call1);
    expect(lane?.breaks).toMatchObject([{ at: 500, next: 'ask', againAt: null }]);
    expect(shape(lane).slice(1)).toEqual([
      ['work', 120, 500],
      ['held', 500, 700],
      ['people', 700, null],
    ]);
  });

  it('that was turned back waits with people in the gap, for as many pages as there are', () => {
    const page = (requestId: RequestId): Step => [500, { ...opened(requestId, call1), kind: 'url' }];
    const pages: readonly Step[] = [
      ...inWork,
      [500, { type: 'call.turned_back', callId: call1, message: 'Sign in first', requestIds: [req1, req2] }],
      page(req1),
      page(req2),
    ];
    const waiting = folded(pages).lanes.get(call1);
    expect(waiting).toMatchObject({ state: 'held', sentAt: null });
    expect(waiting === undefined ? null : waitingBreak(waiting)).toMatchObject({ next: 'urls', why: 'Sign in first' });
    const lane = folded([
      ...pages,
      [700, answered(req1), ana],
      [900, answered(req2)],
      [900, { type: 'call.urls_done', callId: call1 }],
      [950, sent(call1)],
      [2_000, completed(call1)],
    ]).lanes.get(call1);
    expect(shape(lane)).toEqual([
      ['held', 100, 120],
      ['work', 120, 500],
      ['people', 500, 700],
      ['people', 500, 900],
      ['held', 900, 950],
      ['work', 950, 2_000],
    ]);
    expect(lane?.breaks).toMatchObject([{ at: 500, next: 'urls', againAt: 950 }]);
    expect(lane).toMatchObject({ runs: 2, state: 'completed' });
  });

  it('goes on unheard when only its result is lost, and knows how its agent left and came back', () => {
    const left: readonly Step[] = [
      ...inWork,
      [400, { type: 'call.result_lost', callId: call1, why: 'its stream ended' }],
      [500, { type: 'call.agent_left', callId: call1, how: 'ticket' }],
    ];
    const lane = folded(left).lanes.get(call1);
    expect(lane).toMatchObject({ state: 'working', sentAt: 120, agentLeft: 'ticket' });
    expect(lane === undefined ? null : waitingBreak(lane)).toBeNull();
    const back = folded([...left, [600, { type: 'call.agent_back', callId: call1 }]]).lanes.get(call1);
    expect(back?.agentLeft).toBeNull();
  });

  it('I12 a fold in pieces draws the same', () => {
    const events = log([...cut, [900, answered(req1), ana], [900, allowed(call1)], [950, sent(call1)]]);
    const pieces = events.reduce((timeline, event) => foldTimeline(timeline, [event]), emptyTimeline());
    expect(pieces.lanes.get(call1)).toEqual(foldTimeline(emptyTimeline(), events).lanes.get(call1));
    expect(rowsOf(pieces)).toEqual(rowsOf(foldTimeline(emptyTimeline(), events)));
  });
});

describe('a connection that is taken up again', () => {
  it('says since when and why, until it is ready or lost', () => {
    const dropped: readonly Step[] = [
      ...inWork,
      [500, { type: 'connection.reattaching', connectionId: con1, why: 'Holdpoint was restarted' }],
    ];
    const rail = (steps: readonly Step[]): ReturnType<typeof reattachingSince> => {
      const found = folded(steps).rails.get(con1);
      return found === undefined ? null : reattachingSince(found);
    };
    expect(rail(dropped)).toEqual({ at: 500, why: 'Holdpoint was restarted' });
    expect(rail([...dropped, [600, ready]])).toBeNull();
    expect(rail([...dropped, [600, { type: 'connection.lost', connectionId: con1, why: '404' }]])).toBeNull();
  });
});
