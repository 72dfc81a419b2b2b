import type { Colleague } from '@/lib/domain/directory';
import type { PersonRef } from '@/lib/domain/event';
import type { AgentId, PersonId, TeamId } from '@/lib/domain/ids';
import type { Person } from '@/lib/domain/permission';
import type { Away, Cover, TeamRef, TeamRow } from '@/lib/domain/team';
import type { Clock } from '@/server/engine/ports/clock';
import type { Roster } from '@/server/engine/ports/roster';
import type { PersonRecord } from './person-record';
import { emptySnapshot, type RosterSnapshot, type RosterTeam, readSnapshot } from './roster-snapshot';
import { awayAt, mayAnswer, nextReturnAt, standInFor } from './stand-in';
import type { AuthTransaction, RosterReader } from './tables';

interface Parts {
  readonly clock: Clock;
  /** Called once for each person who is not as they were. */
  readonly changed: (id: PersonId) => void;
}

/** Timers take no more; a longer wait is waited for in parts. */
const longestWaitMs = 86_400_000;

/** The people who are enabled, as of a moment, good until the next absence ends. */
interface Present {
  readonly people: ReadonlyMap<PersonId, Person>;
  readonly untilAt: number | null;
}

/** Who is there, from memory: exact for every change made here, by time computed and not waited for. */
export class MemoryRoster implements Roster, RosterReader {
  readonly #parts: Parts;
  #snapshot: RosterSnapshot = emptySnapshot;
  #present: Present | null = null;
  /** How each person was when listeners last heard of them. */
  #told: ReadonlyMap<PersonId, string> = new Map();
  #readAt = Number.NEGATIVE_INFINITY;
  #cancelReturn: (() => void) | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async read(trx: AuthTransaction): Promise<() => void> {
    const snapshot = await readSnapshot(trx);
    return () => this.#put(snapshot);
  }

  doubt(): void {
    this.#readAt = Number.NEGATIVE_INFINITY;
  }

  /** When it was read from the database; before all time when a change since is in doubt. */
  get readAt(): number {
    return this.#readAt;
  }

  team(id: TeamId): TeamRef | null {
    const team = this.#snapshot.teams.get(id);
    return team === undefined ? null : { id, name: team.name };
  }

  isStaffed(id: TeamId): boolean {
    const now = this.#parts.clock.now();
    const members = this.#snapshot.teams.get(id)?.members ?? [];
    return members.some(
      (member) =>
        mayAnswer(this.#snapshot, member) &&
        (awayAt(this.#snapshot, member, now) === null || standInFor(this.#snapshot, member, now) !== null),
    );
  }

  person(id: PersonId): Person | null {
    return this.#now().people.get(id) ?? null;
  }

  isDisabled(id: PersonId): boolean {
    return (this.#snapshot.people.get(id)?.disabledAt ?? null) !== null;
  }

  people(): readonly Person[] {
    return [...this.#now().people.values()];
  }

  /** Also while that person is disabled: they may come back, and are still not to approve what their agent asks. */
  ownerOf(id: AgentId): (PersonRef & { readonly email: string }) | null {
    const owner = this.#snapshot.owners.get(id);
    const record = owner === undefined ? undefined : this.#snapshot.people.get(owner);
    return record === undefined ? null : { id: record.id, name: record.name, email: record.email };
  }

  awayOf(id: PersonId): Away | null {
    const away = awayAt(this.#snapshot, id, this.#parts.clock.now());
    if (away === null) return null;
    const delegate = away.delegate === null ? undefined : this.#snapshot.people.get(away.delegate);
    return {
      untilAt: away.untilAt,
      delegate: delegate === undefined ? null : { id: delegate.id, name: delegate.name },
    };
  }

  /** Their teams, disabled or not. */
  teamsOf(id: PersonId): readonly TeamId[] {
    return [...this.#snapshot.teams.values()].flatMap((team) => (team.members.includes(id) ? [team.id] : [])).sort();
  }

  teamRow(id: TeamId): TeamRow | null {
    const team = this.#snapshot.teams.get(id);
    return team === undefined ? null : this.#row(team);
  }

  teamRows(): readonly TeamRow[] {
    return [...this.#snapshot.teams.values()].map((team) => this.#row(team));
  }

  colleagues(): readonly Colleague[] {
    return this.people().map(({ id, name, role }) => ({ id, name, role, away: this.awayOf(id) }));
  }

  #row({ id, name, createdAt, members }: RosterTeam): TeamRow {
    const colleagues = members.flatMap((member) => this.person(member) ?? []);
    const shown = colleagues.map((member) => ({
      id: member.id,
      name: member.name,
      role: member.role,
      away: this.awayOf(member.id),
    }));
    return { id, name, createdAt, members: shown.sort((left, right) => left.name.localeCompare(right.name)) };
  }

  #put(snapshot: RosterSnapshot): void {
    this.#snapshot = snapshot;
    this.#present = null;
    this.#readAt = this.#parts.clock.now();
    this.#tell();
  }

  #now(): Present {
    const now = this.#parts.clock.now();
    const known = this.#present;
    if (known !== null && (known.untilAt === null || now < known.untilAt)) return known;
    const fresh = { people: peopleAt(this.#snapshot, now), untilAt: nextReturnAt(this.#snapshot, now) };
    this.#present = fresh;
    return fresh;
  }

  /** Tells of those who changed since the last time, and comes back when the next absence ends. */
  #tell(): void {
    const before = this.#told;
    const { people, untilAt } = this.#now();
    this.#told = new Map([...people].map(([id, person]) => [id, JSON.stringify([person, this.awayOf(id)])]));
    this.#cancelReturn?.();
    this.#cancelReturn = null;
    if (untilAt !== null) {
      const waitMs = Math.min(untilAt - this.#parts.clock.now(), longestWaitMs);
      this.#cancelReturn = this.#parts.clock.after(Math.max(waitMs, 1), () => this.#tell());
    }
    for (const [id, was] of before) if (this.#told.get(id) !== was) this.#parts.changed(id);
  }
}

function peopleAt(snapshot: RosterSnapshot, now: number): ReadonlyMap<PersonId, Person> {
  const teams = teamsByPerson(snapshot);
  const covers = new Map<PersonId, Cover[]>();
  for (const id of snapshot.away.keys()) {
    const person = snapshot.people.get(id);
    const standIn = standInFor(snapshot, id, now);
    if (person === undefined || standIn === null) continue;
    const cover = { person: { id, name: person.name }, teams: teams.get(id) ?? [] };
    covers.set(standIn, [...(covers.get(standIn) ?? []), cover]);
  }
  const enabled = [...snapshot.people.values()].filter((record) => record.disabledAt === null);
  return new Map(
    enabled.map((record) => [record.id, personNow(record, teams.get(record.id) ?? [], covers.get(record.id) ?? [])]),
  );
}

function personNow(record: PersonRecord, teams: readonly TeamId[], covers: readonly Cover[]): Person {
  const { id, name, email, role } = record;
  return { id, name, email, role, teams, covers: [...covers].sort((a, b) => (a.person.id < b.person.id ? -1 : 1)) };
}

function teamsByPerson({ teams }: RosterSnapshot): ReadonlyMap<PersonId, readonly TeamId[]> {
  const own = new Map<PersonId, TeamId[]>();
  for (const id of [...teams.keys()].sort())
    for (const member of teams.get(id)?.members ?? []) own.set(member, [...(own.get(member) ?? []), id]);
  return own;
}
