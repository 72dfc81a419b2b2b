import { readId, type SessionId } from '@/lib/domain/ids';
import type { Action, Person } from '@/lib/domain/permission';
import { whyNot } from '@/lib/domain/why-not';
import { type Result, refuse } from '@/lib/domain/refusal';

/** Who hears what. */
export const rooms = {
  queue: 'queue',
  sessions: 'sessions',
  /** Orders to end many, for who may give them. */
  endings: 'endings',
  session: (id: SessionId): string => `session:${id}`,
  raw: (id: SessionId): string => `raw:${id}`,
};

/** Whose raw messages a room hears; null for any other room. */
export function rawSessionOf(room: string): SessionId | null {
  const [what, id] = room.split(':', 2);
  return what === 'raw' ? readId('session', id) : null;
}

/** Whoever may join a room. */
interface Visitor {
  readonly person: Person;
  join(room: string): void;
  leave(room: string): void;
}

/** Joins before it reads, so that nothing falls between the snapshot and what follows. */
export async function watch<T>(
  guest: Visitor,
  how: { readonly action: Action; readonly room: string },
  read: () => Promise<Result<T>>,
): Promise<Result<T>> {
  const why = whyNot(guest.person.role, how.action);
  if (why !== null) return refuse('forbidden', why);
  guest.join(how.room);
  const result = await read();
  if (!result.ok) guest.leave(how.room);
  return result;
}
