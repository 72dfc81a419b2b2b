import { randomBytes } from 'node:crypto';
import type { TokenRow } from '@/lib/domain/directory';
import type { AuditSubject } from '@/lib/domain/audit';
import type { Person } from '@/lib/domain/permission';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import { actOf } from './acts';
import { changePeopleKnown } from './people-lock';
import { refusalUnlessHere } from './person-record';
import type { PersonTokens } from './person-tokens';
import { isPlainName } from './plain-name';
import { hashSecret, mintPersonToken, tokenStart } from './secret-text';
import { type AuthDatabase, type AuthTransaction, readInstant, type TokenTable } from './tables';
import type { UseNotes } from './use-notes';

interface Parts {
  readonly database: AuthDatabase;
  readonly verified: PersonTokens;
  readonly uses: UseNotes<string>;
  readonly clock: Clock;
  readonly log: Log;
}

const longestName = 60;
const mostTokens = 50;
const mostListed = 200;

/** People make and revoke tokens for themselves; each is shown once and kept only as a hash. */
export class TokenRegister {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async list(person: Person): Promise<Result<readonly TokenRow[]>> {
    const { db } = this.#parts.database;
    const refusal = await refusalUnlessHere(db, person);
    if (refusal !== null) return refusal;
    const rows = await db
      .selectFrom('auth_token')
      .selectAll()
      .where('person_id', '=', person.id)
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .limit(mostListed)
      .execute();
    return done(rows.map((row) => this.#row(row)));
  }

  async create(
    person: Person,
    order: { readonly name: string; readonly expiresAt: number | null },
  ): Promise<Result<{ readonly row: TokenRow; readonly token: string }>> {
    const { database, clock, log } = this.#parts;
    const { expiresAt } = order;
    const name = order.name.trim();
    if (name.length > longestName || !isPlainName(name))
      return refuse('bad_input', `A token needs a name of 1 to ${longestName} characters on one line.`);
    if (expiresAt !== null && (!Number.isSafeInteger(expiresAt) || expiresAt <= clock.now()))
      return refuse('bad_input', 'The end of a token must lie ahead.');
    const token = mintPersonToken();
    const change = async (trx: AuthTransaction): Promise<Result<TokenTable>> => {
      const refusal = await refusalUnlessHere(trx, person);
      if (refusal !== null) return refusal;
      const live = await trx
        .selectFrom('auth_token')
        .select('id')
        .where('person_id', '=', person.id)
        .where('revoked_at', 'is', null)
        .execute();
      if (live.length >= mostTokens)
        return refuse('not_allowed_now', `You have ${mostTokens} tokens. Revoke one you no longer use.`);
      const row: TokenTable = {
        id: `tok_${randomBytes(9).toString('base64url')}`,
        person_id: person.id,
        name,
        hash: hashSecret(token),
        start: tokenStart(token),
        created_at: clock.now(),
        expires_at: expiresAt,
        last_used_at: null,
        revoked_at: null,
      };
      await trx.insertInto('auth_token').values(row).execute();
      return done(row);
    };
    const made = await changePeopleKnown(database, change, (row) =>
      row.ok
        ? actOf({ by: person, act: 'token.created', about: aboutToken(row.value), facts: { expiresAt } }, clock.now())
        : null,
    );
    if (!made.ok) return made;
    log.info({ token: made.value.id, by: person.id }, 'a token was made');
    return done({ row: this.#row(made.value), token });
  }

  async revoke(person: Person, id: string): Promise<Result<TokenRow>> {
    const { database, clock, log, verified } = this.#parts;
    const change = async (trx: AuthTransaction): Promise<Result<TokenTable>> => {
      const refusal = await refusalUnlessHere(trx, person);
      if (refusal !== null) return refusal;
      await trx
        .updateTable('auth_token')
        .set({ revoked_at: clock.now() })
        .where('id', '=', id)
        .where('person_id', '=', person.id)
        .where('revoked_at', 'is', null)
        .execute();
      const row = await trx
        .selectFrom('auth_token')
        .selectAll()
        .where('id', '=', id)
        .where('person_id', '=', person.id)
        .executeTakeFirst();
      return row === undefined ? refuse('not_found') : done(row);
    };
    const revoked = await changePeopleKnown(database, change, (row) =>
      row.ok ? actOf({ by: person, act: 'token.revoked', about: aboutToken(row.value) }, clock.now()) : null,
    );
    if (!revoked.ok) return revoked;
    verified.forget();
    log.info({ token: id, by: person.id }, 'a token was revoked');
    return done(this.#row(revoked.value));
  }

  #row(row: TokenTable): TokenRow {
    return {
      id: row.id,
      name: row.name,
      start: row.start,
      createdAt: Number(row.created_at),
      expiresAt: readInstant(row.expires_at),
      lastUsedAt: this.#parts.uses.lastUsedAt(row.id, readInstant(row.last_used_at)),
      revokedAt: readInstant(row.revoked_at),
    };
  }
}

function aboutToken({ id, name }: TokenTable): AuditSubject {
  return { kind: 'token', id, name };
}
