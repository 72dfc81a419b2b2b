import { addDays, instantsOf, isTimeZone, type LocalDay, localDay } from '../notice/local-time';
import type { TimeSpan } from './tally';

/** What time the overview is of: today and the days before it, or from one date to another, both within. */
export type Period =
  | { readonly is: 'last'; readonly days: LastDays }
  | { readonly is: 'dates'; readonly from: string; readonly until: string };

export type LastDays = 1 | 7 | 30;
export const lastDays: readonly LastDays[] = [1, 7, 30];
export const usualPeriod: Period = { is: 'last', days: 7 };
export const mostDays = 92;

/** A day of a time zone. */
export interface OverviewDay extends TimeSpan {
  /** Such as `2026-11-23`. */
  readonly date: string;
}

/** The days of a period on the calendar of a time zone, in order. Empty when the dates are none, or too many. */
export function daysOf(
  period: Period,
  { timeZone, now }: { readonly timeZone: string; readonly now: number },
): readonly OverviewDay[] {
  const today = localDay(timeZone, now);
  const first = period.is === 'last' ? addDays(today, 1 - period.days) : readDate(period.from);
  const last = period.is === 'last' ? today : readDate(period.until);
  if (first === null || last === null) return [];
  const days: OverviewDay[] = [];
  for (let day = first; !isAfter(day, last); day = addDays(day, 1)) {
    if (days.length === mostDays) return [];
    days.push({ date: dateText(day), fromAt: startOf(timeZone, day), untilAt: startOf(timeZone, addDays(day, 1)) });
  }
  return days;
}

/** Why a period or time zone cannot be shown, in words; null when it can. */
export function periodProblem(period: Period, timeZone: string): string | null {
  if (!isTimeZone(timeZone)) return 'This time zone is not known. Give one such as Europe/Berlin.';
  if (period.is === 'last') return null;
  const [from, until] = [readDate(period.from), readDate(period.until)];
  if (from === null || until === null) return 'Dates are written as 2026-11-23.';
  if (isAfter(from, until)) return 'The first day comes after the last. Swap them.';
  return isAfter(addDays(from, mostDays), until) ? null : `At most ${mostDays} days can be shown at once.`;
}

/** A date of the calendar; null for anything else, such as the 31st of a short month. */
export function readDate(text: string): LocalDay | null {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (found === null) return null;
  const day = { year: Number(found[1]), month: Number(found[2]), day: Number(found[3]) };
  return day.year >= 1970 && dateText(addDays(day, 0)) === text ? day : null;
}

function dateText({ year, month, day }: LocalDay): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function isAfter(a: LocalDay, b: LocalDay): boolean {
  return dateText(a) > dateText(b);
}

/** Where midnight is left out, the first instant after it. */
function startOf(timeZone: string, day: LocalDay): number {
  return instantsOf(timeZone, day, 0)[0] ?? Date.UTC(day.year, day.month - 1, day.day);
}
