import { addDays, instantsOf, type LocalDay, localDay, type Weekday, weekdayOf } from './local-time';

/** A time of the week in which nothing but escalations comes. */
export interface QuietHours {
  /** Minutes since local midnight, 0 to 1439. */
  readonly fromMinute: number;
  /** Not after `fromMinute`: on the next day. The same: the whole day round. */
  readonly toMinute: number;
  /** The days on which it begins; 0 is Sunday. */
  readonly days: readonly Weekday[];
}

/** Periods that follow one another without a gap; a week of them is refused when they are saved. */
const longestChain = 16;

/**
 * The instant at which quiet hours that are on at `at` end; null when they are off. They follow the local clock: on
 * the day it is changed they are an hour longer or shorter.
 */
export function quietUntil(quiet: QuietHours, timeZone: string, at: number): number | null {
  let untilAt: number | null = null;
  for (let step = 0; step < longestChain; step += 1) {
    const endAt = endOfPeriod(quiet, timeZone, untilAt ?? at);
    if (endAt === null) return untilAt;
    untilAt = endAt;
  }
  return untilAt;
}

function endOfPeriod(quiet: QuietHours, timeZone: string, at: number): number | null {
  const today = localDay(timeZone, at);
  for (const day of [addDays(today, -1), today]) {
    if (!quiet.days.includes(weekdayOf(day))) continue;
    const { fromAt, toAt } = periodOf(quiet, timeZone, day);
    if (fromAt <= at && at < toAt) return toAt;
  }
  return null;
}

/** Where the clock is put back over an end, that hour is quiet to its second coming. */
function periodOf(
  { fromMinute, toMinute }: QuietHours,
  timeZone: string,
  day: LocalDay,
): { readonly fromAt: number; readonly toAt: number } {
  const lastDay = toMinute <= fromMinute ? addDays(day, 1) : day;
  const fromAt = instantsOf(timeZone, day, fromMinute)[0] ?? 0;
  const toAt = instantsOf(timeZone, lastDay, toMinute).at(-1) ?? 0;
  return { fromAt, toAt };
}

/** What is wrong with quiet hours, in words; null when they can be kept. */
export function quietProblem({ fromMinute, toMinute, days }: QuietHours): string | null {
  const isMinute = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < 24 * 60;
  if (!isMinute(fromMinute) || !isMinute(toMinute)) return 'Quiet hours begin and end at a time of day.';
  if (days.length === 0 || days.some((day) => !Number.isInteger(day) || day < 0 || day > 6))
    return 'Quiet hours need at least one day.';
  const everyDay = new Set(days).size === 7;
  return fromMinute === toMinute && everyDay ? 'Quiet hours must leave some time of the week.' : null;
}
