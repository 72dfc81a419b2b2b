import type { Weekday } from '@/lib/domain/notice/local-time';
import type { QuietHours } from '@/lib/domain/notice/quiet-hours';

/** From Monday on. */
export const weekdays: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 0];
export const weekdayNames: { readonly [D in Weekday]: string } = {
  0: 'Sun',
  1: 'Mon',
  2: 'Tue',
  3: 'Wed',
  4: 'Thu',
  5: 'Fri',
  6: 'Sat',
};

const two = (value: number): string => String(value).padStart(2, '0');

/** Minutes since midnight as 08:30, as a field of a time holds it. */
export function minuteText(minute: number): string {
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** Minutes since midnight; null when it is no time. */
export function readMinute(text: string): number | null {
  const match = /^([01]\d|2[0-3]):([0-5]\d)/.exec(text);
  return match === null ? null : Number(match[1]) * 60 + Number(match[2]);
}

/** "Mon to Fri, from 18:00 to 08:00 of the next day" */
export function quietWords({ fromMinute, toMinute, days }: QuietHours): string {
  const end = toMinute <= fromMinute ? `${minuteText(toMinute)} of the next day` : minuteText(toMinute);
  return `${daysWords(days)}, from ${minuteText(fromMinute)} to ${end}`;
}

/** Runs of three and more days are said by their ends. */
export function daysWords(days: readonly Weekday[]): string {
  const chosen = weekdays.filter((day) => days.includes(day));
  if (chosen.length === 7) return 'Every day';
  if (chosen.length === 0) return 'No day';
  const runs: Weekday[][] = [];
  for (const day of chosen) {
    const last = runs.at(-1);
    const before = last?.at(-1);
    if (last !== undefined && before !== undefined && weekdays.indexOf(day) === weekdays.indexOf(before) + 1)
      last.push(day);
    else runs.push([day]);
  }
  return runs.map(runWords).join(', ');
}

function runWords(run: readonly Weekday[]): string {
  const names = run.map((day) => weekdayNames[day]);
  return names.length < 3 ? names.join(', ') : `${names[0] ?? ''} to ${names.at(-1) ?? ''}`;
}

/** What a field of a date and a time holds, where this browser is; minutes are its smallest step. */
export function localFieldText(at: number): string {
  const date = new Date(at);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The instant a field of a date and a time names; null when it is none. */
export function readLocalField(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text)) return null;
  const at = new Date(text).getTime();
  return Number.isNaN(at) ? null : at;
}
