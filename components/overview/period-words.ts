import type { Period } from '@/lib/domain/overview/period';

/** When, in the middle of a sentence: "today", "in the last 7 days". */
export function periodWords(period: Period): string {
  if (period.is === 'dates')
    return period.from === period.until ? `on ${period.from}` : `from ${period.from} to ${period.until}`;
  return period.days === 1 ? 'today' : `in the last ${period.days} days`;
}

/** What it is compared with: "yesterday", "the 7 days before". */
export function beforeWords(period: Period, days: number): string {
  if (period.is === 'last' && period.days === 1) return 'yesterday';
  return days === 1 ? 'the day before' : `the ${days} days before`;
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "Mon 23" for an axis. */
export function dayLabel(date: string): string {
  const day = new Date(`${date}T00:00:00Z`);
  return `${weekdays[day.getUTCDay()] ?? ''} ${day.getUTCDate()}`;
}

/** "Mon 23 Nov" */
export function dayWords(date: string): string {
  return `${dayLabel(date)} ${months[Number(date.slice(5, 7)) - 1] ?? ''}`;
}
