import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  everySession,
  filterHref,
  isFiltered,
  narrowingOf,
  readFilter,
  type SessionsFilter,
  toggled,
} from '@/components/session/session-filter';
import type { AgentId } from '@/lib/domain/ids';
import { sessionEnds, waitingMoods } from '@/lib/domain/session-query';

const minuteMs = 60_000;
const minutes = fc.integer({ min: 0, max: 66_000_000 }).map((minute) => minute * minuteMs);
const filters: fc.Arbitrary<SessionsFilter> = fc
  .record({
    show: fc.constantFrom('all', 'live', 'ended'),
    moods: fc.subarray([...waitingMoods]),
    ends: fc.subarray([...sessionEnds]),
    agentId: fc.constantFrom(null, 'agt_ada' as AgentId),
    server: fc.constantFrom(null, 'files', 'a&b=c #?', 'Élan'),
    started: fc.oneof(
      fc.constantFrom(
        null,
        { is: 'last', days: 1 },
        { is: 'last', days: 7 },
        { is: 'dates', from: '2026-11-01', until: '2026-11-02' },
      ),
      fc.record({ is: fc.constant('between'), fromAt: minutes, beforeAt: fc.option(minutes) }),
      fc.record({ is: fc.constant('between'), fromAt: fc.constant(null), beforeAt: minutes }),
    ),
    search: fc.constantFrom('', 'ses_0', 'a b&c'),
  })
  .map((filter) => {
    // As the screen sets them: how it ended is only of what is over, what it waits for only of what lives.
    const show = filter.ends.length === 0 ? filter.show : 'ended';
    return { ...filter, show, moods: show === 'ended' ? [] : filter.moods } as SessionsFilter;
  });

describe('the filter of sessions', () => {
  test('is its address: whatever is set is read again', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        const href = filterHref(filter);
        expect(href.startsWith('/sessions')).toBe(true);
        expect(readFilter(new URLSearchParams(href.split('?')[1] ?? ''))).toEqual(filter);
      }),
    );
    expect([filterHref(everySession), isFiltered(everySession)]).toEqual(['/sessions', false]);
    const between = { is: 'between', fromAt: Date.UTC(2026, 10, 23, 14), beforeAt: null } as const;
    expect(filterHref({ ...everySession, moods: ['stalled', 'slow'], started: between })).toBe(
      '/sessions?mood=stalled,slow&since=2026-11-23T14:00Z',
    );
  });

  test('leaves aside what it does not know, whoever wrote the address', () => {
    const query = new URLSearchParams('show=x&mood=happy&end=exploded&agent=%00&period=year&q=' + 'y'.repeat(900));
    expect(readFilter(query)).toEqual({ ...everySession, search: 'y'.repeat(200) });
    expect(readFilter(new URLSearchParams('show=ended&mood=slow,happy,slow'))).toMatchObject({
      show: 'all',
      moods: ['slow'],
    });
    for (const text of [
      'since=2026-13-40T99:00Z',
      'since=2026-11-23T14:00',
      'before=-1',
      'from=2026-11-40&until=2026-11-41',
      'from=2026-11-09&until=2026-11-02',
    ])
      expect(readFilter(new URLSearchParams(text))).toEqual(everySession);
  });

  test('takes any number of verdicts or ends, and all of them as good as none', () => {
    expect(toggled(waitingMoods, [], 'slow')).toEqual(['slow']);
    expect(toggled(waitingMoods, ['slow'], 'person')).toEqual(['person', 'slow']);
    expect(toggled(waitingMoods, ['person', 'slow'], 'slow')).toEqual(['person']);
    expect(toggled(sessionEnds, ['closed', 'idle', 'terminated'], 'lost')).toEqual([]);
  });

  test('bounds by the days of the one who looks, or by instants; the last days go on', () => {
    const clock = { timeZone: 'Europe/Berlin', now: Date.UTC(2026, 10, 23, 12) };
    const within = (started: SessionsFilter['started']) => narrowingOf({ ...everySession, started }, clock);
    expect(within({ is: 'last', days: 1 })).toMatchObject({
      startedFrom: Date.UTC(2026, 10, 22, 23),
      startedBefore: null,
    });
    expect(within({ is: 'dates', from: '2026-11-01', until: '2026-11-02' })).toMatchObject({
      startedFrom: Date.UTC(2026, 9, 31, 23),
      startedBefore: Date.UTC(2026, 10, 2, 23),
    });
    expect(within({ is: 'between', fromAt: 5 * minuteMs, beforeAt: 9 * minuteMs })).toMatchObject({
      startedFrom: 5 * minuteMs,
      startedBefore: 9 * minuteMs,
    });
    expect(narrowingOf({ ...everySession, moods: ['slow', 'stalled'], ends: ['lost'] }, clock)).toMatchObject({
      moods: ['slow', 'stalled'],
      ends: ['lost'],
    });
  });
});
