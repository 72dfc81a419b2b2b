import { isAway } from '@/lib/domain/notice/recipients';
import type { Away } from '@/lib/domain/team';
import { dayTime } from '@/lib/domain/timeline/time-words';

export interface AwayWords {
  /** "away until 24 Nov, 09:00" */
  readonly when: string;
  /** "Ana Ruiz stands in" */
  readonly who: string;
}

/** In words while someone is out of office; null while they are there. */
export function awayWords(away: Away | null, now: number): AwayWords | null {
  if (away === null || !isAway(away, now)) return null;
  return {
    when: away.untilAt === null ? 'away' : `away until ${dayTime(away.untilAt, now)}`,
    who: away.delegate === null ? 'nobody stands in' : `${away.delegate.name} stands in`,
  };
}
