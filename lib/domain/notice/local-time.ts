/** Local time in a named time zone, by the zone data the platform brings. */

/** 0 is Sunday. */
export type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6;

export interface LocalDay {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
const mostFormats = 64;
const formats = new Map<string, Intl.DateTimeFormat>();

export function isTimeZone(name: string): boolean {
  try {
    return name.length <= 64 && formatOf(name) !== null;
  } catch {
    return false;
  }
}

/** Making one is slow, and there are few zones. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const parts = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const;
  const made = new Intl.DateTimeFormat('en-US', { ...parts, second: '2-digit', hourCycle: 'h23', timeZone });
  if (formats.size >= mostFormats) formats.clear();
  formats.set(timeZone, made);
  return made;
}

/** The local clock's reading at an instant, written as if it were UTC. */
export function localReading(timeZone: string, at: number): number {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(at)
      .map((part) => [part.type, Number(part.value)]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
}

export function localDay(timeZone: string, at: number): LocalDay {
  const date = new Date(localReading(timeZone, at));
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

export function addDays({ year, month, day }: LocalDay, count: number): LocalDay {
  const date = new Date(Date.UTC(year, month - 1, day + count));
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

export function weekdayOf({ year, month, day }: LocalDay): Weekday {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() as Weekday;
}

/**
 * The instants at which a local clock shows this minute of a day: one, or two where the clock is put back. Where
 * it is put forward over that minute, the one at which it would have been.
 */
export function instantsOf(timeZone: string, { year, month, day }: LocalDay, minute: number): readonly number[] {
  const reading = Date.UTC(year, month - 1, day) + minute * minuteMs;
  const offsetAt = (at: number): number => localReading(timeZone, at) - at;
  const before = reading - offsetAt(reading - dayMs);
  const after = reading - offsetAt(reading + dayMs);
  const real = [...new Set([before, after])].filter((at) => localReading(timeZone, at) === reading);
  return real.length === 0 ? [before] : real.sort((a, b) => a - b);
}
