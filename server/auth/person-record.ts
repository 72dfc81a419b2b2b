import type { PersonRow } from '@/lib/domain/directory';
import { type PersonId, readId } from '@/lib/domain/ids';
import { type Action, may, type Person, type Role, roles, whyNot } from '@/lib/domain/permission';
import { type Refusal, refuse } from '@/lib/domain/refusal';
import { type AuthDb, readInstant, type UserTable } from './tables';

/** A role as it was stored; null for anything else, which may then do nothing. */
export function readRole(text: unknown): Role | null {
  return roles.find((role) => role === text) ?? null;
}

export function personRow(
  user: Pick<UserTable, 'id' | 'name' | 'email' | 'createdAt' | 'role' | 'disabledAt'>,
): PersonRow | null {
  const id = readId('person', user.id);
  const role = readRole(user.role);
  if (id === null || role === null) return null;
  return {
    id,
    name: user.name,
    email: user.email,
    role,
    createdAt: new Date(user.createdAt).getTime(),
    disabledAt: readInstant(user.disabledAt),
  };
}

export async function findPerson(db: AuthDb, id: PersonId): Promise<PersonRow | null> {
  const user = await db.selectFrom('auth_user').selectAll().where('id', '=', id).executeTakeFirst();
  return user === undefined ? null : personRow(user);
}

/** Why this person may not, by the role they have now and not the one they had when they signed in (I11). */
export async function refusalFor(db: AuthDb, person: Person, action: Action): Promise<Refusal | null> {
  const now = await findPerson(db, person.id);
  if (now === null || now.disabledAt !== null) return refuse('not_signed_in');
  return may(now.role, action) ? null : refuse('forbidden', whyNot(now.role, action) ?? undefined);
}

/** Admins who could still let others in, apart from `except`. */
export async function otherAdmins(db: AuthDb, except: PersonId | null): Promise<number> {
  const query = db.selectFrom('auth_user').select('id').where('role', '=', 'admin').where('disabledAt', 'is', null);
  const rows = await (except === null ? query : query.where('id', '<>', except)).execute();
  return rows.length;
}
