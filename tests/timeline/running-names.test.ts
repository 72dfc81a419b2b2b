import fc from 'fast-check';
import { expect, it } from 'vitest';
import { longSession } from '@/bench/long-session';
import { emptyTimeline, foldTimeline } from '@/lib/domain/timeline';
import { RunningNames } from '@/lib/domain/timeline/running-names';
import { rowsOf } from './plain';
import { randomLog } from './random-log';

it('I12 gives each event the line that the whole fold gives it', () => {
  fc.assert(
    fc.property(randomLog, (events) => {
      const names = new RunningNames();
      const rows = events.map((event) => names.row(event));
      expect(rows).toEqual(rowsOf(foldTimeline(emptyTimeline(), events)));
    }),
    { numRuns: 300 },
  );
});

it('keeps a name for each call and question, and nothing of the events that go by', () => {
  const { events } = longSession({ events: 6_000, startedAt: 1_764_000_000_000 });
  const names = new RunningNames();
  for (const event of events) names.row(event);
  const named = events.filter(({ type }) => type === 'call.received' || type === 'request.opened');
  // And four connections.
  expect(names.size).toBe(named.length + 4);
  expect([...names.requests.values()].every(({ title }) => title === '')).toBe(true);
});
