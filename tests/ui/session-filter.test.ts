import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  everySession,
  filterHref,
  isFiltered,
  narrowingOf,
  readFilter,
  type SessionsFilter,
} from '@/components/session/session-filter';
import type { AgentId } from '@/lib/domain/ids';
import { sessionEnds, waitingMoods } from '@/lib/domain/session-query';

const filters: fc.Arbitrary<SessionsFilter> = fc
  .record({
    show: fc.constantFrom('all', 'live', 'ended'),
    mood: fc.constantFrom('all', ...waitingMoods),
    end: fc.constantFrom('all', ...sessionEnds),
    agentId: fc.constantFrom(null, 'agt_ada' as AgentId),
    server: fc.constantFrom(null, 'files', 'a&b=c #?', 'Élan'),
    period: fc.constantFrom(
      null,
      { is: 'last', days: 1 },
      { is: 'last', days: 7 },
      { is: 'dates', from: '2026-11-01', until: '2026-11-02' },
    ),
    search: fc.constantFrom('', 'ses_0', 'a b&c'),
  })
  .map((filter) => {
    // As the screen sets them: how it ended is only of what is over, what it waits for only of what lives.
    const show = filter.end === 'all' ? filter.show : 'ended';
    return { ...filter, show, mood: show === 'ended' ? 'all' : filter.mood } as SessionsFilter;
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
  });

  test('leaves aside what it does not know, whoever wrote the address', () => {
    const query = new URLSearchParams('show=x&mood=happy&end=exploded&agent=%00&period=year&q=' + 'y'.repeat(900));
    expect(readFilter(query)).toEqual({ ...everySession, search: 'y'.repeat(200) });
    expect(readFilter(new URLSearchParams('show=ended&mood=slow'))).toMatchObject({ show: 'all', mood: 'slow' });
  });

  test('bounds by the days of the one who looks; the last days go on', () => {
    const clock = { timeZone: 'Europe/Berlin', now: Date.UTC(2026, 10, 23, 12) };
    const within = (period: SessionsFilter['period']) => narrowingOf({ ...everySession, period }, clock);
    expect(within({ is: 'last', days: 1 })).toMatchObject({
      startedFrom: Date.UTC(2026, 10, 22, 23),
      startedBefore: null,
    });
    expect(within({ is: 'dates', from: '2026-11-01', until: '2026-11-02' })).toMatchObject({
      startedFrom: Date.UTC(2026, 9, 31, 23),
      startedBefore: Date.UTC(2026, 10, 2, 23),
    });
    expect(narrowingOf({ ...everySession, mood: 'slow', end: 'lost' }, clock)).toMatchObject({
      moods: ['slow'],
      ends: ['lost'],
    });
  });
});
