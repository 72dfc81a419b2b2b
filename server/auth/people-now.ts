import type { Person } from '@/lib/domain/permission';
import type { Clock } from '@/server/engine/ports/clock';
import { changePeople } from './people-lock';
import type { PersonRecord } from './person-record';
import type { MemoryRoster } from './roster';
import type { AuthDatabase } from './tables';

/** What another node changed is known after this long at the latest. */
const believeMs = 5_000;

/** The person of a record that was just read, with the teams and covers of now. */
export class PeopleNow {
  readonly #database: AuthDatabase;
  readonly #roster: MemoryRoster;
  readonly #clock: Clock;

  constructor(database: AuthDatabase, roster: MemoryRoster, clock: Clock) {
    this.#database = database;
    this.#roster = roster;
    this.#clock = clock;
  }

  /** Reads the roster in turn with the changes, so that an older one never replaces a newer. */
  async refresh(): Promise<void> {
    await changePeople(this.#database, () => Promise.resolve());
  }

  /** Null for whoever is disabled. */
  async person(record: PersonRecord): Promise<Person | null> {
    if (record.disabledAt !== null) return null;
    if (this.#isBehind(record)) await this.refresh();
    const { id, name, email, role } = record;
    const known = this.#roster.person(id);
    return { id, name, email, role, teams: known?.teams ?? [], covers: known?.covers ?? [] };
  }

  #isBehind(record: PersonRecord): boolean {
    const known = this.#roster.person(record.id);
    return known?.role !== record.role || this.#clock.now() - this.#roster.readAt > believeMs;
  }
}
