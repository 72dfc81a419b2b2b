import { isDate } from '@/lib/domain/form/text-formats';

const dayMs = 86_400_000;
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const dayNumber = (date: string): number => Math.floor(Date.parse(`${date}T00:00:00Z`) / dayMs);

/** `Tuesday, in 14 days`: lets a person notice a slip of a month. Both are dates as `2026-12-31`; empty for anything else. */
export function dayWords(date: string, today: string): string {
  if (!isDate(date) || !isDate(today)) return '';
  const day = dayNumber(date);
  const weekday = weekdays[(((day + 4) % 7) + 7) % 7] ?? '';
  const ahead = day - dayNumber(today);
  if (ahead === 0) return `${weekday}, today`;
  if (Math.abs(ahead) === 1) return `${weekday}, ${ahead === 1 ? 'tomorrow' : 'yesterday'}`;
  return ahead > 0
    ? `${weekday}, in ${ahead.toLocaleString('en')} days`
    : `${weekday}, ${(-ahead).toLocaleString('en')} days ago`;
}
