import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readAddress, type SessionAddress, writeAddress } from '@/components/session/address';
import { noEventFilter } from '@/components/session/event-filter';
import { readJumpTime } from '@/components/session/jump-time';
import type { LaneId } from '@/lib/domain/timeline';
import { rowGroups } from '@/lib/domain/timeline/find';

beforeAll(() => {
  vi.stubEnv('TZ', 'UTC');
});
afterAll(() => {
  vi.unstubAllEnvs();
});

function read(address: string): SessionAddress {
  const { search, hash } = new URL(address, 'http://localhost/sessions/ses_1');
  return readAddress({ search, hash });
}

describe('the address of a session', () => {
  it('says which event, which instant and which filter, and is read as it was written', () => {
    const place = fc.record({
      seq: fc.option(fc.integer({ min: 1, max: 2_000_000 })),
      at: fc.option(fc.integer({ min: 0, max: 4_000_000_000_000 })),
      filter: fc.record({
        group: fc.constantFrom('all' as const, ...rowGroups),
        search: fc.string({ maxLength: 40, unit: 'grapheme' }).map((text) => text.trim()),
        laneId: fc.option(fc.constantFrom('call_7QF4M2K9XT0B' as LaneId, 'req_000000000001' as LaneId)),
      }),
    });
    fc.assert(
      fc.property(place, (one) => {
        expect(read(writeAddress(one))).toEqual(one);
      }),
    );
  });

  it('leaves out what is mangled or hostile, and opens all the same', () => {
    const nothing = { seq: null, at: null, filter: noEventFilter };
    for (const address of ['#0', '#-4', '#<b>', '#1e9', '?at=yesterday', '?at=-5', '?kind=evil', '?lane=../x', '?at='])
      expect(read(address)).toEqual(nothing);
    expect(read(`?find=${'x'.repeat(500)}`).filter.search).toHaveLength(200);
  });
});

describe('the time field', () => {
  const extent = { from: Date.UTC(2026, 10, 17, 22, 0, 0, 500), to: Date.UTC(2026, 10, 18, 3, 0, 0) };
  const at = (text: string): unknown => {
    const found = readJumpTime(text, extent);
    return found.is === 'time' ? new Date(found.at).toISOString() : found.is;
  };

  it('takes a time of the day on which the session has it, a day and a time, and an ISO instant', () => {
    expect(at('22:30')).toBe('2026-11-17T22:30:00.000Z');
    expect(at('02:15:04.25')).toBe('2026-11-18T02:15:04.250Z');
    expect(at(' 22:00:00 ')).toBe('2026-11-17T22:00:00.000Z');
    expect(at('2026-11-18 01:00')).toBe('2026-11-18T01:00:00.000Z');
    expect(at('2026-11-18T01:00:00+01:00')).toBe('2026-11-18T00:00:00.000Z');
  });

  it('says what to write for anything else, and when the session was for a time it does not have', () => {
    for (const text of ['25:00', '14', 'noon', '14:61', '2026-13', '<script>']) expect(at(text)).toBe('wrong');
    const outside = readJumpTime('12:00', extent);
    expect(outside.is === 'wrong' ? outside.why : '').toMatch(/lasts from 17 Nov, 22:00 to 18 Nov, 03:00/);
  });
});
