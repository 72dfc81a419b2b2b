import { randomBytes } from 'node:crypto';
import type { AuditAct, AuditDraft, Origin } from '@/lib/domain/audit';
import { mintId, type PersonId } from '@/lib/domain/ids';
import type { JsonObject } from '@/lib/domain/json';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import type { EntryForm, ResetForm } from './entry-form';
import { findOpenLink, type LinkKind, type OpenLink, spendLink } from './links';
import { aboutPerson } from './acts';
import { changePeopleKnown } from './people-lock';
import { otherAdmins, type PersonRecord, personRecord } from './person-record';
import { type AuthDatabase, type AuthTransaction, storedDate } from './tables';

interface Parts {
  readonly database: AuthDatabase;
  readonly clock: Clock;
  readonly log: Log;
  readonly hashPassword: (password: string) => Promise<string>;
  /** Called when every sign-in of a person ended. */
  readonly signedOut: (id: PersonId) => void;
}

/** Links that a new person makes themselves by; the rest only let in whoever is known. */
export type EntryKind = Exclude<LinkKind, 'reset'>;

/** The one way in without a password: a one-time link becomes a person with the link's role, or a new password. */
export class Door {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Whether a link is good, and for whom; opening a page never uses it up, because mail scanners open pages. */
  async look(kind: LinkKind, token: string): Promise<Result<OpenLink>> {
    const link = await findOpenLink(this.#parts.database.db, token, this.#parts.clock.now());
    return link.ok && link.value.kind !== kind ? refuse('not_found') : link;
  }

  /** Makes the person and uses the link up, both or neither; resolves with the address to sign in with. */
  async enter(kind: EntryKind, form: EntryForm, from: Origin | null): Promise<Result<{ readonly email: string }>> {
    const link = await this.look(kind, form.token);
    if (!link.ok) return link;
    const email = link.value.email ?? form.email;
    if (email === undefined)
      return refuse('invalid_answer', undefined, { fields: { email: 'Enter your e-mail address.' } });
    // Slow on purpose, so only for a good token, and before the transaction.
    const password = await this.#parts.hashPassword(form.password);
    let joined: PersonId | null = null;
    const change = async (trx: AuthTransaction): Promise<Result<{ readonly email: string }>> => {
      const now = this.#parts.clock.now();
      const still = await findOpenLink(trx, form.token, now);
      if (!still.ok) return still;
      if (kind === 'welcome' && (await otherAdmins(trx, null)) > 0) {
        return refuse('not_allowed_now', 'There is an admin already. Ask them for an invitation.');
      }
      const there = await trx.selectFrom('auth_user').select('id').where('email', '=', email).executeTakeFirst();
      if (there !== undefined)
        return refuse('not_allowed_now', 'Someone with this address is already here. Sign in instead.');
      if (!(await spendLink(trx, still.value.id, now)))
        return refuse('not_allowed_now', 'This link was already used. Sign in instead.');
      joined = await this.#insert(trx, { name: form.name, email, password, role: still.value.role });
      return done({ email });
    };
    const facts = { role: link.value.role, link: link.value.id, by: kind };
    return changePeopleKnown(this.#parts.database, change, (entered) =>
      entered.ok && joined !== null
        ? this.#act({ id: joined, name: form.name }, { act: 'person.joined', facts, from })
        : null,
    );
  }

  /** Sets a new password and ends every sign-in of before; resolves with the address to sign in with. */
  async reset(form: ResetForm, from: Origin | null): Promise<Result<{ readonly email: string }>> {
    const link = await this.look('reset', form.token);
    if (!link.ok) return link;
    const password = await this.#parts.hashPassword(form.password);
    const change = async (trx: AuthTransaction): Promise<Result<PersonRecord>> => {
      const now = this.#parts.clock.now();
      const still = await findOpenLink(trx, form.token, now);
      if (!still.ok) return still;
      const person = await findByEmail(trx, still.value.email);
      if (person === null || person.disabledAt !== null || !(await spendLink(trx, still.value.id, now)))
        return refuse('not_allowed_now', 'This link is no longer good. Ask an admin for a new one.');
      await trx
        .updateTable('auth_account')
        .set({ password, updatedAt: storedDate(this.#parts.database.kind, now) })
        .where('userId', '=', person.id)
        .where('providerId', '=', 'credential')
        .execute();
      await trx.deleteFrom('auth_session').where('userId', '=', person.id).execute();
      return done(person);
    };
    const outcome = await changePeopleKnown(this.#parts.database, change, (person) =>
      person.ok ? this.#act(person.value, { act: 'person.password_set', facts: { by: 'reset' }, from }) : null,
    );
    if (!outcome.ok) return outcome;
    this.#parts.log.info({ person: outcome.value.id }, 'a new password was set by a link');
    this.#parts.signedOut(outcome.value.id);
    return done({ email: outcome.value.email });
  }

  #act(
    person: { readonly id: PersonId; readonly name: string },
    what: { readonly act: AuditAct; readonly facts: JsonObject; readonly from: Origin | null },
  ): AuditDraft {
    const { act, facts, from } = what;
    const { id, name } = person;
    const actor = { kind: 'person', id, name } as const;
    return { act, at: this.#parts.clock.now(), actor, from, about: aboutPerson(person), why: null, facts };
  }

  async #insert(
    trx: AuthTransaction,
    person: { readonly name: string; readonly email: string; readonly password: string; readonly role: string },
  ): Promise<PersonId> {
    const { database, clock, log } = this.#parts;
    const id = mintId('person', randomBytes);
    const now = storedDate(database.kind, clock.now());
    const dates = { createdAt: now, updatedAt: now };
    const { name, email, role } = person;
    // Holding the link shows nothing about the mailbox: an admin hands it over by whatever way.
    const emailVerified = database.kind === 'sqlite' ? 0 : false;
    await trx
      .insertInto('auth_user')
      .values({ id, name, email, emailVerified, image: null, role, disabledAt: null, ...dates })
      .execute();
    await trx
      .insertInto('auth_account')
      .values({
        id: randomBytes(16).toString('base64url'),
        accountId: id,
        providerId: 'credential',
        userId: id,
        password: person.password,
        ...dates,
      })
      .execute();
    log.info({ person: id, role }, 'a person came in by a link');
    return id;
  }
}

async function findByEmail(trx: AuthTransaction, email: string | null): Promise<PersonRecord | null> {
  if (email === null) return null;
  const user = await trx.selectFrom('auth_user').selectAll().where('email', '=', email).executeTakeFirst();
  return user === undefined ? null : personRecord(user);
}
