import type { PersonId } from '@/lib/domain/ids';
import { may } from '@/lib/domain/permission';
import type { AwayRecord, RosterSnapshot } from './roster-snapshot';

/** A chain of delegates is followed this far. */
const mostSteps = 5;

/** Whether their word counts at all: an observer's never does, nor that of whoever is disabled. */
export function mayAnswer({ people }: RosterSnapshot, id: PersonId): boolean {
  const person = people.get(id);
  return person !== undefined && person.disabledAt === null && may(person.role, 'request.answer');
}

/** Their absence, while it lasts; null while they are there. */
export function awayAt({ away }: RosterSnapshot, id: PersonId, now: number): AwayRecord | null {
  const record = away.get(id);
  if (record === undefined || record.fromAt > now) return null;
  return record.untilAt !== null && record.untilAt <= now ? null : record;
}

/**
 * Who has what is an absent person's: the first in their chain of delegates who is there. Whoever may not
 * answer gives nothing on and takes nothing up, or an observer could lend a vote they do not have.
 */
export function standInFor(snapshot: RosterSnapshot, id: PersonId, now: number): PersonId | null {
  const seen = new Set<PersonId>();
  let absent = id;
  for (let step = 0; step < mostSteps; step += 1) {
    if (seen.has(absent) || !mayAnswer(snapshot, absent)) return null;
    seen.add(absent);
    const delegate = awayAt(snapshot, absent, now)?.delegate ?? null;
    if (delegate === null || seen.has(delegate) || !mayAnswer(snapshot, delegate)) return null;
    if (awayAt(snapshot, delegate, now) === null) return delegate;
    absent = delegate;
  }
  return null;
}

/** When the next absence ends by itself; null when none does. */
export function nextReturnAt({ away }: RosterSnapshot, now: number): number | null {
  let next: number | null = null;
  for (const { untilAt } of away.values())
    if (untilAt !== null && untilAt > now && (next === null || untilAt < next)) next = untilAt;
  return next;
}
