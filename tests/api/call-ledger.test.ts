import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longSession } from '@/bench/long-session';
import { laneLook } from '@/components/timeline/lane-words';
import type { SessionEvent } from '@/lib/domain/event';
import { emptyTimeline, foldTimeline } from '@/lib/domain/timeline';
import { clocksAt, endOfTime } from '@/lib/domain/timeline/clocks';
import { spentMs } from '@/lib/domain/timeline/spans';
import type { Lane, SegmentKind } from '@/lib/domain/timeline/lane-model';
import { standingOf, standingWords } from '@/lib/domain/timeline/standing';
import { CallLedger, ledgerBounds, type LedgerBounds, type LedgerCall } from '@/server/api/report/call-ledger';
import {
  allowed,
  answered,
  call1,
  interrupted,
  log,
  opened,
  received,
  req1,
  sent,
  type Step,
  started,
} from '@/tests/timeline/events';
import { randomLog } from '@/tests/timeline/random-log';

const now = 1_000_000;
const wide: LedgerBounds = { calls: 10_000, stretches: 10_000, causeLetters: 10_000 };

function ledgerOf(events: readonly SessionEvent[], bounds: LedgerBounds = wide): CallLedger {
  const ledger = new CallLedger(bounds);
  for (const event of events) ledger.take(event);
  return ledger;
}

/** What the whole fold says of a lane. */
function lineOf(lane: Lane, until: number): LedgerCall {
  const { seq, tool, server, from, to, runs, outcome, segments } = lane;
  const standing = standingOf(lane);
  const of = (kind: SegmentKind): number => spentMs(segments, kind, until);
  const spent = { held: of('held'), people: of('people'), work: of('work'), model: of('model') };
  const stretches = segments.map((part) => ({ kind: part.kind, from: part.from, to: part.to }));
  return { seq, tool, server, standing, from, to, runs, cause: outcome?.cause ?? '', stretches, spentMs: spent };
}

/** Stretches that began in one instant stand in no order. */
function plain(line: LedgerCall): unknown {
  return { ...line, stretches: line.stretches.map((part) => JSON.stringify(part)).sort() };
}

const turnedBack: readonly Step[] = [
  [500, { type: 'call.turned_back', callId: call1, message: 'Sign in first', requestIds: [req1] }],
  [500, { ...opened(req1, call1), kind: 'url' }],
];

/** Calls that were sent and are to be sent again, if at all. */
const sentBefore: readonly { readonly words: string; readonly after: readonly Step[] }[] = [
  { words: 'run again?', after: [[500, interrupted(call1, 'ask')]] },
  { words: 'sending again', after: [[500, interrupted(call1, 'repeat')]] },
  { words: 'not run, page first', after: turnedBack },
  {
    words: 'sending again',
    after: [...turnedBack, [900, answered(req1)], [900, { type: 'call.urls_done', callId: call1 }]],
  },
];

describe('what a report keeps of a session', () => {
  it('I12 says of calls, clocks and ending what the whole fold says', () => {
    fc.assert(
      fc.property(randomLog, (events) => {
        const ledger = ledgerOf(events);
        const timeline = foldTimeline(emptyTimeline(), events);
        const lanes = [...timeline.lanes.values()].sort((a, b) => a.seq - b.seq);
        const { calls, left } = ledger.table(now);
        expect(left).toBe(0);
        expect(calls.map(plain)).toEqual(lanes.map((lane) => plain(lineOf(lane, endOfTime(timeline, now)))));
        const { withPeopleMs, atWorkMs } = clocksAt(timeline, null, now);
        expect(ledger.clocksAt(now)).toEqual({ withPeopleMs, atWorkMs });
        expect([ledger.calls, ledger.events]).toEqual([timeline.lanes.size, events.length]);
        expect(ledger.spanAt(now)).toEqual({ from: 0, to: Math.max(1, endOfTime(timeline, now)) });
        expect(ledger.life?.ending?.reason).toBe(timeline.life?.ending?.reason);
      }),
      { numRuns: 300 },
    );
  });

  it.each(sentBefore)('calls the state of a call what its page calls it: $words, not held', ({ words, after }) => {
    const inWork: readonly Step[] = [
      [0, started],
      [0, received(call1)],
      [0, allowed(call1)],
      [0, sent(call1)],
    ];
    const events = log([...inWork, ...after]);
    const [call] = ledgerOf(events).table(now).calls;
    const lane = foldTimeline(emptyTimeline(), events).lanes.get(call1);
    if (call === undefined || lane === undefined) throw new Error('no call');
    expect(standingWords[call.standing]).toBe(words);
    expect(laneLook(lane, now).words).toBe(words);
  });

  it('keeps the newest calls alone, and of a call that asks without end some stretches and all its time', () => {
    const { events } = longSession({ events: 6_000, startedAt: 1_764_000_000_000 });
    const bounds = { ...ledgerBounds, calls: 50 };
    const ledger = new CallLedger(bounds);
    let most = 0;
    for (const event of events) {
      ledger.take(event);
      most = Math.max(most, ledger.size);
    }
    expect(most).toBeLessThan(110);
    const { calls, left } = ledger.table(now);
    expect([calls.length, left]).toEqual([50, ledger.calls - 50]);
    const all = ledgerOf(events).table(now).calls;
    expect(calls).toEqual(all.slice(-50));
    const few = ledgerOf(events, { ...wide, stretches: 2 }).table(now).calls;
    expect(few.map(({ spentMs }) => spentMs)).toEqual(all.map(({ spentMs }) => spentMs));
    expect(few.every(({ stretches }) => stretches.length <= 3)).toBe(true);
  });
});
