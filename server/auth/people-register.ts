import type { InvitationRow, PersonRow } from '@/lib/domain/directory';
import type { PersonId } from '@/lib/domain/ids';
import type { Person, Role } from '@/lib/domain/permission';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import { openInvitations } from './links';
import { changePeople } from './people-lock';
import { findPerson, otherAdmins, personRow, readRole, refusalFor } from './person-record';
import { type AuthDatabase, type AuthTransaction, storedDate } from './tables';

interface Parts {
  readonly database: AuthDatabase;
  readonly clock: Clock;
  readonly log: Log;
  /** Called after the commit. */
  readonly changed: (id: PersonId) => void;
}

const lastAdmin = 'This is the last admin. Make someone else an admin first.';

/** The people: their roles, and the end of their access. */
export class PeopleRegister {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async list(
    person: Person,
  ): Promise<Result<{ readonly people: readonly PersonRow[]; readonly invitations: readonly InvitationRow[] }>> {
    const { db } = this.#parts.database;
    const refusal = await refusalFor(db, person, 'person.read');
    if (refusal !== null) return refusal;
    const users = await db.selectFrom('auth_user').selectAll().orderBy('createdAt').orderBy('id').execute();
    const invitations = await openInvitations(db, this.#parts.clock.now());
    return done({ people: users.flatMap((user) => personRow(user) ?? []), invitations });
  }

  async setRole(person: Person, id: PersonId, role: Role): Promise<Result<PersonRow>> {
    if (readRole(role) === null) return refuse('bad_input');
    const outcome = await changePeople(this.#parts.database, async (trx): Promise<Result<PersonRow>> => {
      const target = await this.#changeable(trx, person, id);
      if (!target.ok || target.value.role === role) return target;
      if (target.value.disabledAt !== null) return refuse('not_allowed_now', `${target.value.name} is disabled.`);
      if (role !== 'admin' && (await this.#isLastAdmin(trx, target.value))) return refuse('not_allowed_now', lastAdmin);
      await trx.updateTable('auth_user').set({ role, updatedAt: this.#now() }).where('id', '=', id).execute();
      if (role !== 'admin') await this.#withdrawInvitationsOf(trx, id);
      return reread(trx, id);
    });
    if (outcome.ok) this.#tell(person, id, 'a role was set');
    return outcome;
  }

  async disable(person: Person, id: PersonId): Promise<Result<PersonRow>> {
    const outcome = await changePeople(this.#parts.database, async (trx): Promise<Result<PersonRow>> => {
      const target = await this.#changeable(trx, person, id);
      if (!target.ok) return target;
      if (await this.#isLastAdmin(trx, target.value)) return refuse('not_allowed_now', lastAdmin);
      const disabledAt = target.value.disabledAt ?? this.#parts.clock.now();
      await trx.updateTable('auth_user').set({ disabledAt, updatedAt: this.#now() }).where('id', '=', id).execute();
      await trx.deleteFrom('auth_session').where('userId', '=', id).execute();
      await this.#withdrawInvitationsOf(trx, id);
      return reread(trx, id);
    });
    if (outcome.ok) this.#tell(person, id, 'a person was disabled');
    return outcome;
  }

  async #changeable(trx: AuthTransaction, person: Person, id: PersonId): Promise<Result<PersonRow>> {
    const refusal = await refusalFor(trx, person, 'person.manage');
    if (refusal !== null) return refusal;
    return reread(trx, id);
  }

  async #isLastAdmin(trx: AuthTransaction, target: PersonRow): Promise<boolean> {
    return target.role === 'admin' && target.disabledAt === null && (await otherAdmins(trx, target.id)) === 0;
  }

  /** Who may no longer invite has not left a door open either. */
  async #withdrawInvitationsOf(trx: AuthTransaction, id: PersonId): Promise<void> {
    await trx
      .updateTable('auth_link')
      .set({ withdrawn_at: this.#parts.clock.now() })
      .where('made_by', '=', id)
      .where('used_at', 'is', null)
      .where('withdrawn_at', 'is', null)
      .execute();
  }

  #now(): string | Date {
    return storedDate(this.#parts.database.kind, this.#parts.clock.now());
  }

  #tell(by: Person, id: PersonId, message: string): void {
    this.#parts.log.info({ person: id, by: by.id }, message);
    this.#parts.changed(id);
  }
}

async function reread(trx: AuthTransaction, id: PersonId): Promise<Result<PersonRow>> {
  const row = await findPerson(trx, id);
  return row === null ? refuse('not_found') : done(row);
}
