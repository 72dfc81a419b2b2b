import { dayTime, clockTime } from '@/lib/domain/timeline/time-words';

/** What stands in the time field, as an instant; or why it is none. */
export type JumpTime = { readonly is: 'time'; readonly at: number } | { readonly is: 'wrong'; readonly why: string };

const clock = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?$/;
const day = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?$/;

/**
 * "14:36", "14:36:12", "2026-11-17 14:36" in the reader's time zone, or an ISO instant. A time without a day is of the
 * day of the session at which it lies within it, else of the day it began.
 */
export function readJumpTime(text: string, extent: { readonly from: number; readonly to: number }): JumpTime {
  const words = text.trim();
  const time = clock.exec(words);
  if (time !== null) return within(time.slice(1), extent);
  const dated = day.exec(words);
  if (dated !== null) {
    const [year = '', month = '', date = '', ...rest] = dated.slice(1);
    const at = instant(new Date(Number(year), Number(month) - 1, Number(date)), rest);
    return at === null ? notATime : { is: 'time', at };
  }
  const at = /^\d{4}-\d{2}-\d{2}T/.test(words) ? Date.parse(words) : Number.NaN;
  return Number.isNaN(at) ? notATime : { is: 'time', at };
}

const notATime: JumpTime = { is: 'wrong', why: 'Write a time such as 14:36, 14:36:12 or 2026-11-17 14:36.' };
const dayMs = 86_400_000;
const daysMost = 400;

function within(
  parts: readonly (string | undefined)[],
  { from, to }: { readonly from: number; readonly to: number },
): JumpTime {
  const began = new Date(from);
  const first = instant(new Date(began.getFullYear(), began.getMonth(), began.getDate()), parts);
  if (first === null) return notATime;
  const days = Math.min(daysMost, Math.ceil((to - from) / dayMs) + 1);
  for (let ahead = 0; ahead < days; ahead += 1) {
    const at = instant(new Date(began.getFullYear(), began.getMonth(), began.getDate() + ahead), parts);
    if (at !== null && at >= Math.floor(from / 1_000) * 1_000 && at <= to) return { is: 'time', at };
  }
  return {
    is: 'wrong',
    why: `The session has no such time: it lasts from ${dayTime(from, to)} to ${dayTime(to, to)}, ${clockTime(to)}.`,
  };
}

function instant(midnight: Date, parts: readonly (string | undefined)[]): number | null {
  const [hours = 0, minutes = 0, seconds = 0] = parts.slice(0, 3).map((part) => Number(part ?? 0));
  const ms = Number((parts[3] ?? '0').padEnd(3, '0'));
  if (hours > 23 || minutes > 59 || seconds > 59 || Number.isNaN(midnight.getTime())) return null;
  const at = new Date(midnight);
  at.setHours(hours, minutes, seconds, ms);
  return at.getTime();
}
