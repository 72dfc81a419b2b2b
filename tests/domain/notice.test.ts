import { describe, expect, it } from 'vitest';
import {
  decideNotices,
  expiringAt,
  type NoticeDecision,
  type NoticeKind,
  noticeKinds,
  type PersonPreferences,
  teamKinds,
  usualPlaceKinds,
  usualPersonPreferences,
  usualTeamPreferences,
} from '@/lib/domain/notice';
import { preferenceProblem } from '@/lib/domain/notice/preference-problem';
import type { QuietHours } from '@/lib/domain/notice/quiet-hours';

const hour = 60;
const everyDay = [0, 1, 2, 3, 4, 5, 6] as const;
const weekdays = [1, 2, 3, 4, 5] as const;
const nights: QuietHours = { fromMinute: 22 * hour, toMinute: 7 * hour, days: everyDay };
const at = (iso: string): number => Date.parse(iso);
const now: NoticeDecision = { send: 'now' };
const never: NoticeDecision = { send: 'never' };
const quiet = (iso: string): NoticeDecision => ({ send: 'quiet', untilAt: at(iso) });
const digest = (iso: string): NoticeDecision => ({ send: 'digest', untilAt: at(iso) });

interface Row {
  readonly name: string;
  readonly zone?: string;
  readonly quiet?: QuietHours | null;
  readonly digest?: number;
  readonly kind?: NoticeKind;
  readonly at: string;
  readonly expected: NoticeDecision;
}

const berlin = 'Europe/Berlin';
const newYork = 'America/New_York';

const table: readonly Row[] = [
  { name: 'nothing set', at: '2026-11-22T12:00:00Z', expected: now },
  { name: 'before quiet hours', quiet: nights, at: '2026-11-22T21:59:59Z', expected: now },
  { name: 'at their first minute', quiet: nights, at: '2026-11-22T22:00:00Z', expected: quiet('2026-11-23T07:00:00Z') },
  { name: 'after midnight', quiet: nights, at: '2026-11-23T06:59:59Z', expected: quiet('2026-11-23T07:00:00Z') },
  { name: 'at their end', quiet: nights, at: '2026-11-23T07:00:00Z', expected: now },
  {
    name: 'in another zone',
    zone: newYork,
    quiet: nights,
    at: '2026-11-23T03:30:00Z',
    expected: quiet('2026-11-23T12:00:00Z'),
  },
  { name: 'not yet in another zone', zone: newYork, quiet: nights, at: '2026-11-22T22:00:00Z', expected: now },
  {
    name: 'a zone of half hours',
    zone: 'Asia/Kolkata',
    quiet: nights,
    at: '2026-11-22T17:00:00Z',
    expected: quiet('2026-11-23T01:30:00Z'),
  },
  {
    name: 'a period within a day',
    quiet: { fromMinute: 12 * hour, toMinute: 13 * hour, days: everyDay },
    at: '2026-11-22T12:30:00Z',
    expected: quiet('2026-11-22T13:00:00Z'),
  },
  {
    name: 'a day it does not begin on',
    quiet: { ...nights, days: weekdays },
    at: '2026-11-22T23:00:00Z',
    expected: now,
  },
  {
    name: 'the morning after a day it began on',
    quiet: { ...nights, days: weekdays },
    at: '2026-11-21T06:00:00Z',
    expected: quiet('2026-11-21T07:00:00Z'),
  },
  {
    name: 'a whole weekend, one day after the other',
    quiet: { fromMinute: 0, toMinute: 0, days: [0, 6] },
    at: '2026-11-21T10:00:00Z',
    expected: quiet('2026-11-23T00:00:00Z'),
  },
  {
    name: 'the night the clock is put forward: an hour shorter',
    zone: berlin,
    quiet: nights,
    at: '2026-03-28T21:00:00Z',
    expected: quiet('2026-03-29T05:00:00Z'),
  },
  {
    name: 'the night the clock is put back: an hour longer',
    zone: berlin,
    quiet: nights,
    at: '2026-10-24T20:00:00Z',
    expected: quiet('2026-10-25T06:00:00Z'),
  },
  {
    name: 'an end that the clock leaps over',
    zone: berlin,
    quiet: { fromMinute: 22 * hour, toMinute: 2 * hour + 30, days: everyDay },
    at: '2026-03-29T00:15:00Z',
    expected: quiet('2026-03-29T01:30:00Z'),
  },
  {
    name: 'an end that comes twice: quiet to the second',
    zone: berlin,
    quiet: { fromMinute: 22 * hour, toMinute: 2 * hour + 30, days: everyDay },
    at: '2026-10-25T00:45:00Z',
    expected: quiet('2026-10-25T01:30:00Z'),
  },
  {
    name: 'a start that comes twice: quiet from the first',
    zone: newYork,
    quiet: { fromMinute: hour + 30, toMinute: 5 * hour, days: everyDay },
    at: '2026-11-01T05:30:00Z',
    expected: quiet('2026-11-01T10:00:00Z'),
  },
  { name: 'a digest', digest: 60, at: '2026-11-22T12:20:00Z', expected: digest('2026-11-22T13:00:00Z') },
  {
    name: 'a digest that just ended',
    digest: 60,
    at: '2026-11-22T13:00:00Z',
    expected: digest('2026-11-22T14:00:00Z'),
  },
  {
    name: 'a digest that would end in quiet hours',
    digest: 60,
    quiet: nights,
    at: '2026-11-22T21:30:00Z',
    expected: quiet('2026-11-23T07:00:00Z'),
  },
  {
    name: 'quiet hours before a digest',
    digest: 60,
    quiet: nights,
    at: '2026-11-22T23:30:00Z',
    expected: quiet('2026-11-23T07:00:00Z'),
  },
  {
    name: 'little time left, gathered by nobody',
    kind: 'expiring',
    digest: 60,
    at: '2026-11-22T12:20:00Z',
    expected: now,
  },
  {
    name: 'little time left, at night',
    kind: 'expiring',
    quiet: nights,
    at: '2026-11-22T23:00:00Z',
    expected: quiet('2026-11-23T07:00:00Z'),
  },
  { name: 'an escalation at night', kind: 'escalated', quiet: nights, at: '2026-11-22T23:00:00Z', expected: now },
  { name: 'an escalation with a digest', kind: 'escalated', digest: 60, at: '2026-11-22T12:20:00Z', expected: now },
];

describe('when a recipient is told', () => {
  it.each(table)('$name', (row) => {
    const preferences: PersonPreferences = {
      kinds: { desktop: noticeKinds, email: [] },
      timeZone: row.zone ?? 'UTC',
      quiet: row.quiet ?? null,
      digestMinutes: row.digest ?? null,
    };
    const decided = decideNotices(row.kind ?? 'opened', preferences, at(row.at));
    expect(decided.desktop).toEqual(row.expected);
    expect(decided.email).toEqual(row.kind === 'escalated' ? now : never);
  });

  it('by default: all on the desktop, mail for what is meant for them in particular', () => {
    const told = noticeKinds.map((kind) => [kind, decideNotices(kind, usualPersonPreferences, 0)] as const);
    expect(told.filter(([, { desktop }]) => desktop.send === 'now').map(([kind]) => kind)).toEqual(noticeKinds);
    expect(told.filter(([, { email }]) => email.send === 'now').map(([kind]) => kind)).toEqual([
      'escalated',
      'assigned',
      'mentioned',
    ]);
    expect(decideNotices('opened', usualTeamPreferences, 0)).toEqual({ slack: now, webhook: now });
    expect(teamKinds).toEqual(['opened', 'expiring', 'escalated', 'expired', 'stalled', 'session_expiring']);
    expect(usualPlaceKinds).toEqual(['opened', 'expiring', 'escalated', 'expired']);
  });

  it('is never within quiet hours, at any minute of the weeks in which clocks change', () => {
    for (const [zone, from] of [
      [berlin, '2026-03-27T00:00:00Z'],
      [berlin, '2026-10-23T00:00:00Z'],
      ['Australia/Lord_Howe', '2026-04-03T00:00:00Z'],
    ] as const) {
      const preferences = { ...usualPersonPreferences, timeZone: zone, quiet: nights };
      for (let minute = 0; minute < 4 * 24 * hour; minute += 7) {
        const told = decideNotices('opened', preferences, at(from) + minute * 60_000).desktop;
        if (told.send !== 'quiet') continue;
        expect(told.untilAt).toBeGreaterThan(at(from) + minute * 60_000);
        expect(decideNotices('opened', preferences, told.untilAt).desktop).toEqual(now);
      }
    }
  });
});

describe('little time left', () => {
  it.each([
    ['30 minutes', 30, 27],
    ['2 minutes', 2, 1.8],
    ['a day', 1440, 1435],
    ['50 minutes', 50, 45],
  ])('of %s', (_words, total, expected) => {
    expect(expiringAt(0, total * 60_000)).toBe(expected * 60_000);
  });

  it('is not before it was asked, even when the deadline has passed', () => {
    expect(expiringAt(1_000, 500)).toBe(500);
  });
});

describe('preferences are refused', () => {
  const fine = { ...usualPersonPreferences, quiet: nights, digestMinutes: 15 };
  it.each<[string, object, string]>([
    ['with a zone nobody knows', { timeZone: 'Europe/Atlantis' }, 'time zone'],
    ['with a zone of any length', { timeZone: 'x'.repeat(10_000) }, 'time zone'],
    ['with a kind nobody knows', { kinds: { desktop: ['gossip'], email: [] } }, 'not known'],
    ['without a channel', { kinds: { desktop: [] } }, 'needs its list'],
    ['with a channel of teams', { kinds: { desktop: [], email: [], slack: [] } }, 'needs its list'],
    ['with a digest of a second', { digestMinutes: 0.01 }, 'digest'],
    ['with a digest of a week', { digestMinutes: 10_080 }, 'digest'],
    ['with an hour of 25', { quiet: { ...nights, fromMinute: 1_500 } }, 'time of day'],
    ['with quiet hours on no day', { quiet: { ...nights, days: [] } }, 'at least one day'],
    ['with a day of 9', { quiet: { ...nights, days: [9] } }, 'at least one day'],
    ['with quiet hours that never end', { quiet: { ...nights, toMinute: nights.fromMinute } }, 'some time of the week'],
  ])('%s', (_name, change, words) => {
    expect(preferenceProblem({ ...fine, ...change }, ['desktop', 'email'])).toContain(words);
  });

  it('never when they are fine', () => {
    expect(preferenceProblem(fine, ['desktop', 'email'])).toBeNull();
  });
});
