import type { InvitationRow, PersonRow } from '@/lib/domain/directory';
import type { AuditAct, AuditDraft } from '@/lib/domain/audit';
import type { PersonId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import type { Person, Role } from '@/lib/domain/permission';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import { openInvitations, revokeTokens, withdrawResets } from './links';
import { aboutPerson, actOf } from './acts';
import { changePeopleKnown } from './people-lock';
import { findPerson, otherAdmins, type PersonRecord, personRecord, readRole, refusalFor } from './person-record';
import type { MemoryRoster } from './roster';
import { type AuthDatabase, type AuthTransaction, storedDate } from './tables';

interface Parts {
  readonly database: AuthDatabase;
  readonly clock: Clock;
  readonly log: Log;
  readonly roster: MemoryRoster;
  /** Called after somebody's access ended. */
  readonly ended: () => void;
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
    return done({
      people: users.flatMap((user) => personRecord(user) ?? []).map((record) => this.#rowOf(record)),
      invitations,
    });
  }

  async setRole(person: Person, id: PersonId, role: Role): Promise<Result<PersonRow>> {
    if (readRole(role) === null) return refuse('bad_input');
    let before: Role | null = null;
    const change = async (trx: AuthTransaction): Promise<Result<PersonRecord>> => {
      const target = await this.#changeable(trx, person, id);
      if (!target.ok || target.value.role === role) return target;
      if (target.value.disabledAt !== null) return refuse('not_allowed_now', `${target.value.name} is disabled.`);
      if (role !== 'admin' && (await this.#isLastAdmin(trx, target.value))) return refuse('not_allowed_now', lastAdmin);
      await trx.updateTable('auth_user').set({ role, updatedAt: this.#now() }).where('id', '=', id).execute();
      if (role !== 'admin') await this.#withdrawInvitationsOf(trx, id);
      before = target.value.role;
      return reread(trx, id);
    };
    const outcome = await changePeopleKnown(this.#parts.database, change, (changed) =>
      changed.ok && before !== null
        ? this.#act(person, { act: 'person.role_set', target: changed.value, facts: { from: before, to: role } })
        : null,
    );
    return this.#settle(outcome, person, 'a role was set');
  }

  async disable(person: Person, id: PersonId): Promise<Result<PersonRow>> {
    const change = async (trx: AuthTransaction): Promise<Result<PersonRecord>> => {
      const target = await this.#changeable(trx, person, id);
      if (!target.ok) return target;
      if (await this.#isLastAdmin(trx, target.value)) return refuse('not_allowed_now', lastAdmin);
      const disabledAt = target.value.disabledAt ?? this.#parts.clock.now();
      await trx.updateTable('auth_user').set({ disabledAt, updatedAt: this.#now() }).where('id', '=', id).execute();
      await this.#endAccess(trx, target.value);
      return reread(trx, id);
    };
    const outcome = await changePeopleKnown(this.#parts.database, change, (changed) =>
      changed.ok ? this.#act(person, { act: 'person.disabled', target: changed.value }) : null,
    );
    if (outcome.ok) this.#parts.ended();
    return this.#settle(outcome, person, 'a person was disabled');
  }

  /** What slipped in while they were being disabled does not come back to life with them. */
  async enable(person: Person, id: PersonId): Promise<Result<PersonRow>> {
    let isChanged = false;
    const change = async (trx: AuthTransaction): Promise<Result<PersonRecord>> => {
      const target = await this.#changeable(trx, person, id);
      if (!target.ok || target.value.disabledAt === null) return target;
      isChanged = true;
      await this.#endAccess(trx, target.value);
      const changes = { disabledAt: null, updatedAt: this.#now() };
      await trx.updateTable('auth_user').set(changes).where('id', '=', id).execute();
      return reread(trx, id);
    };
    const outcome = await changePeopleKnown(this.#parts.database, change, (changed) =>
      changed.ok && isChanged ? this.#act(person, { act: 'person.enabled', target: changed.value }) : null,
    );
    return this.#settle(outcome, person, 'a person was enabled again');
  }

  async #changeable(trx: AuthTransaction, person: Person, id: PersonId): Promise<Result<PersonRecord>> {
    const refusal = await refusalFor(trx, person, 'person.manage');
    if (refusal !== null) return refusal;
    return reread(trx, id);
  }

  async #isLastAdmin(trx: AuthTransaction, target: PersonRecord): Promise<boolean> {
    return target.role === 'admin' && target.disabledAt === null && (await otherAdmins(trx, target.id)) === 0;
  }

  /** Sign-ins, tokens, and links made by or for them. */
  async #endAccess(trx: AuthTransaction, target: PersonRecord): Promise<void> {
    const now = this.#parts.clock.now();
    await trx.deleteFrom('auth_session').where('userId', '=', target.id).execute();
    await revokeTokens(trx, target.id, now);
    await withdrawResets(trx, target.email, now);
    await this.#withdrawInvitationsOf(trx, target.id);
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

  #act(
    by: Person,
    what: { readonly act: AuditAct; readonly target: PersonRecord; readonly facts?: JsonObject },
  ): AuditDraft {
    const { act, target, facts = {} } = what;
    return actOf({ by, act, about: aboutPerson(target), facts }, this.#parts.clock.now());
  }

  #now(): string | Date {
    return storedDate(this.#parts.database.kind, this.#parts.clock.now());
  }

  #settle(outcome: Result<PersonRecord>, by: Person, message: string): Result<PersonRow> {
    if (!outcome.ok) return outcome;
    this.#parts.log.info({ person: outcome.value.id, by: by.id }, message);
    return done(this.#rowOf(outcome.value));
  }

  #rowOf(record: PersonRecord): PersonRow {
    const { roster } = this.#parts;
    return { ...record, teams: roster.teamsOf(record.id), away: roster.awayOf(record.id) };
  }
}

async function reread(trx: AuthTransaction, id: PersonId): Promise<Result<PersonRecord>> {
  const row = await findPerson(trx, id);
  return row === null ? refuse('not_found') : done(row);
}
