import { type PersonId, readId } from '@/lib/domain/ids';
import { type Action, may, type Person, type Role, roles } from '@/lib/domain/permission';
import { whyNot } from '@/lib/domain/why-not';
import { type Refusal, refuse } from '@/lib/domain/refusal';
import { type AuthDb, readInstant, type UserTable } from './tables';

/** A person as they are stored, without teams and absence. */
export interface PersonRecord {
  readonly id: PersonId;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly createdAt: number;
  readonly disabledAt: number | null;
}

/** A role as it was stored; null for anything else, which may then do nothing. */
export function readRole(text: unknown): Role | null {
  return roles.find((role) => role === text) ?? null;
}

export function personRecord(
  user: Pick<UserTable, 'id' | 'name' | 'email' | 'createdAt' | 'role' | 'disabledAt'>,
): PersonRecord | null {
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

/** The person of a sign-in that was read from the database just now. */
export function recordOfSignIn(signIn: unknown): PersonRecord | null {
  if (typeof signIn !== 'object' || signIn === null || !('user' in signIn)) return null;
  const { user } = signIn;
  if (typeof user !== 'object' || user === null) return null;
  const fields: { [K in keyof PersonRecord]?: unknown } = user;
  const id = readId('person', fields.id);
  const role = readRole(fields.role);
  const { name, email, createdAt, disabledAt } = fields;
  if (id === null || role === null || typeof name !== 'string' || typeof email !== 'string') return null;
  const isEnabled = disabledAt === null || disabledAt === undefined;
  // Anything there at all means disabled, whatever a driver makes of it.
  const disabled = isEnabled ? null : Number(disabledAt);
  return { id, name, email, role, createdAt: new Date(String(createdAt)).getTime(), disabledAt: disabled };
}

export async function findPerson(db: AuthDb, id: PersonId): Promise<PersonRecord | null> {
  const user = await db.selectFrom('auth_user').selectAll().where('id', '=', id).executeTakeFirst();
  return user === undefined ? null : personRecord(user);
}

/** Why this person may not, by the role they have now and not the one they had when they signed in (I11). */
export async function refusalFor(db: AuthDb, person: Person, action: Action): Promise<Refusal | null> {
  const now = await findPerson(db, person.id);
  if (now === null || now.disabledAt !== null) return refuse('not_signed_in');
  return may(now.role, action) ? null : refuse('forbidden', whyNot(now.role, action) ?? undefined);
}

/** Why this person may not even what everyone may: they were disabled since they signed in. */
export async function refusalUnlessHere(db: AuthDb, person: Person): Promise<Refusal | null> {
  const now = await findPerson(db, person.id);
  return now === null || now.disabledAt !== null ? refuse('not_signed_in') : null;
}

/** Admins who could still let others in, apart from `except`. */
export async function otherAdmins(db: AuthDb, except: PersonId | null): Promise<number> {
  const query = db.selectFrom('auth_user').select('id').where('role', '=', 'admin').where('disabledAt', 'is', null);
  const rows = await (except === null ? query : query.where('id', '<>', except)).execute();
  return rows.length;
}
