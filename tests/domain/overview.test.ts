import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TeamId } from '@/lib/domain/ids';
import { overviewCsv } from '@/lib/domain/overview/csv';
import {
  dayFiguresOf,
  figuresOf,
  type Overview,
  type OverviewEyes,
  teamFiguresOf,
  timeBarsOf,
  toolFiguresOf,
} from '@/lib/domain/overview/overview';
import { daysOf, mostDays, type Period, periodProblem, readDate } from '@/lib/domain/overview/period';
import { periodQuery, readPeriod } from '@/lib/domain/overview/period-query';
import { binFromMs, binOf, percentileOf, quarterMs, type Tally, type TallyWhat } from '@/lib/domain/overview/tally';
import { noMoods } from '@/lib/domain/session-query';

const payments = 'payments' as TeamId;
const admin: OverviewEyes = { teams: 'all', nameOf: (id) => `Team ${id}` };

function tally(what: TallyWhat, more: Partial<Tally> = {}): Tally {
  return { what, team: '', server: 'bank', tool: 'pay', bin: 0, count: 1, ms: 0, ...more };
}

function answers(...seconds: readonly number[]): readonly Tally[] {
  return seconds.map((each) => tally('accepted', { bin: binOf(each * 1_000), ms: each * 1_000 }));
}

describe('times in bins', () => {
  it('hold every time between their ends, no further apart than 10 in 100', () => {
    fc.assert(
      fc.property(fc.integer({ min: 15, max: 30 * 86_400_000 }), (ms) => {
        const bin = binOf(ms);
        expect(binFromMs(bin)).toBeLessThanOrEqual(ms * (1 + 1e-12));
        expect(binFromMs(bin + 1)).toBeGreaterThan(ms * (1 - 1e-12));
        expect(binFromMs(bin + 1) / Math.max(1, binFromMs(bin))).toBeLessThan(bin === 0 ? Infinity : 1.1);
      }),
    );
    expect([binOf(0), binOf(-5), binOf(Number.NaN), binOf(Number.MAX_SAFE_INTEGER)]).toEqual([0, 0, 0, 255]);
  });

  it('tell the median and 95 in 100 of any answers to within 10 in 100, however they were added up', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 100, max: 9_000_000 }), { minLength: 1, maxLength: 300 }),
        fc.constantFrom(0.5, 0.95),
        (times, share) => {
          const histogram = new Map<number, number>();
          for (const ms of times) histogram.set(binOf(ms), (histogram.get(binOf(ms)) ?? 0) + 1);
          const told = percentileOf(histogram, share) ?? Number.NaN;
          const exact = times.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * times.length) - 1)] ?? Number.NaN;
          expect(told / exact).toBeGreaterThan(0.9);
          expect(told / exact).toBeLessThan(1.1);
        },
      ),
    );
    expect(percentileOf(new Map(), 0.5)).toBeNull();
  });

  it('stand in bars that a person can read, each answer in one of them', () => {
    const bars = timeBarsOf([...answers(1, 7, 20, 59, 61, 100, 4_000, 90_000), tally('expired', { bin: 90 })]);
    expect(bars.map(({ count }) => count)).toEqual([2, 0, 1, 1, 2, 0, 0, 0, 0, 0, 1, 1]);
    expect(bars.map(({ untilMs }) => untilMs)).toEqual(
      [7.5, 15, 30, 60, 120, 240, 480, 960, 1_920, 3_840, 7_680, null].map((s) => (s === null ? null : s * 1_000)),
    );
  });
});

describe('the figures', () => {
  it('count answers, what nobody answered, stalls and endings, each once', () => {
    const figures = figuresOf([
      ...answers(10, 20),
      tally('declined', { bin: binOf(30_000), ms: 30_000 }),
      tally('cancelled', { bin: binOf(40_000), ms: 40_000 }),
      tally('expired', { count: 3, ms: 90_000 }),
      tally('withdrawn', { ms: 5_000 }),
      tally('asked', { ms: 60_000 }),
      tally('undelivered', { count: 2 }),
      tally('stalled', { count: 4 }),
      tally('call.completed', { count: 5, ms: 100_000 }),
      tally('call.indeterminate', { count: 1, ms: 20_000 }),
      tally('session.terminated', { count: 2, server: '', tool: '' }),
      tally('session.closed', { count: 7, server: '', tool: '' }),
    ]);
    expect(figures).toMatchObject({ accepted: 2, declined: 2, expired: 3, withdrawn: 1, undelivered: 2, stalled: 4 });
    expect(figures).toMatchObject({ calls: 6, unknown: 1, sessions: 9, terminated: 2 });
    expect(figures.peopleMs).toBe(10_000 + 20_000 + 30_000 + 40_000 + 90_000 + 5_000);
    expect(figures.workMs).toBe(60_000);
    expect(dayFiguresOf({ date: '2026-11-23', fromAt: 0, untilAt: 1 }, [tally('asked', { ms: 9 })]).workMs).toBe(0);
    expect(figuresOf([])).toMatchObject({ accepted: 0, medianMs: null, p95Ms: null, peopleMs: 0, workMs: 0 });
  });

  it('stand the slowest tool first, one that nobody answered at all before it, and only what people were asked', () => {
    const rows = toolFiguresOf([
      ...answers(10).map((one) => ({ ...one, tool: 'quick' })),
      ...answers(500).map((one) => ({ ...one, tool: 'slow' })),
      tally('expired', { tool: 'unanswered' }),
      tally('call.completed', { tool: 'free', ms: 10_000_000 }),
      tally('stalled', { tool: 'stuck' }),
    ]);
    expect(rows.map(({ tool }) => tool)).toEqual(['unanswered', 'slow', 'quick', 'stuck']);
  });

  it('I11 name the teams of who looks, and add up all others as one', () => {
    const tallies = [
      ...answers(10).map((one) => ({ ...one, team: 'payments' })),
      ...answers(20).map((one) => ({ ...one, team: 'security' })),
      ...answers(30).map((one) => ({ ...one, team: 'legal' })),
      ...answers(40),
    ];
    const outside = teamFiguresOf(tallies, { teams: [payments], nameOf: (id) => `Team ${id}` });
    expect(outside.map(({ name, accepted }) => [name, accepted])).toEqual([
      ['Everyone who may answer', 1],
      ['Other teams', 2],
      ['Team payments', 1],
    ]);
    expect(JSON.stringify(outside)).not.toMatch(/security|legal/);
    expect(teamFiguresOf(tallies, admin).map(({ name }) => name)).toContain('Team security');
    expect(teamFiguresOf(tallies, { teams: 'all', nameOf: () => null }).map(({ name }) => name)).toContain('legal');
  });

  it('go into a table that no name of a server can turn into a formula', () => {
    const overview: Overview = {
      asOf: 0,
      timeZone: 'UTC',
      now: { open: 0, expiring: 0, live: 0, moods: noMoods },
      figures: figuresOf([]),
      before: figuresOf([]),
      times: [],
      days: [],
      tools: toolFiguresOf([tally('expired', { server: '=HYPERLINK("x")', tool: 'a,b\n@c' })]),
      teams: [],
    };
    const line = overviewCsv(overview).split('\r\n')[3];
    expect(line).toBe(`tool,,"'=HYPERLINK(""x"")","a,b\n@c",0,0,1,0,,,0,0,0`);
  });
});

describe('the days of a period', () => {
  const now = Date.UTC(2026, 10, 23, 23, 30);
  const last = (days: 1 | 7 | 30): Period => ({ is: 'last', days });

  it('are those of the calendar of who looks', () => {
    expect(daysOf(last(1), { timeZone: 'UTC', now }).map(({ date }) => date)).toEqual(['2026-11-23']);
    expect(daysOf(last(1), { timeZone: 'Asia/Kathmandu', now })).toEqual([
      { date: '2026-11-24', fromAt: Date.UTC(2026, 10, 23, 18, 15), untilAt: Date.UTC(2026, 10, 24, 18, 15) },
    ]);
    expect(daysOf(last(7), { timeZone: 'America/New_York', now }).map(({ date }) => date)).toEqual(
      [17, 18, 19, 20, 21, 22, 23].map((day) => `2026-11-${day}`),
    );
  });

  it('follow each other without a gap, whatever the clocks do, and begin at quarters of an hour', () => {
    const zones = ['Europe/Berlin', 'America/Sao_Paulo', 'Africa/Cairo', 'Australia/Lord_Howe', 'Pacific/Chatham'];
    for (const timeZone of zones) {
      for (const from of ['2026-03-01', '2026-09-15', '2018-10-20']) {
        const until = readDate(from);
        const days = daysOf({ is: 'dates', from, until: `${until?.year}-12-01` }, { timeZone, now });
        expect(days.length === 0 || days.length > 10).toBe(true);
        for (const [at, day] of days.entries()) {
          expect(day.fromAt % quarterMs).toBe(0);
          expect(day.untilAt - day.fromAt).toBeGreaterThan(22 * 3_600_000);
          expect(days[at + 1]?.fromAt ?? day.untilAt).toBe(day.untilAt);
        }
      }
    }
    const spring = daysOf({ is: 'dates', from: '2026-03-28', until: '2026-03-30' }, { timeZone: 'Europe/Berlin', now });
    expect(spring.map((day) => (day.untilAt - day.fromAt) / 3_600_000)).toEqual([24, 23, 24]);
  });

  it('say what is wrong with dates and time zones, and what to do', () => {
    const dates = (from: string, until: string): Period => ({ is: 'dates', from, until });
    expect(periodProblem(dates('2026-11-01', '2026-11-30'), 'Europe/Berlin')).toBeNull();
    expect(periodProblem(dates('2026-02-30', '2026-11-30'), 'UTC')).toContain('2026-11-23');
    expect(periodProblem(dates('2026-11-30', '2026-11-01'), 'UTC')).toContain('Swap');
    expect(periodProblem(dates('2026-01-01', '2026-11-01'), 'UTC')).toContain(String(mostDays));
    expect(periodProblem(last(7), 'Mars/Olympus')).toContain('Europe/Berlin');
    expect(daysOf(dates('2026-01-01', '9999-12-31'), { timeZone: 'UTC', now })).toEqual([]);
    expect(daysOf(dates('x', '2026-11-01'), { timeZone: 'UTC', now })).toEqual([]);
  });

  it('are in the URL, and read from it', () => {
    for (const period of [
      last(1),
      last(7),
      last(30),
      { is: 'dates', from: '2026-11-01', until: '2026-11-09' } as const,
    ])
      expect(readPeriod(new URLSearchParams(periodQuery(period)))).toEqual(period);
    for (const text of [
      'period=year',
      'from=2026-11-01',
      'period=7d&from=2026-11-01&until=2026-11-02',
      'period=toString',
    ])
      expect(readPeriod(new URLSearchParams(text))).toBeNull();
  });
});
