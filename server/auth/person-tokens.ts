import type { Person } from '@/lib/domain/permission';
import { type PersonId, readId } from '@/lib/domain/ids';
import type { Clock } from '@/server/engine/ports/clock';
import type { PeopleNow } from './people-now';
import { findPerson } from './person-record';
import type { MemoryRoster } from './roster';
import { hashSecret, isPersonToken } from './secret-text';
import { type AuthDb, readInstant } from './tables';
import type { UseNotes } from './use-notes';

/** How long a verified token is believed without asking the database: another node may have revoked it. */
const believeMs = 5_000;
const rememberedTokens = 1_000;

interface Parts {
  readonly db: AuthDb;
  readonly now: PeopleNow;
  readonly roster: MemoryRoster;
  readonly clock: Clock;
  readonly uses: UseNotes<string>;
}

interface Remembered {
  readonly id: string;
  readonly person: PersonId;
  readonly untilAt: number;
}

/** Verifies people's tokens. Only whose a token is is remembered; who that is now, the roster says. */
export class PersonTokens {
  readonly #parts: Parts;
  readonly #known = new Map<string, Remembered>();
  /** Counts revocations: an answer read before one must not be remembered after it. */
  #revocations = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async personOf(token: string): Promise<Person | null> {
    if (!isPersonToken(token)) return null;
    const hash = hashSecret(token);
    const known = this.#known.get(hash);
    if (known === undefined || known.untilAt <= this.#parts.clock.now()) return this.#verify(hash);
    const person = this.#parts.roster.person(known.person);
    if (person !== null) this.#parts.uses.note(known.id);
    return person;
  }

  /** Forgets every verified token at once; the next use of each asks the database. */
  forget(): void {
    this.#revocations += 1;
    this.#known.clear();
  }

  async #verify(hash: string): Promise<Person | null> {
    const { db, clock, now, uses } = this.#parts;
    const revocations = this.#revocations;
    this.#known.delete(hash);
    const row = await db
      .selectFrom('auth_token')
      .select(['id', 'person_id', 'expires_at'])
      .where('hash', '=', hash)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    const id = readId('person', row?.person_id);
    const expiresAt = readInstant(row?.expires_at ?? null);
    if (row === undefined || id === null || (expiresAt !== null && expiresAt <= clock.now())) return null;
    const record = await findPerson(db, id);
    const person = record === null ? null : await now.person(record);
    if (person === null) return null;
    // Some token was revoked while this one was read: it may have been this one.
    if (revocations !== this.#revocations) return this.#verify(hash);
    const untilAt = Math.min(clock.now() + believeMs, expiresAt ?? Number.POSITIVE_INFINITY);
    if (this.#known.size >= rememberedTokens) this.#known.clear();
    this.#known.set(hash, { id: row.id, person: id, untilAt });
    uses.note(row.id);
    return person;
  }
}
