import { may, type Person } from '@/lib/domain/permission';
import type { SessionSummary } from '@/lib/domain/summary';
import type { PeopleDesk } from '@/server/engine/ports/people';
import { rawSessionOf, rooms } from './rooms';

interface Joined {
  readonly rooms: ReadonlySet<string>;
  leave(room: string): unknown;
}

/** What a page was let into is closed again when its person may not hear it any more (I11). */
export async function leaveClosed(
  socket: Joined,
  by: {
    readonly person: Person;
    readonly people: Pick<PeopleDesk, 'session'>;
    readonly isRawClosed: (person: Person, summary: SessionSummary) => boolean;
  },
): Promise<void> {
  const { person, people, isRawClosed } = by;
  if (!may(person.role, 'session.end')) socket.leave(rooms.endings);
  for (const room of [...socket.rooms]) {
    const sessionId = rawSessionOf(room);
    if (sessionId === null) continue;
    const session = await people.session(person, sessionId);
    if (!session.ok || isRawClosed(person, session.value)) socket.leave(room);
  }
}
