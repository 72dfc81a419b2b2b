import { type Channel, type PersonPreferences, type Preferences, usualPersonPreferences } from '@/lib/domain/notice';
import type { QuietHours } from '@/lib/domain/notice/quiet-hours';

/** When notices come: what persons and teams choose alike. */
export type Times = Pick<Preferences<Channel>, 'timeZone' | 'quiet' | 'digestMinutes'>;

export const usualQuiet: QuietHours = { fromMinute: 18 * 60, toMinute: 8 * 60, days: [1, 2, 3, 4, 5] };

export const digests: readonly { readonly minutes: number | null; readonly words: string }[] = [
  { minutes: null, words: 'At once, each by itself' },
  { minutes: 5, words: 'Every 5 minutes' },
  { minutes: 15, words: 'Every 15 minutes' },
  { minutes: 30, words: 'Every 30 minutes' },
  { minutes: 60, words: 'Every hour' },
  { minutes: 240, words: 'Every 4 hours' },
  { minutes: 1_440, words: 'Once a day' },
];

export function digestWords(minutes: number | null): string {
  return digests.find((digest) => digest.minutes === minutes)?.words ?? `Every ${minutes ?? 0} minutes`;
}

/** Where this browser is. */
export function browserZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Every zone the browser knows, and the one that is chosen even when it does not. */
export function zonesWith(chosen: string): readonly string[] {
  return [...new Set([chosen, 'UTC', ...Intl.supportedValuesOf('timeZone')])].toSorted();
}

/** Preferences nobody ever chose follow the browser's time zone instead of UTC. */
export function startingFrom(saved: PersonPreferences, zone: string): PersonPreferences {
  return same(saved, usualPersonPreferences) ? { ...saved, timeZone: zone } : saved;
}

/** The same choices, in whatever order they were made. */
export function same<C extends Channel>(a: Preferences<C>, b: Preferences<C>): boolean {
  return JSON.stringify(plain(a)) === JSON.stringify(plain(b));
}

function plain<C extends Channel>({ kinds, timeZone, quiet, digestMinutes }: Preferences<C>): unknown {
  const lists = Object.entries<readonly string[]>(kinds)
    .map(([channel, list]) => [channel, list.toSorted()] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const hours = quiet === null ? null : [quiet.fromMinute, quiet.toMinute, quiet.days.toSorted((a, b) => a - b)];
  return [lists, timeZone, hours, digestMinutes];
}
