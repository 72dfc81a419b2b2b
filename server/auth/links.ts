import { randomBytes } from 'node:crypto';
import type { InvitationRow } from '@/lib/domain/directory';
import type { PersonId } from '@/lib/domain/ids';
import type { Person, Role } from '@/lib/domain/permission';
import { done, type Refusal, type Result, refuse } from '@/lib/domain/refusal';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import { isEmail } from './entry-form';
import { aboutPerson, actOf } from './acts';
import { changePeople, changePeopleKnown } from './people-lock';
import { findPerson, otherAdmins, readRole, refusalFor } from './person-record';
import { hashSecret, isLinkToken, mintSecret } from './secret-text';
import type { AuthDatabase, AuthDb, AuthTransaction, LinkTable } from './tables';

export type LinkKind = LinkTable['kind'];

/** A link that is still good. */
export interface OpenLink {
  readonly id: string;
  readonly kind: LinkKind;
  /** Whom it is for; null for the first admin, who says so. */
  readonly email: string | null;
  readonly role: Role;
  readonly invitedBy: string | null;
  readonly expiresAt: number;
  /** For a new password: how many tokens of theirs were revoked with it. */
  readonly revokedTokens: number;
}

/** What becomes of a person's tokens when an admin makes them a link for a new password. */
export type TokensThen = 'keep' | 'revoke';

export interface MadeReset {
  readonly link: string;
  readonly expiresAt: number;
  readonly revokedTokens: number;
}

interface Parts {
  readonly database: AuthDatabase;
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Called after tokens were revoked. */
  readonly ended: () => void;
}

const lifeMs = { welcome: 24 * 3_600_000, join: 7 * 24 * 3_600_000, reset: 24 * 3_600_000 } as const;

interface MadeLink {
  readonly row: LinkTable;
  readonly link: string;
}

/** Makes and withdraws the one-time links by which people come in, for the first time or again. */
export class Links {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The link for the first admin, replacing an earlier one; null once there is an admin. */
  async firstAdmin(): Promise<string | null> {
    return changePeople(this.#parts.database, async (trx) => {
      await this.#withdraw(trx, { kind: 'welcome' });
      if ((await otherAdmins(trx, null)) > 0) return null;
      const { link } = await this.#make(trx, { kind: 'welcome', email: null, role: 'admin', by: null });
      return link;
    });
  }

  /** One open invitation for an address: a new one replaces the earlier. */
  async invite(
    person: Person,
    order: { readonly email: string; readonly role: Role },
  ): Promise<Result<{ readonly invitation: InvitationRow; readonly link: string }>> {
    const email = order.email.trim().toLowerCase();
    if (!isEmail(email) || readRole(order.role) === null)
      return refuse('bad_input', 'An invitation needs an e-mail address and a role.');
    const { database, clock } = this.#parts;
    const change = async (trx: AuthTransaction): Promise<Result<MadeLink>> => {
      const refusal = await refusalFor(trx, person, 'person.manage');
      if (refusal !== null) return refusal;
      const there = await trx.selectFrom('auth_user').select('id').where('email', '=', email).executeTakeFirst();
      if (there !== undefined) return refuse('not_allowed_now', 'Someone with this address is already here.');
      await this.#withdraw(trx, { kind: 'join', email });
      return done(await this.#make(trx, { kind: 'join', email, role: order.role, by: person }));
    };
    const outcome = await changePeopleKnown(database, change, (made) => {
      if (!made.ok) return null;
      const about = { kind: 'person', id: made.value.row.id, name: email } as const;
      return actOf({ by: person, act: 'person.invited', about, facts: { role: order.role } }, clock.now());
    });
    if (!outcome.ok) return outcome;
    const { row, link } = outcome.value;
    this.#parts.log.info({ invitation: row.id, role: row.role, by: person.id }, 'someone was invited');
    const invitation = invitationRow(row);
    return invitation === null ? refuse('cannot_save') : done({ invitation, link });
  }

  async withdrawInvitation(person: Person, id: string): Promise<Result<true>> {
    const { database, clock } = this.#parts;
    const change = async (trx: AuthTransaction): Promise<Result<true>> => {
      const refusal = await refusalFor(trx, person, 'person.manage');
      if (refusal !== null) return refusal;
      const withdrawn = await this.#withdraw(trx, { kind: 'join', id });
      return withdrawn > 0 ? done(true) : refuse('not_found', 'This invitation was already used or withdrawn.');
    };
    const about = { kind: 'person', id, name: null } as const;
    return changePeopleKnown(database, change, (gone) =>
      gone.ok ? actOf({ by: person, act: 'person.invitation_withdrawn', about }, clock.now()) : null,
    );
  }

  /**
   * A link to choose a new password by; a new one replaces the earlier. Tokens that are to go are revoked with it, at
   * once: who asks for that fears that somebody else has them.
   */
  async reset(person: Person, id: PersonId, tokens: TokensThen): Promise<Result<MadeReset>> {
    const { database, clock } = this.#parts;
    let name: string | null = null;
    const change = async (trx: AuthTransaction): Promise<Result<MadeLink & { readonly revokedTokens: number }>> => {
      const refusal = await refusalFor(trx, person, 'person.manage');
      if (refusal !== null) return refusal;
      const target = await findPerson(trx, id);
      if (target === null) return refuse('not_found');
      if (target.disabledAt !== null) return refuse('not_allowed_now', `${target.name} is disabled.`);
      const { email, role } = target;
      ({ name } = target);
      await this.#withdraw(trx, { kind: 'reset', email });
      const made = await this.#make(trx, { kind: 'reset', email, role, by: person });
      const revokedTokens = tokens === 'revoke' ? await revokeTokens(trx, id, Number(made.row.made_at)) : 0;
      return done({ ...made, revokedTokens });
    };
    const outcome = await changePeopleKnown(database, change, (made) => {
      if (!made.ok) return null;
      const facts = tokens === 'revoke' ? { revokedTokens: made.value.revokedTokens } : {};
      return actOf({ by: person, act: 'person.reset_link', about: aboutPerson({ id, name }), facts }, clock.now());
    });
    if (!outcome.ok) return outcome;
    const { row, link, revokedTokens } = outcome.value;
    if (revokedTokens > 0) this.#parts.ended();
    this.#parts.log.info({ person: id, by: person.id, revokedTokens }, 'a link for a new password was made');
    return done({ link, expiresAt: Number(row.expires_at), revokedTokens });
  }

  async #make(
    trx: AuthTransaction,
    order: { readonly kind: LinkKind; readonly email: string | null; readonly role: Role; readonly by: Person | null },
  ): Promise<MadeLink> {
    const token = mintSecret();
    const now = this.#parts.clock.now();
    const row: LinkTable = {
      id: `inv_${randomBytes(9).toString('base64url')}`,
      kind: order.kind,
      token_hash: hashSecret(token),
      email: order.email,
      role: order.role,
      made_by: order.by?.id ?? null,
      made_by_name: order.by?.name ?? 'Holdpoint',
      made_at: now,
      expires_at: now + lifeMs[order.kind],
      used_at: null,
      withdrawn_at: null,
    };
    await trx.insertInto('auth_link').values(row).execute();
    return { row, link: `${this.#parts.baseUrl}/${order.kind}?token=${token}` };
  }

  async #withdraw(
    trx: AuthTransaction,
    which: { readonly kind: LinkKind; readonly email?: string; readonly id?: string },
  ): Promise<number> {
    let query = trx
      .updateTable('auth_link')
      .set({ withdrawn_at: this.#parts.clock.now() })
      .where('kind', '=', which.kind)
      .where('used_at', 'is', null)
      .where('withdrawn_at', 'is', null);
    if (which.email !== undefined) query = query.where('email', '=', which.email);
    if (which.id !== undefined) query = query.where('id', '=', which.id);
    const { numUpdatedRows } = await query.executeTakeFirst();
    return Number(numUpdatedRows);
  }
}

/** The link of a token, or why it is not good any more. Whoever holds a used token may know that it was good. */
export async function findOpenLink(db: AuthDb, token: string, now: number): Promise<Result<OpenLink>> {
  const row = isLinkToken(token)
    ? await db.selectFrom('auth_link').selectAll().where('token_hash', '=', hashSecret(token)).executeTakeFirst()
    : undefined;
  const role = readRole(row?.role);
  if (row === undefined || role === null)
    return refuse('not_found', 'This link is not known here. Copy the whole link, or ask for a new one.');
  const closed = closedWords(row, now);
  if (closed !== null) return closed;
  const invitedBy = row.made_by === null ? null : row.made_by_name;
  const revokedTokens = row.kind === 'reset' ? await revokedWith(db, row) : 0;
  const { id, kind, email } = row;
  return done({ id, kind, email, role, invitedBy, expiresAt: Number(row.expires_at), revokedTokens });
}

/** Those that were revoked in the same moment: they bear its time. */
async function revokedWith(db: AuthDb, { email, made_at }: LinkTable): Promise<number> {
  const found = await db
    .selectFrom('auth_token')
    .innerJoin('auth_user', 'auth_user.id', 'auth_token.person_id')
    .select('auth_token.id')
    .where('auth_user.email', '=', email ?? '')
    .where('auth_token.revoked_at', '=', made_at)
    .execute();
  return found.length;
}

/** All that a person's programs still use; how many that were. */
export async function revokeTokens(trx: AuthTransaction, id: PersonId, at: number): Promise<number> {
  const { numUpdatedRows } = await trx
    .updateTable('auth_token')
    .set({ revoked_at: at })
    .where('person_id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

function closedWords(row: LinkTable, now: number): Refusal | null {
  if (row.used_at !== null) return refuse('not_allowed_now', 'This link was already used. Sign in instead.');
  const again = row.kind === 'welcome' ? 'Restart Holdpoint to get a new one.' : 'Ask an admin for a new one.';
  if (row.withdrawn_at !== null) return refuse('not_allowed_now', `This link was replaced or withdrawn. ${again}`);
  return Number(row.expires_at) <= now ? refuse('not_allowed_now', `This link is too old. ${again}`) : null;
}

/** Whoever is disabled cannot come in by a new password either, now or once they are enabled. */
export async function withdrawResets(trx: AuthTransaction, email: string, now: number): Promise<void> {
  await trx
    .updateTable('auth_link')
    .set({ withdrawn_at: now })
    .where('kind', '=', 'reset')
    .where('email', '=', email)
    .where('used_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .execute();
}

/** Uses a link up: of two at once one gets true. */
export async function spendLink(trx: AuthTransaction, id: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('auth_link')
    .set({ used_at: now })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return Number(numUpdatedRows) === 1;
}

export async function openInvitations(db: AuthDb, now: number): Promise<readonly InvitationRow[]> {
  const rows = await db
    .selectFrom('auth_link')
    .selectAll()
    .where('kind', '=', 'join')
    .where('used_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('made_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.flatMap((row) => invitationRow(row) ?? []);
}

function invitationRow(row: LinkTable): InvitationRow | null {
  const role = readRole(row.role);
  if (role === null || row.email === null) return null;
  return { id: row.id, email: row.email, role, expiresAt: Number(row.expires_at), invitedBy: row.made_by_name };
}
