import { isDateTime } from '@/lib/domain/form/text-formats';

const two = (value: number): string => String(Math.abs(value)).padStart(2, '0');

function dateText(at: Date): string {
  return `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** Today where this code runs, as `2026-12-31`. */
export function localDate(nowAt: number): string {
  return dateText(new Date(nowAt));
}

/** `2026-12-31T09:30` as typed in a local field, with the offset that holds there on that day; null when it is no date. */
export function withLocalOffset(local: string): string | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?/.exec(local);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const at = new Date(year, month - 1, day, hour, minute, second);
  at.setFullYear(year, month - 1, day);
  if (Number.isNaN(at.getTime())) return null;
  const eastOfUtc = -at.getTimezoneOffset();
  const sign = eastOfUtc < 0 ? '-' : '+';
  const offset = `${sign}${two(Math.trunc(eastOfUtc / 60))}:${two(Math.trunc(eastOfUtc % 60))}`;
  return `${dateText(at)}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}${offset}`;
}

/** What a local field shows for an instant with an offset; empty when it is none. */
export function localInput(text: string): string {
  const at = isDateTime(text) ? new Date(text.toUpperCase()) : null;
  if (at === null || Number.isNaN(at.getTime())) return '';
  const seconds = at.getSeconds() === 0 ? '' : `:${two(at.getSeconds())}`;
  return `${dateText(at)}T${two(at.getHours())}:${two(at.getMinutes())}${seconds}`;
}
